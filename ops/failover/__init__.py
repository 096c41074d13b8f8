"""`mlops failover`: the standby region becomes the primary.

`target` says what is to become of it, `checks` what must be so before anything is changed,
`steps` how it becomes so.
"""
