"""Two small stacks that are alike but for what a test changes."""

from __future__ import annotations

from typing import Any

from ops.parity.state import State, parse

ACCOUNT = "123456789012"


def told(environment: str) -> dict[str, Any]:
    """The outputs of a region's stack."""
    region, block = {"production": ("us-east-1", "10.0"), "dr": ("us-west-2", "10.1")}[environment]
    arn = f"arn:aws:kms:{region}:{ACCOUNT}:key/mrk-1"
    return {
        "environment": environment,
        "role": "primary" if environment == "production" else "standby",
        "account_id": ACCOUNT,
        "region": region,
        "prefix": f"mlops-platform-{environment}",
        "data_generation": 1,
        "network": {
            "vpc_id": f"vpc-{environment}",
            "cidr": f"{block}.0.0/16",
            "zones": [f"{region}a", f"{region}b"],
            "public_subnet_ids": [],
            "private_subnet_ids": [],
            "database_subnet_ids": [],
            "nat_addresses": [],
        },
        "keys": {"data": arn, "secrets": arn, "logs": arn},
        "buckets": {},
        "database": {
            "identifier": "db",
            "arn": "arn:db",
            "endpoint": "db.aws",
            "host": "postgres.internal",
            "security_group_id": "sg-1",
        },
        "file_system": {"id": "fs-1", "arn": "arn:fs", "access_point_ids": {}},
        "repositories": {},
        "cluster": {
            "name": "c", "arn": "arn:c", "version": "1.35", "endpoint": "https://c",
            "oidc_issuer": "i", "security_group_id": "sg-2", "node_role_arn": "arn:n",
            "instance_profile": "p", "node_groups": {}, "kubeconfig": "{}",
        },
        "workload_role_arns": {},
        "guardrails": {"alert_topic_arns": {}},
        "dns": {"domain": "example.com"},
    }  # fmt: skip


def urn(environment: str, type_: str, name: str) -> str:
    """As the engine writes one."""
    return f"urn:pulumi:{environment}::mlops-platform::{type_}::{name}"


def key(environment: str) -> dict[str, Any]:
    """A key with an ARN of its region."""
    arn = told(environment)["keys"]["data"]
    return {
        "urn": urn(environment, "aws:kms/key:Key", "keys-data"),
        "type": "aws:kms/key:Key",
        "id": f"mrk-{environment}-1",
        "inputs": {
            "tags": {"Environment": environment, "mlops:id": f"{len(environment):012x}:keys"}
        },
        "outputs": {"arn": f"{arn}-{environment}"},
    }


def bucket(environment: str, **inputs: Any) -> dict[str, Any]:
    """A bucket named after the stack, under its key."""
    encrypted = key(environment)["outputs"]["arn"]
    return {
        "urn": urn(environment, "aws:s3/bucket:Bucket", "buckets-models"),
        "type": "aws:s3/bucket:Bucket",
        "id": f"mlops-platform-{environment}-models",
        "inputs": {
            "bucket": f"mlops-platform-{environment}-models",
            "key": encrypted,
            "policy": f'{{"Statement": [{{"Sid": "Key", "Resource": "{encrypted}"}}]}}',
            **inputs,
        },
        "outputs": {},
        "propertyDependencies": {
            "key": [key(environment)["urn"]],
            "policy": [key(environment)["urn"]],
        },
    }


def document(environment: str, *resources: dict[str, Any]) -> dict[str, Any]:
    """An export with these resources under the stack."""
    root = {
        "urn": urn(environment, "pulumi:pulumi:Stack", f"mlops-platform-{environment}"),
        "type": "pulumi:pulumi:Stack",
        "outputs": told(environment),
    }
    return {"version": 3, "deployment": {"resources": [root, *resources]}}


def state(environment: str, *resources: dict[str, Any]) -> State:
    """The same, read."""
    return parse(document(environment, *resources), f"{environment}.json")
