"""The delivery section of a stack file."""

from __future__ import annotations

from pydantic import Field

from infra.fields import Section

REPOSITORY = "training"
"""Repository of the account's registry that holds the training image."""


class TrainingSettings(Section):
    """What training runs: the data scientists' image, and how much of the cluster a job gets."""

    image_digest: str | None = Field(
        default=None,
        pattern=r"^sha256:[0-9a-f]{64}$",
        description=f"the digest of the image in the repository {REPOSITORY} of the account's "
        "registry, or null until there is one",
    )
    nodes: int = Field(
        default=2, ge=1, le=64, description="nodes of a distributed job that names no number"
    )
    deadline_hours: int = Field(
        default=24, ge=1, le=168, description="hours that a pipeline's training step may run"
    )


class DeliverySettings(Section):
    """Argo, Kueue and training beyond one node."""

    training: TrainingSettings = Field(default_factory=TrainingSettings)
