"""Customer keys: one multi-region key per purpose, made here, replicated here, or adopted.

Below everything that stores something. A second region passes the primaries' ARNs and gets
replicas with the same key material, so that what is copied there can be read while the first
region is lost.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import pulumi
import pulumi_aws as aws
from pulumi import Input, ResourceOptions

from components.base import Component, Site
from components.key_policies import PURPOSES, Purpose, key_policy
from components.ownership import Mode

MAX_WINDOW_DAYS = 30
AUTO_SCALING = "autoscaling.amazonaws.com"


@dataclass(frozen=True, kw_only=True)
class KeysArgs:
    """How the keys come to be; every mapping must name each purpose.

    Raises ValueError where a purpose is missing, or keys are both adopted and replicated.
    """

    adopted: Mapping[Purpose, str] | None = None
    """Purpose → ARN of a key that the organisation already has; its policy stays its owner's,
    and Auto Scaling's grant is all that is added."""
    replica_of: Mapping[Purpose, Input[str]] | None = None
    """Purpose → ARN of the primary key in another region."""
    deletion_window_days: int = MAX_WINDOW_DAYS
    """Days in which a deleted key can be brought back; 7 to 30."""
    auto_scaling_role: Mode = "adopt"
    """Auto Scaling starts nodes by its service-linked role, which needs a grant on the data
    key. There is one per account and AWS makes it with the first group: `create` where there
    has never been one, `adopt` where it exists, `off` where no node volume uses the key."""

    def __post_init__(self) -> None:
        """A missing key would only be noticed when something is stored without one."""
        if self.adopted is not None and self.replica_of is not None:
            raise ValueError("adopted, replica_of: expected at most one; keys are either")
        for field, given in (("adopted", self.adopted), ("replica_of", self.replica_of)):
            missing = [
                purpose for purpose in PURPOSES if given is not None and purpose not in given
            ]
            if missing:
                raise ValueError(f"{field}: no key for {missing}; name one for each purpose")


class Keys(Component):
    """ARNs of the keys by purpose."""

    data: pulumi.Output[str]
    """Buckets, databases, volumes, file systems, images. Known once Auto Scaling may use it."""
    secrets: pulumi.Output[str]
    """Secrets Manager, and Kubernetes' secrets."""
    logs: pulumi.Output[str]
    """Log groups, the audit trail, alert topics."""

    def __init__(
        self, name: str, args: KeysArgs, site: Site, opts: ResourceOptions | None = None
    ) -> None:
        super().__init__(name, site, opts)
        arns = {purpose: self._arn(args, purpose) for purpose in PURPOSES}
        self.data = self._granted(args, arns["data"])
        self.secrets = arns["secrets"]
        self.logs = arns["logs"]
        self.register_outputs({"data": self.data, "secrets": self.secrets, "logs": self.logs})

    def _arn(self, args: KeysArgs, purpose: Purpose) -> pulumi.Output[str]:
        if args.adopted is not None:
            existing = args.adopted[purpose]
            return aws.kms.Key.get(self.child(purpose), existing, opts=self.options()).arn
        if args.replica_of is not None:
            replica = self._replica(args, purpose, args.replica_of[purpose])
            self._alias(purpose, replica.key_id)
            return replica.arn
        key = self._key(args, purpose)
        self._alias(purpose, key.key_id)
        return key.arn

    def _key(self, args: KeysArgs, purpose: Purpose) -> aws.kms.Key:
        return aws.kms.Key(
            self.child(purpose),
            description=f"{self.site.prefix}: {purpose}",
            multi_region=True,
            enable_key_rotation=True,
            deletion_window_in_days=args.deletion_window_days,
            policy=key_policy(self.site, purpose),
            tags=self.tags(purpose, name=self.site.name(purpose)),
            opts=self.holds_data(),
        )

    def _replica(
        self, args: KeysArgs, purpose: Purpose, primary_arn: Input[str]
    ) -> aws.kms.ReplicaKey:
        # Rotation is the primary's: a replica shares its key material.
        return aws.kms.ReplicaKey(
            self.child(purpose),
            description=f"{self.site.prefix}: {purpose}, replica",
            primary_key_arn=primary_arn,
            deletion_window_in_days=args.deletion_window_days,
            policy=key_policy(self.site, purpose),
            tags=self.tags(purpose, name=self.site.name(purpose)),
            opts=self.holds_data(),
        )

    def _alias(self, purpose: Purpose, key_id: Input[str]) -> aws.kms.Alias:
        return aws.kms.Alias(
            self.child(f"{purpose}-alias"),
            name=f"alias/{self.site.name(purpose)}",
            target_key_id=key_id,
            opts=self.options(),
        )

    def _granted(self, args: KeysArgs, arn: pulumi.Output[str]) -> pulumi.Output[str]:
        if args.auto_scaling_role == "off":
            return arn
        grant = self._auto_scaling_grant(args, arn)
        # A group that starts before the grant fails with "client error on launch".
        return pulumi.Output.all(arn, grant.id).apply(lambda known: str(known[0]))

    def _auto_scaling_grant(self, args: KeysArgs, arn: pulumi.Output[str]) -> aws.kms.Grant:
        return aws.kms.Grant(
            self.child("auto-scaling-grant"),
            name=self.site.name("auto-scaling"),
            key_id=arn,
            grantee_principal=self._auto_scaling_role(args),
            operations=[
                "CreateGrant",
                "Decrypt",
                "DescribeKey",
                "Encrypt",
                "GenerateDataKey",
                "GenerateDataKeyWithoutPlaintext",
                "ReEncryptFrom",
                "ReEncryptTo",
            ],
            opts=self.options(),
        )

    def _auto_scaling_role(self, args: KeysArgs) -> Input[str]:
        if args.auto_scaling_role == "create":
            role = aws.iam.ServiceLinkedRole(
                self.child("auto-scaling-role"),
                aws_service_name=AUTO_SCALING,
                tags=self.tags("auto-scaling-role", name="AWSServiceRoleForAutoScaling"),
                opts=self.options(),
            )
            return role.arn
        path = f"aws-service-role/{AUTO_SCALING}/AWSServiceRoleForAutoScaling"
        return f"arn:aws:iam::{self.site.account_id}:role/{path}"
