"""How an instance of a node pool is launched: metadata service, disk, tags.

Ours, because pulumi-eks' own template lets pods reach the instance's credentials (hop limit 2).
It names no security group, so that EKS puts the cluster's on the instance, and no key pair.
"""

from __future__ import annotations

import base64
from dataclasses import dataclass

import pulumi
import pulumi_aws as aws
from pulumi import Input, ResourceOptions

from catalog.node_images import disks, family_of
from components.base import Component, Site

METADATA_HOP_LIMIT = 1
"""The instance itself and no container behind it; pods have identities of their own."""


@dataclass(frozen=True, kw_only=True)
class LaunchTemplateArgs:
    """`generation` is part of the physical name, as AWS replaces create-before-delete."""

    pool: str
    generation: int
    ami_type: str
    disk_gib: int
    volume_key_arn: Input[str]
    user_data: str | None = None
    """Settings for the image, in its own format; EKS adds what a node needs to join."""


class LaunchTemplate(Component):
    """A launch template, changed by new versions and replaced only with its generation."""

    template_id: pulumi.Output[str]
    latest_version: pulumi.Output[str]

    def __init__(
        self, name: str, args: LaunchTemplateArgs, site: Site, opts: ResourceOptions | None = None
    ) -> None:
        super().__init__(name, site, opts)
        template = self._template(args)
        self.template_id = template.id
        self.latest_version = template.latest_version.apply(str)
        self.register_outputs({"template_id": self.template_id})

    def _template(self, args: LaunchTemplateArgs) -> aws.ec2.LaunchTemplate:
        name = self.site.name(f"{args.pool}-g{args.generation}")
        return aws.ec2.LaunchTemplate(
            self.child("template"),
            name=name,
            description=f"Nodes of the pool {args.pool}",
            update_default_version=True,
            metadata_options=aws.ec2.LaunchTemplateMetadataOptionsArgs(
                http_endpoint="enabled",
                http_tokens="required",
                http_put_response_hop_limit=METADATA_HOP_LIMIT,
                instance_metadata_tags="disabled",
            ),
            block_device_mappings=[
                self._disk(device, gib, args)
                for device, gib in disks(family_of(args.ami_type), args.disk_gib).items()
            ],
            user_data=_encoded(args.user_data),
            tag_specifications=self._tag_specifications(args),
            tags=self.tags("template", name=name),
            opts=self.options(),
        )

    def _disk(
        self, device: str, gib: int, args: LaunchTemplateArgs
    ) -> aws.ec2.LaunchTemplateBlockDeviceMappingArgs:
        return aws.ec2.LaunchTemplateBlockDeviceMappingArgs(
            device_name=device,
            ebs=aws.ec2.LaunchTemplateBlockDeviceMappingEbsArgs(
                volume_type="gp3",
                volume_size=gib,
                encrypted="true",
                kms_key_id=args.volume_key_arn,
                delete_on_termination="true",
            ),
        )

    def _tag_specifications(
        self, args: LaunchTemplateArgs
    ) -> list[aws.ec2.LaunchTemplateTagSpecificationArgs]:
        name = self.site.name(f"{args.pool}-node")
        tags = {**self.site.tags, "Name": name, "mlops:pool": args.pool}
        return [
            aws.ec2.LaunchTemplateTagSpecificationArgs(resource_type=resource, tags=tags)
            for resource in ("instance", "volume")
        ]


def _encoded(user_data: str | None) -> str | None:
    return base64.b64encode(user_data.encode()).decode() if user_data else None
