"""What an organisation provides before a stack is deployed: the permissions boundary, the roles of
the administrators and the quota of GPU nodes, as the stack files name them (README,
prerequisites)."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from typing import Any

from catalog.gpu import FAMILIES
from rehearsal.scenario.account import Account

_REGION = "us-east-1"
"""IAM has one endpoint for all regions; its calls are signed for this one."""


def prepare(account: Account, settings: Iterable[Mapping[str, Any]]) -> None:
    """Make the boundary policies, administrators' roles and quotas that `settings` refer to."""
    files = list(settings)
    wanted = [one["identity"] for one in files]
    iam = account.client("iam", _REGION)
    for arn in sorted({one["permissions_boundary"] for one in wanted} - {None}):
        _boundary(iam, arn)
    for arn in sorted({arn for one in wanted for arn in one.get("admins", {}).values()}):
        _administrator(iam, arn, account.id)
    for one in files:
        if one.get("gpu"):
            _gpu_quota(account.client("service-quotas", one["region"]), one["gpu"])


def _gpu_quota(quotas: Any, gpu: Mapping[str, Any]) -> None:
    """Ask for as many vCPUs as the stack file counts on."""
    named = {"ServiceCode": "ec2", "QuotaCode": FAMILIES[gpu["family"]].quota_code}
    allowed, wanted = quotas.get_service_quota(**named)["Quota"]["Value"], gpu["quota_vcpus"]
    if allowed < wanted:
        quotas.request_service_quota_increase(**named, DesiredValue=float(wanted))


def _boundary(iam: Any, arn: str) -> None:
    """A boundary like the README's: everything but leaving the boundary."""
    path, name = _path_and_name(arn)
    allowed = {"Effect": "Allow", "Action": "*", "Resource": "*"}
    kept = {"Effect": "Deny", "Action": "iam:DeleteRolePermissionsBoundary", "Resource": "*"}
    iam.create_policy(PolicyName=name, Path=path, PolicyDocument=_document([allowed, kept]))


def _administrator(iam: Any, arn: str, account_id: str) -> None:
    path, name = _path_and_name(arn)
    principal = {"AWS": f"arn:aws:iam::{account_id}:root"}
    trust = {"Effect": "Allow", "Principal": principal, "Action": "sts:AssumeRole"}
    iam.create_role(RoleName=name, Path=path, AssumeRolePolicyDocument=_document([trust]))


def _path_and_name(arn: str) -> tuple[str, str]:
    """`…:policy/some/path/name` as `/some/path/` and `name`."""
    _, _, rest = arn.partition("/")
    path, slash, name = rest.rpartition("/")
    return f"/{path}{slash}", name


def _document(statements: list[dict[str, Any]]) -> str:
    return json.dumps({"Version": "2012-10-17", "Statement": statements})
