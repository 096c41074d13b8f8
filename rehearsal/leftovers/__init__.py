"""What is in the simulated account, and what a teardown is allowed to leave there."""
