"""GuardDuty: finds intruders in API calls, the cluster's audit log, buckets and databases.

One detector exists per account and region, so exactly one stack may create it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import pulumi
import pulumi_aws as aws
from pulumi import ResourceOptions

from components.base import Component, Site
from components.ownership import CREATE, Ownership

FEATURES = ("EKS_AUDIT_LOGS", "S3_DATA_EVENTS", "RDS_LOGIN_EVENTS", "EBS_MALWARE_PROTECTION")


@dataclass(frozen=True, kw_only=True)
class ThreatDetectionArgs:
    """`ownership.existing`: the detector's ID. Features are named as GuardDuty names them."""

    ownership: Ownership = CREATE
    features: Sequence[str] = FEATURES
    publishing_frequency: str = "FIFTEEN_MINUTES"


class ThreatDetection(Component):
    """The region's detector with the features the platform needs."""

    detector_id: pulumi.Output[str] | None = None

    def __init__(
        self, name: str, args: ThreatDetectionArgs, site: Site, opts: ResourceOptions | None = None
    ) -> None:
        super().__init__(name, site, opts)
        if args.ownership.creates:
            detector = self._detector(args)
            for feature in args.features:
                self._feature(detector, feature)
            self.detector_id = detector.id
        elif args.ownership.adopted:
            found = aws.guardduty.Detector.get(
                self.child("detector"), args.ownership.adopted, opts=self.options()
            )
            self.detector_id = found.id
        self.register_outputs({"detector_id": self.detector_id})

    def _detector(self, args: ThreatDetectionArgs) -> aws.guardduty.Detector:
        return aws.guardduty.Detector(
            self.child("detector"),
            enable=True,
            finding_publishing_frequency=args.publishing_frequency,
            tags=self.tags("detector"),
            opts=self.options(),
        )

    def _feature(
        self, detector: aws.guardduty.Detector, feature: str
    ) -> aws.guardduty.DetectorFeature:
        return aws.guardduty.DetectorFeature(
            self.child(feature.lower().replace("_", "-")),
            detector_id=detector.id,
            name=feature,
            status="ENABLED",
            opts=self.options(),
        )
