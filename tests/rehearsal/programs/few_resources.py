"""A VPC with two subnets, a key, a role and a bucket, tagged as the platform tags."""

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


def tags(name: str) -> dict[str, str]:
    """What a killed deployment is found again by."""
    return {"Name": name, "mlops:id": f"0123456789ab:{name}"}


vpc = aws.ec2.Vpc("v", cidr_block="10.0.0.0/16", tags=tags("v"), opts=opts)
for zone, block in {"a": "10.0.0.0/20", "b": "10.0.16.0/20"}.items():
    aws.ec2.Subnet(
        f"s-{zone}",
        vpc_id=vpc.id,
        cidr_block=block,
        availability_zone=f"us-west-2{zone}",
        tags=tags(f"s-{zone}"),
        opts=opts,
    )
aws.kms.Key("k", tags=tags("k"), opts=opts)
aws.iam.Role("r", name="recovered", assume_role_policy=json.dumps(_TRUST), opts=opts)
aws.s3.Bucket("b", bucket="recovered-bucket", tags=tags("b"), opts=opts)
