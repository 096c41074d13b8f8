"""Planted: a subnet in a zone of another region."""

import pulumi
import pulumi_aws as aws

provider = aws.Provider("aws", region="us-east-1")
opts = pulumi.ResourceOptions(provider=provider)
vpc = aws.ec2.Vpc("vpc", cidr_block="10.0.0.0/16", opts=opts)
aws.ec2.Subnet(
    "stray", vpc_id=vpc.id, cidr_block="10.0.0.0/20", availability_zone="us-west-2a", opts=opts
)
