"""AWS Config: what every resource looked like, and when it changed.

Config cannot deliver to a bucket whose object lock has a default retention: pass it one without.
Source: AWS Config developer guide, "Permissions for the Amazon S3 bucket".
"""

from __future__ import annotations

from dataclasses import dataclass

import pulumi
import pulumi_aws as aws
from pulumi import Input, Output, ResourceOptions

from components.base import Component, Site
from components.ownership import CREATE, Ownership
from components.permissions import Statement, Trust
from components.service_role import ServiceRole, ServiceRoleArgs

PREFIX = "config"
"""Below which the access-logs bucket lets Config write."""


@dataclass(frozen=True, kw_only=True)
class ConfigurationRecorderArgs:
    """`ownership.existing`: the recorder's name."""

    bucket_name: Input[str]
    bucket_arn: Input[str]
    ownership: Ownership = CREATE
    records_global_resources: bool = True
    """True in one region only, or IAM is recorded (and paid for) twice."""


class ConfigurationRecorder(Component):
    """The region's recorder, its delivery channel and its switch."""

    recorder_name: pulumi.Output[str] | None = None

    def __init__(
        self,
        name: str,
        args: ConfigurationRecorderArgs,
        site: Site,
        opts: ResourceOptions | None = None,
    ) -> None:
        super().__init__(name, site, opts)
        if args.ownership.creates:
            recorder = self._recorder(args, self._role(args))
            self._switch(recorder, self._channel(args, recorder))
            self.recorder_name = recorder.name
        elif args.ownership.adopted:
            found = aws.cfg.Recorder.get(
                self.child("recorder"), args.ownership.adopted, opts=self.options()
            )
            self.recorder_name = found.name
        self.register_outputs({"recorder_name": self.recorder_name})

    def _role(self, args: ConfigurationRecorderArgs) -> ServiceRole:
        delivered = Output.concat(
            args.bucket_arn, f"/{PREFIX}/AWSLogs/{self.site.account_id}/Config/*"
        )
        role = ServiceRoleArgs(
            description="AWS Config, reading the account and delivering to its bucket",
            trust=Trust(
                service="config.amazonaws.com",
                conditions={"StringEquals": {"aws:SourceAccount": self.site.account_id}},
            ),
            managed_policies=("service-role/AWS_ConfigRole",),
            statements=(
                Statement(sid="Deliver", actions=("s3:PutObject",), resources=[delivered]),
                Statement(
                    sid="FindTheBucket",
                    actions=("s3:GetBucketAcl", "s3:ListBucket"),
                    resources=[args.bucket_arn],
                ),
            ),
        )
        return ServiceRole(self.child("delivery"), role, self.site, self.options())

    def _recorder(self, args: ConfigurationRecorderArgs, role: ServiceRole) -> aws.cfg.Recorder:
        return aws.cfg.Recorder(
            self.child("recorder"),
            name=self.site.name("config"),
            role_arn=role.arn,
            recording_group=aws.cfg.RecorderRecordingGroupArgs(
                all_supported=True, include_global_resource_types=args.records_global_resources
            ),
            opts=self.options(),
        )

    def _channel(
        self, args: ConfigurationRecorderArgs, recorder: aws.cfg.Recorder
    ) -> aws.cfg.DeliveryChannel:
        return aws.cfg.DeliveryChannel(
            self.child("channel"),
            name=self.site.name("config"),
            s3_bucket_name=args.bucket_name,
            s3_key_prefix=PREFIX,
            opts=self.options(depends_on=[recorder]),
        )

    def _switch(
        self, recorder: aws.cfg.Recorder, channel: aws.cfg.DeliveryChannel
    ) -> aws.cfg.RecorderStatus:
        # A recorder can be switched on only when it has a channel to deliver to.
        return aws.cfg.RecorderStatus(
            self.child("switch"),
            name=recorder.name,
            is_enabled=True,
            opts=self.options(depends_on=[channel]),
        )
