"""Two regions, their agents, databases and clocks, and a taker, in simulated time."""
