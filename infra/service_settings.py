"""The services half of a stack file: one section per area, and what a release's values add."""

from __future__ import annotations

from typing import Any

from pydantic import Field

from infra.access_settings import AccessSettings
from infra.applications_settings import ApplicationSettings
from infra.backup_settings import BackupSettings
from infra.delivery_settings import DeliverySettings
from infra.fields import Section
from infra.learning_settings import LearningSettings
from infra.mirror_settings import MirrorSettings
from infra.monitoring_settings import MonitoringSettings
from infra.scaling_settings import ScalingSettings
from infra.serving_settings import ServingSettings


class Services(Section):
    """What runs in the cluster. Every section has the runbooks' figures as defaults."""

    access: AccessSettings = Field(default_factory=AccessSettings)
    scaling: ScalingSettings = Field(default_factory=ScalingSettings)
    learning: LearningSettings = Field(default_factory=LearningSettings)
    serving: ServingSettings = Field(default_factory=ServingSettings)
    delivery: DeliverySettings = Field(default_factory=DeliverySettings)
    monitoring: MonitoringSettings = Field(default_factory=MonitoringSettings)
    backup: BackupSettings = Field(default_factory=BackupSettings)
    applications: ApplicationSettings = Field(default_factory=ApplicationSettings)
    mirror: MirrorSettings = Field(default_factory=MirrorSettings)
    values: dict[str, dict[str, Any]] = Field(
        default_factory=dict[str, dict[str, Any]],
        description="values laid over those of a release, by chart name; each key must be one "
        "that the chart knows",
    )
