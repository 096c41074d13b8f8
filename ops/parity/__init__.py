"""Whether a standby is what it stands in for: two stacks' resource graphs, side by side.

`state` reads exports, `neutral` takes out what must differ (regions, names, addresses, IDs),
`difference` compares the rest, `allowed` knows which differences are meant, and why.
"""
