"""Runbooks and the mlops command."""
