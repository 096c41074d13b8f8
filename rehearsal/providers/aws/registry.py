"""Every resource type and function that the simulated provider knows."""

from __future__ import annotations

from collections.abc import Sequence

from rehearsal.providers.aws import vpc
from rehearsal.providers.aws.resource import Resource

RESOURCES: Sequence[Resource] = (vpc.Vpc(), vpc.Subnet())
