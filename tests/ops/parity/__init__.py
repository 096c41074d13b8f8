"""Tests of what compares two regions."""
