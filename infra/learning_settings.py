"""The learning section of a stack file: MLflow and Feast, at the runbooks' sizes."""

from __future__ import annotations

from pydantic import Field

from infra.fields import Section
from infra.online_store_settings import OnlineStore


class Scaled(Section):
    """A service that is scaled by its processors' load."""

    min_replicas: int = Field(default=3, ge=2, le=100, description="pods at least, 2 to 100")
    max_replicas: int = Field(default=10, ge=2, le=1000, description="pods at most, 2 to 1000")
    cpu_percent: int = Field(
        default=70, ge=10, le=95, description="load at which pods are added, 10 to 95 percent"
    )


class MlflowSettings(Scaled):
    """MLflow's tracking server."""

    host: str = Field(
        default="mlflow",
        pattern=r"^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$",
        description="the first label of its public name",
    )


class FeastSettings(Scaled):
    """Feast's feature server."""

    project: str = Field(
        default="mlops", pattern=r"^[a-z][a-z0-9_]{0,39}$", description="Feast's project name"
    )
    online_store: OnlineStore = Field(default_factory=OnlineStore)


class LearningSettings(Section):
    """MLflow and Feast."""

    mlflow: MlflowSettings = Field(default_factory=MlflowSettings)
    feast: FeastSettings = Field(default_factory=FeastSettings)
