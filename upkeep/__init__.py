"""Keeps the repository in order: what `make check` and `make docs` run."""
