"""The AWS identity of one Kubernetes service account, by EKS Pod Identity.

The role trusts the Pod Identity service only for this cluster, namespace and service account.
Source: EKS user guide, "EKS Pod Identity role trust policy".
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

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


class WorkloadIdentity(Component):
    """A least-privilege role, and the association that gives it to a service account's pods."""

    role_arn: pulumi.Output[str]
    association: aws.eks.PodIdentityAssociation

    def __init__(
        self, name: str, args: WorkloadIdentityArgs, site: Site, opts: ResourceOptions | None = None
    ) -> None:
        super().__init__(name, site, opts)
        self.role_arn = self._role(args).arn
        self.association = self._association(args)
        self.register_outputs({"role_arn": self.role_arn})

    def _role(self, args: WorkloadIdentityArgs) -> ServiceRole:
        account = f"{args.namespace}/{args.service_account}"
        role = ServiceRoleArgs(
            description=f"Pods of the service account {account}",
            trust=pod_identity_trust(
                self.site, args.cluster_arn, args.namespace, args.service_account
            ),
            statements=args.statements,
            managed_policies=args.managed_policies,
        )
        return ServiceRole(self.name, role, self.site, self.options())

    def _association(self, args: WorkloadIdentityArgs) -> aws.eks.PodIdentityAssociation:
        return aws.eks.PodIdentityAssociation(
            self.child("association"),
            cluster_name=args.cluster_name,
            namespace=args.namespace,
            service_account=args.service_account,
            role_arn=self.role_arn,
            tags=self.tags("association"),
            opts=self.options(),
        )


def pod_identity_trust(
    site: Site, cluster_arn: Input[str], namespace: str, service_account: str
) -> Trust:
    """Trust in Pod Identity for one service account of one cluster of this account."""
    return Trust(
        service=POD_IDENTITY_SERVICE,
        actions=POD_IDENTITY_ACTIONS,
        conditions={
            "StringEquals": {
                "aws:SourceAccount": site.account_id,
                "aws:RequestTag/kubernetes-namespace": namespace,
                "aws:RequestTag/kubernetes-service-account": service_account,
            },
            "ArnEquals": {"aws:SourceArn": cluster_arn},
        },
    )
