"""The simulated `random` provider: passwords, made once and then kept in the state."""
