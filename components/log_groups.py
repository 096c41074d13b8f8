"""CloudWatch log groups that the log collector in the cluster writes to.

Declared, so that key and retention are set before the first line, and the collector may make none.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import pulumi
import pulumi_aws as aws
from pulumi import Input, ResourceOptions

from components.base import Component, Site


@dataclass(frozen=True, kw_only=True)
class LogGroupsArgs:
    """`streams` are last parts of group names, such as `applications`."""

    streams: Sequence[str]
    key_arn: Input[str]
    retention_days: int


class LogGroups(Component):
    """One group per stream: `/aws/eks/<prefix>/<stream>`."""

    names: Mapping[str, str]
    arns: Mapping[str, pulumi.Output[str]]
    ready: Sequence[pulumi.Resource]

    def __init__(
        self, name: str, args: LogGroupsArgs, site: Site, opts: ResourceOptions | None = None
    ) -> None:
        super().__init__(name, site, opts)
        groups = {stream: self._group(stream, args) for stream in args.streams}
        self.names = {stream: group_name(site, stream) for stream in args.streams}
        self.arns = {stream: group.arn for stream, group in groups.items()}
        self.ready = list(groups.values())
        self.register_outputs({"names": self.names})

    def _group(self, stream: str, args: LogGroupsArgs) -> aws.cloudwatch.LogGroup:
        name = group_name(self.site, stream)
        return aws.cloudwatch.LogGroup(
            self.child(stream),
            name=name,
            retention_in_days=args.retention_days,
            kms_key_id=args.key_arn,
            tags=self.tags(stream, name=name),
            opts=self.options(),
        )


def group_name(site: Site, stream: str) -> str:
    """Physical name of a stream's group, known before it exists."""
    return f"/aws/eks/{site.prefix}/{stream}"
