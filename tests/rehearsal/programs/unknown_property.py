"""Planted: a property that the simulated provider would have to drop."""

import pulumi
import pulumi_aws as aws

provider = aws.Provider("aws", region="us-east-1")
aws.ec2.Vpc(
    "vpc",
    cidr_block="10.0.0.0/16",
    ipv4_netmask_length=16,
    opts=pulumi.ResourceOptions(provider=provider),
)
