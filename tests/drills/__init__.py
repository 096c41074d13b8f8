"""Drills with a real PostgreSQL pair: two regions on one machine, and the network between them."""
