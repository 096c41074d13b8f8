"""The fence."""
