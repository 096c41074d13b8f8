"""EKS add-ons that need nodes: DNS, storage drivers, snapshots, metrics.

The add-ons that nodes need to join are part of `components/cluster.py`. Every version is pinned
by the catalogue, fitting the cluster's; drivers get roles by Pod Identity.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import pulumi
import pulumi_aws as aws
from pulumi import Input, ResourceOptions

from components.base import Component, Site
from components.permissions import Statement
from components.service_role import ServiceRole, ServiceRoleArgs
from components.workload_identity import pod_identity_trust

ADDONS = (
    "coredns",
    "aws-ebs-csi-driver",
    "aws-efs-csi-driver",
    "snapshot-controller",
    "metrics-server",
)
GRANT_ACTIONS = ("kms:CreateGrant", "kms:ListGrants", "kms:RevokeGrant")
USE_ACTIONS = (
    "kms:Encrypt",
    "kms:Decrypt",
    "kms:ReEncrypt*",
    "kms:GenerateDataKey*",
    "kms:DescribeKey",
)


@dataclass(frozen=True, kw_only=True)
class AddonsArgs:
    """Plain values decide the shape; inputs only flow through. Raises ValueError for an
    add-on without a version."""

    cluster_name: Input[str]
    cluster_arn: Input[str]
    versions: Mapping[str, str]
    """Add-on → version, at least one for each of `ADDONS`."""
    volumes_key_arn: Input[str]
    """The key that volumes of pods are encrypted with."""
    nodes: Sequence[pulumi.Resource]
    """The node groups that carry the add-ons: without nodes an add-on ends as degraded."""

    def __post_init__(self) -> None:
        """An add-on without a version would take the newest, and drift."""
        missing = [addon for addon in ADDONS if addon not in self.versions]
        if missing:
            raise ValueError(f"versions: none for {missing}; pin one for each")


class Addons(Component):
    """The add-ons, each with its role where it calls AWS."""

    ready: Sequence[aws.eks.Addon]

    def __init__(
        self, name: str, args: AddonsArgs, site: Site, opts: ResourceOptions | None = None
    ) -> None:
        super().__init__(name, site, opts)
        drivers = (_ebs_driver(args.volumes_key_arn), _efs_driver())
        roles = {driver.addon: self._association(driver, args) for driver in drivers}
        self.ready = [self._addon(addon, args, roles.get(addon)) for addon in ADDONS]
        self.register_outputs({"versions": {addon: args.versions[addon] for addon in ADDONS}})

    def _addon(
        self,
        addon: str,
        args: AddonsArgs,
        association: aws.eks.AddonPodIdentityAssociationArgs | None,
    ) -> aws.eks.Addon:
        configuration = self._configuration(addon)
        return aws.eks.Addon(
            self.child(addon),
            addon_name=addon,
            addon_version=args.versions[addon],
            cluster_name=args.cluster_name,
            configuration_values=json.dumps(configuration) if configuration else None,
            pod_identity_associations=[association] if association else None,
            # Nobody else's hand is on an add-on at birth; what an operator tuned later stays.
            resolve_conflicts_on_create="OVERWRITE",
            resolve_conflicts_on_update="PRESERVE",
            tags=self.tags(addon),
            opts=self.options(depends_on=list(args.nodes)),
        )

    def _configuration(self, addon: str) -> Mapping[str, object]:
        """What differs from the add-on's defaults; volumes that it makes carry the site's tags."""
        configurations: Mapping[str, Mapping[str, object]] = {
            "coredns": {"autoScaling": {"enabled": True, "minReplicas": 2, "maxReplicas": 10}},
            "aws-ebs-csi-driver": {"controller": {"extraVolumeTags": dict(self.site.tags)}},
            "aws-efs-csi-driver": {"controller": {"tags": dict(self.site.tags)}},
            "metrics-server": {"replicas": 2},
        }
        return configurations.get(addon, {})

    def _association(
        self, driver: Driver, args: AddonsArgs
    ) -> aws.eks.AddonPodIdentityAssociationArgs:
        """The role of a storage driver's controller, trusted to its service account only."""
        role = ServiceRoleArgs(
            description=f"The controller of {driver.addon}",
            trust=pod_identity_trust(
                self.site, args.cluster_arn, "kube-system", driver.service_account
            ),
            managed_policies=(driver.managed_policy,),
            statements=driver.statements,
        )
        arn = ServiceRole(self.child(driver.addon), role, self.site, self.options()).arn
        return aws.eks.AddonPodIdentityAssociationArgs(
            role_arn=arn, service_account=driver.service_account
        )


@dataclass(frozen=True, kw_only=True)
class Driver:
    """A storage driver: which service account its controller runs as, and what that may do."""

    addon: str
    service_account: str
    managed_policy: str
    statements: Sequence[Statement] = ()


def _efs_driver() -> Driver:
    return Driver(
        addon="aws-efs-csi-driver",
        service_account="efs-csi-controller-sa",
        managed_policy="service-role/AmazonEFSCSIDriverPolicy",
    )


def _ebs_driver(key_arn: Input[str]) -> Driver:
    """The managed policy covers volumes, not the customer key they are encrypted with.
    Source: EKS user guide, Amazon EBS CSI driver, encryption."""
    return Driver(
        addon="aws-ebs-csi-driver",
        service_account="ebs-csi-controller-sa",
        managed_policy="service-role/AmazonEBSCSIDriverPolicy",
        statements=(
            Statement(
                sid="GrantTheVolumesKeyToEc2",
                actions=GRANT_ACTIONS,
                resources=[key_arn],
                conditions={"Bool": {"kms:GrantIsForAWSResource": "true"}},
            ),
            Statement(sid="UseTheVolumesKey", actions=USE_ACTIONS, resources=[key_arn]),
        ),
    )
