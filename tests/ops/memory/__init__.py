"""A platform of two regions that lives in memory: what runbooks are tried on."""
