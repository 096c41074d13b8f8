"""Upkeep, tried on small trees of files."""
