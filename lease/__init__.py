"""The fence between two regions: of the two, at most one may write to PostgreSQL.

`protocol` holds the record, its changes and the safety argument; `agent` is what runs in each
region's cluster. Imports nothing of ours.
"""
