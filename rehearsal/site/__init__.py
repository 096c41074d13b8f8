"""What is around the simulated account in a drill: its clock, its public names, what answers behind
its balancers, and its clusters' API. `server` puts it on the loopback interface."""
