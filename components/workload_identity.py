"""The AWS identity of one Kubernetes service account, by EKS Pod Identity.

The role trusts the Pod Identity service only for this cluster, namespace and service account.
Source: EKS user guide, "EKS Pod Identity role trust policy".
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import pulumi
import pulumi_aws as aws
from pulumi import Input, ResourceOptions

from components.base import Component, Site
from components.permissions import Statement, Trust
from components.service_role import ServiceRole, ServiceRoleArgs

POD_IDENTITY_SERVICE = "pods.eks.amazonaws.com"
POD_IDENTITY_ACTIONS = ("sts:AssumeRole", "sts:TagSession")


@dataclass(frozen=True, kw_only=True)
class WorkloadIdentityArgs:
    """`cluster_arn` is plain or flows through; statements are what the workload may do."""

    cluster_name: Input[str]
    cluster_arn: Input[str]
    namespace: str
    service_account: str
    statements: Sequence[Statement] = ()
    managed_policies: Sequence[str] = ()
    also: Sequence[str] = ()
    """Other service accounts of the namespace whose pods get the same role."""
    tags: Mapping[str, str] = field(default_factory=dict[str, str])
    """On the role and its associations, over the site's."""


class WorkloadIdentity(Component):
    """A least-privilege role, and the associations that give it to service accounts' pods."""

    role_arn: pulumi.Output[str]
    associations: Sequence[aws.eks.PodIdentityAssociation]

    def __init__(
        self, name: str, args: WorkloadIdentityArgs, site: Site, opts: ResourceOptions | None = None
    ) -> None:
        super().__init__(name, site, opts)
        self.role_arn = self._role(args).arn
        self.associations = [
            self._association(args, args.service_account, "association"),
            *(self._association(args, one, f"{one}-association") for one in args.also),
        ]
        self.register_outputs({"role_arn": self.role_arn})

    def _role(self, args: WorkloadIdentityArgs) -> ServiceRole:
        accounts = (args.service_account, *args.also)
        named = " and ".join(f"{args.namespace}/{one}" for one in accounts)
        role = ServiceRoleArgs(
            description=f"Pods of the service account {named}",
            trust=pod_identity_trust(self.site, args.cluster_arn, args.namespace, *accounts),
            tags=args.tags,
            statements=args.statements,
            managed_policies=args.managed_policies,
        )
        return ServiceRole(self.name, role, self.site, self.options())

    def _association(
        self, args: WorkloadIdentityArgs, account: str, part: str
    ) -> aws.eks.PodIdentityAssociation:
        return aws.eks.PodIdentityAssociation(
            self.child(part),
            cluster_name=args.cluster_name,
            namespace=args.namespace,
            service_account=account,
            role_arn=self.role_arn,
            tags=self.tags(part, args.tags),
            opts=self.options(),
        )


def pod_identity_trust(
    site: Site, cluster_arn: Input[str], namespace: str, *service_accounts: str
) -> Trust:
    """Trust in Pod Identity for service accounts of one namespace of one cluster of this
    account."""
    accounts = service_accounts[0] if len(service_accounts) == 1 else list(service_accounts)
    return Trust(
        service=POD_IDENTITY_SERVICE,
        actions=POD_IDENTITY_ACTIONS,
        conditions={
            "StringEquals": {
                "aws:SourceAccount": site.account_id,
                "aws:RequestTag/kubernetes-namespace": namespace,
                "aws:RequestTag/kubernetes-service-account": accounts,
            },
            "ArnEquals": {"aws:SourceArn": cluster_arn},
        },
    )
