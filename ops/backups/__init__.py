"""Backups: whether they are there and whole, and how they are begun and brought back."""
