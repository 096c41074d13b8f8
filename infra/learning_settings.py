"""The learning section of a stack file."""

from __future__ import annotations

from infra.fields import Section


class LearningSettings(Section):
    """MLflow and Feast."""
