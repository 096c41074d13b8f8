"""Planted: a database of an instance class that nobody sells."""

import pulumi
import pulumi_aws as aws

provider = aws.Provider("aws", region="us-east-1")
opts = pulumi.ResourceOptions(provider=provider)
aws.rds.Instance(
    "database",
    identifier="invented",
    instance_class="db.r5.huge",
    engine="postgres",
    engine_version="17.6",
    allocated_storage=100,
    username="mlops",
    password="not-a-real-password",
    skip_final_snapshot=True,
    opts=opts,
)
