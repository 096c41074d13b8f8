"""`mlops failback`: the platform returns to the production stack's region, and loses no row.

`target` says what both regions become, `checks` what must be so before anything is changed,
`copies` how a database is replaced by a replica of the other region's, `files` how the shared file
system is copied the other way, `steps` the whole in its order, `abort` the way back from it.
"""
