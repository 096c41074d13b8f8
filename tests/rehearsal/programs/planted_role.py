"""Planted: a standby's deployment that makes a role, which takes a control plane in us-east-1."""

import json

import pulumi
import pulumi_aws as aws

_TRUST = {
    "Version": "2012-10-17",
    "Statement": [
        {
            "Effect": "Allow",
            "Principal": {"Service": "ec2.amazonaws.com"},
            "Action": "sts:AssumeRole",
        }
    ],
}

provider = aws.Provider("aws", region="us-west-2")
opts = pulumi.ResourceOptions(provider=provider)
aws.ec2.Vpc("v", cidr_block="10.0.0.0/16", opts=opts)
aws.iam.Role("planted", name="planted", assume_role_policy=json.dumps(_TRUST), opts=opts)
pulumi.export("role", "primary")
