"""What `make setup` runs: makes a fresh machine ready for everything else in the Makefile.

Runs on a bare Python, before anything is installed, so it imports the standard library only.
"""
