"""Planted: a resource type that the simulated cloud does not know."""

import pulumi
import pulumi_aws as aws

provider = aws.Provider("aws", region="us-east-1")
aws.gamelift.Alias(
    "alias",
    routing_strategy={"type": "TERMINAL", "message": "closed"},
    opts=pulumi.ResourceOptions(provider=provider),
)
