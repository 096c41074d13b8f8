"""The EKS cluster, ready for nodes to join, and the Kubernetes provider that reaches it.

Built on pulumi-eks, with its drifting or generous defaults turned off: newest add-on versions,
a hidden administrator, its own security groups, self-managed add-ons beside the managed ones.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import cast

import pulumi
import pulumi_aws as aws
import pulumi_eks as eks
import pulumi_kubernetes as kubernetes
from pulumi import Input, ResourceOptions, ResourceTransformArgs, ResourceTransformResult

from components.base import Component, Site
from components.kubeconfig import kubeconfig
from components.permissions import Trust
from components.service_role import ServiceRole, ServiceRoleArgs
from components.workload_identity import WorkloadIdentity, WorkloadIdentityArgs

LOG_TYPES = ("api", "audit", "authenticator", "controllerManager", "scheduler")
ADMIN_POLICY = "arn:aws:eks::aws:cluster-access-policy/AmazonEKSClusterAdminPolicy"
CORE_ADDONS = ("vpc-cni", "kube-proxy", "eks-pod-identity-agent")
"""Add-ons that nodes need when they join; the others need nodes (`components/addons.py`)."""


@dataclass(frozen=True, kw_only=True)
class ClusterArgs:
    """Plain values decide the shape; inputs only flow through.

    Raises ValueError for fewer than two ways in, an endpoint open to the world, or a core
    add-on without a version.
    """

    kubernetes_version: str
    vpc_id: Input[str]
    subnet_ids: Input[Sequence[Input[str]]]
    """Private subnets, in at least two zones."""
    secrets_key_arn: Input[str]
    logs_key_arn: Input[str]
    log_retention_days: int
    admins: Mapping[str, Input[str]]
    """Name of the path → ARN of the role that becomes administrator; at least two, so that
    losing one (a deleted role, an identity provider that is down) does not lock everybody out."""
    addon_versions: Mapping[str, str]
    public_access_cidrs: Sequence[str] = ()
    """Who may reach the public endpoint; empty: the endpoint is private only."""
    service_cidr: str = "172.20.0.0/16"
    support_type: str = "EXTENDED"
    """`STANDARD` lets AWS upgrade a version at the end of its support, whether or not the
    platform is ready; `EXTENDED` charges for keeping it."""
    kubernetes_role_arn: str | None = None
    """Role that Pulumi takes to speak to Kubernetes; None: the credentials it runs with."""
    cni_configuration: Mapping[str, object] = field(default_factory=dict[str, object])

    def __post_init__(self) -> None:
        """Refuse what would lock everybody out or let everybody in."""
        if len(self.admins) < 2:
            raise ValueError(
                f"admins: {sorted(self.admins)}: at least two administrators are expected, so "
                "that losing one role locks nobody out; name a second role"
            )
        if any(cidr.endswith("/0") for cidr in self.public_access_cidrs):
            raise ValueError(
                f"public_access_cidrs: {list(self.public_access_cidrs)}: named networks are "
                "expected, not the whole world; list them, or leave it empty for a private endpoint"
            )
        missing = [addon for addon in CORE_ADDONS if addon not in self.addon_versions]
        if missing:
            raise ValueError(f"addon_versions: no version for {missing}; pin one for each")


class Cluster(Component):
    """Control plane, its log group and role, the add-ons nodes join with, and a provider."""

    cluster_name: pulumi.Output[str]
    """Known in a preview, and resolved only once the cluster accepts nodes and callers."""
    arn: pulumi.Output[str]
    endpoint: pulumi.Output[str]
    kubeconfig: pulumi.Output[str]
    security_group_id: pulumi.Output[str]
    """The group that EKS makes and puts on the control plane and on every node."""
    oidc_issuer: pulumi.Output[str]
    eks: eks.Cluster
    kubernetes: kubernetes.Provider
    before_nodes: Sequence[pulumi.Resource]
    """What must be there before a node joins, or its first pods start without an identity."""

    def __init__(
        self, name: str, args: ClusterArgs, site: Site, opts: ResourceOptions | None = None
    ) -> None:
        super().__init__(name, site, opts)
        self._physical = cluster_name(site)
        self._plain_arn = cluster_arn(site)
        self.eks = self._cluster(args, self._role(), self._log_group(args))
        self.cluster_name = self.eks.urn.apply(lambda _: self._physical)
        self.arn = self.eks.urn.apply(lambda _: self._plain_arn)
        self.security_group_id = self.eks.cluster_security_group_id
        self.oidc_issuer = self.eks.oidc_issuer
        self.endpoint = self.eks.kubeconfig_json.apply(lambda text: _reached(text)["server"])
        self.kubeconfig = self._kubeconfig(args)
        self.kubernetes = self._kubernetes()
        self.before_nodes = [self._pod_identity_agent(args), *self._cni_identity().associations]
        self.register_outputs(
            {
                "cluster_name": self.cluster_name,
                "arn": self.arn,
                "endpoint": self.endpoint,
                "security_group_id": self.security_group_id,
                "kubeconfig": self.kubeconfig,
            }
        )

    def _cluster(
        self, args: ClusterArgs, role: ServiceRole, log_group: aws.cloudwatch.LogGroup
    ) -> eks.Cluster:
        # EKS would make the log group itself, without retention and key: ours must come first.
        waits = ResourceOptions(
            depends_on=[log_group, *role.grants], transforms=[without_creator_admin]
        )
        return eks.Cluster(
            self.name,
            name=self._physical,
            version=args.kubernetes_version,
            upgrade_policy=aws.eks.ClusterUpgradePolicyArgs(support_type=args.support_type),
            vpc_id=args.vpc_id,
            private_subnet_ids=args.subnet_ids,
            kubernetes_service_ip_address_range=args.service_cidr,
            endpoint_private_access=True,
            endpoint_public_access=bool(args.public_access_cidrs),
            public_access_cidrs=list(args.public_access_cidrs) or None,
            authentication_mode=eks.AuthenticationMode.API,
            access_entries=self._access_entries(args),
            service_role=role.role,
            create_oidc_provider=False,
            encryption_config_key_arn=args.secrets_key_arn,
            enabled_cluster_log_types=list(LOG_TYPES),
            deletion_protection=self.site.protect_data,
            skip_default_node_group=True,
            skip_default_security_groups=True,
            bootstrap_self_managed_addons=False,
            vpc_cni_options=_cni_options(args),
            kube_proxy_addon_options=eks.KubeProxyAddonOptionsArgs(
                version=args.addon_versions["kube-proxy"]
            ),
            coredns_addon_options=eks.CoreDnsAddonOptionsArgs(enabled=False),
            tags=dict(self.site.tags),
            cluster_tags=self.tags("cluster", name=self._physical),
            opts=ResourceOptions.merge(self.options(), waits),
        )

    def _role(self) -> ServiceRole:
        args = ServiceRoleArgs(
            description="The control plane, acting on this account",
            trust=Trust(
                service="eks.amazonaws.com",
                actions=("sts:AssumeRole", "sts:TagSession"),
                conditions={
                    "StringEquals": {"aws:SourceAccount": self.site.account_id},
                    "ArnEquals": {"aws:SourceArn": self._plain_arn},
                },
            ),
            managed_policies=("AmazonEKSClusterPolicy",),
        )
        return ServiceRole(self.child("control-plane"), args, self.site, self.options())

    def _log_group(self, args: ClusterArgs) -> aws.cloudwatch.LogGroup:
        name = f"/aws/eks/{self._physical}/cluster"
        return aws.cloudwatch.LogGroup(
            self.child("logs"),
            name=name,
            retention_in_days=args.log_retention_days,
            kms_key_id=args.logs_key_arn,
            tags=self.tags("logs", name=name),
            opts=self.options(),
        )

    def _access_entries(self, args: ClusterArgs) -> dict[str, eks.AccessEntryArgs]:
        administrator = eks.AccessPolicyAssociationArgs(
            policy_arn=ADMIN_POLICY,
            access_scope=aws.eks.AccessPolicyAssociationAccessScopeArgs(type="cluster"),
        )
        return {
            path: eks.AccessEntryArgs(
                principal_arn=principal,
                access_policies={"admin": administrator},
                tags=self.tags(path),
            )
            for path, principal in args.admins.items()
        }

    def _pod_identity_agent(self, args: ClusterArgs) -> aws.eks.Addon:
        return aws.eks.Addon(
            self.child("eks-pod-identity-agent"),
            addon_name="eks-pod-identity-agent",
            addon_version=args.addon_versions["eks-pod-identity-agent"],
            cluster_name=self.cluster_name,
            resolve_conflicts_on_create="OVERWRITE",
            resolve_conflicts_on_update="OVERWRITE",
            tags=self.tags("eks-pod-identity-agent"),
            opts=self.options(),
        )

    def _cni_identity(self) -> WorkloadIdentity:
        """Rights to move network interfaces belong to the CNI's pods, not to every node."""
        args = WorkloadIdentityArgs(
            cluster_name=self.cluster_name,
            cluster_arn=self._plain_arn,
            namespace="kube-system",
            service_account="aws-node",
            managed_policies=("AmazonEKS_CNI_Policy",),
        )
        return WorkloadIdentity(self.child("vpc-cni"), args, self.site, self.options())

    def _kubeconfig(self, args: ClusterArgs) -> pulumi.Output[str]:
        def ours(text: str) -> str:
            return kubeconfig(
                name=self._physical,
                region=self.site.region,
                endpoint=_reached(text)["server"],
                certificate=_reached(text)["certificate-authority-data"],
                role_arn=args.kubernetes_role_arn,
            )

        return self.eks.kubeconfig_json.apply(ours)

    def _kubernetes(self) -> kubernetes.Provider:
        # With an identifier of its own the provider is replaced only with the cluster: an
        # edited kubeconfig would otherwise replace every object in it. A teardown must not
        # hang on objects of a cluster that is already gone.
        return kubernetes.Provider(
            self.child("kubernetes"),
            kubeconfig=self.kubeconfig,
            cluster_identifier=self._plain_arn,
            delete_unreachable=not self.site.protect_data,
            opts=self.options(depends_on=[self.eks]),
        )


def cluster_name(site: Site) -> str:
    """Physical name of the site's cluster: the prefix itself, as the runbooks call it."""
    return site.prefix


def cluster_arn(site: Site) -> str:
    """ARN of the site's cluster, known before it exists (trust policies name it)."""
    return f"arn:aws:eks:{site.region}:{site.account_id}:cluster/{cluster_name(site)}"


def without_creator_admin(args: ResourceTransformArgs) -> ResourceTransformResult | None:
    """Whoever happens to create the cluster does not become its administrator.

    pulumi-eks hard-codes the opposite; administrators are the access entries and nobody else.
    """
    if args.type_ != "aws:eks/cluster:Cluster":
        return None
    access = cast("Mapping[str, object]", args.props["accessConfig"])
    ours = {**access, "bootstrapClusterCreatorAdminPermissions": False}
    return ResourceTransformResult(props={**args.props, "accessConfig": ours}, opts=args.opts)


def _cni_options(args: ClusterArgs) -> eks.VpcCniOptionsArgs:
    return eks.VpcCniOptionsArgs(
        addon_version=args.addon_versions["vpc-cni"],
        enable_network_policy=True,
        log_level="INFO",
        configuration_values=dict(args.cni_configuration) or None,
    )


def _reached(kubeconfig_json: str) -> dict[str, str]:
    """Server and certificate of the only cluster in a kubeconfig."""
    return json.loads(kubeconfig_json)["clusters"][0]["cluster"]
