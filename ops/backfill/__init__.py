"""What was there before the copying between regions began."""
