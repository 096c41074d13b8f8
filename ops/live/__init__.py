"""The real world: the only importers of boto3, kubernetes and Pulumi's automation API.

Each module implements one noun of `ops/world/`.
"""
