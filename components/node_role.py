"""The role that every node runs as, with no more than a node needs, and its instance profile.

Network interfaces are the CNI's business (`components/cluster.py` gives its pods a role), volumes
the storage drivers'; a node itself only joins, pulls images and hands out pod identities.
"""

from __future__ import annotations

import pulumi
import pulumi_aws as aws
from pulumi import ResourceOptions

from components.base import Component, Site
from components.permissions import Trust
from components.service_role import ServiceRole, ServiceRoleArgs

NODE_POLICIES = ("AmazonEKSWorkerNodePolicy", "AmazonEC2ContainerRegistryPullOnly")


class NodeRole(Component):
    """One role for all node pools. Karpenter takes the instance profile: it may then use a
    profile, but make none."""

    arn: pulumi.Output[str]
    instance_profile: pulumi.Output[str]
    """Name of the instance profile."""

    def __init__(self, name: str, site: Site, opts: ResourceOptions | None = None) -> None:
        super().__init__(name, site, opts)
        role = self._role()
        self.arn = role.arn
        self.instance_profile = self._instance_profile(role).name
        self.register_outputs({"arn": self.arn, "instance_profile": self.instance_profile})

    def _role(self) -> ServiceRole:
        args = ServiceRoleArgs(
            description="Nodes of the cluster",
            trust=Trust(service="ec2.amazonaws.com"),
            managed_policies=NODE_POLICIES,
        )
        return ServiceRole(self.name, args, self.site, self.options())

    def _instance_profile(self, role: ServiceRole) -> aws.iam.InstanceProfile:
        name = self.site.name(self.name)
        return aws.iam.InstanceProfile(
            self.child("profile"),
            name=name,
            path=self.site.role_path,
            role=role.role.name,
            tags=self.tags("profile", name=name),
            opts=self.options(),
        )
