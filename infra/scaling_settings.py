"""The scaling section of a stack file."""

from __future__ import annotations

from infra.fields import Section


class ScalingSettings(Section):
    """How the cluster grows: node scaler, limits."""
