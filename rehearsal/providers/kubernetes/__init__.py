"""The simulated `kubernetes` provider: objects of simulated clusters, held to the schemas of
the cluster's own version."""
