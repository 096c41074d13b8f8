"""Setup, tried against a machine that exists only in memory; no network, nothing installed."""
