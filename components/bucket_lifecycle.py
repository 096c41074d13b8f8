"""What becomes of a bucket's objects as they age.

Part of `Bucket`. Ages are in days after an object was written.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, TypeAlias

import pulumi_aws as aws

Archive: TypeAlias = Literal["GLACIER", "GLACIER_IR"]
"""`GLACIER` takes hours to bring an object back; `GLACIER_IR` answers at once."""


@dataclass(frozen=True, kw_only=True)
class Ageing:
    """Days at which objects move or go, the same for every bucket of a stack."""

    infrequent_access_days: int
    glacier_days: int
    noncurrent_days: int
    """How long an overwritten or deleted version can be brought back."""
    abort_upload_days: int


@dataclass(frozen=True, kw_only=True)
class Lifecycle:
    """How one bucket ages, and into which archive."""

    ageing: Ageing
    archive: Archive

    def rule(self) -> aws.s3.BucketLifecycleConfigurationRuleArgsDict:
        """One rule for the whole bucket. A delete marker goes with its last old version."""
        ageing = self.ageing
        return {
            "id": "age",
            "status": "Enabled",
            "filter": {"prefix": ""},
            "transitions": [
                {"days": ageing.infrequent_access_days, "storage_class": "STANDARD_IA"},
                {"days": ageing.glacier_days, "storage_class": self.archive},
            ],
            "expiration": {"expired_object_delete_marker": True},
            "noncurrent_version_expiration": {"noncurrent_days": ageing.noncurrent_days},
            "abort_incomplete_multipart_upload": {
                "days_after_initiation": ageing.abort_upload_days
            },
        }
