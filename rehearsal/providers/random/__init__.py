"""The simulated `random` provider: values made once, kept in the state, and made anew only
when what they are made of changes."""
