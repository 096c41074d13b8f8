"""Runs the real Pulumi engine against the simulated cloud, as a user would from a shell."""
