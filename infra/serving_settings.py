"""The serving section of a stack file."""

from __future__ import annotations

from infra.fields import Section


class ServingSettings(Section):
    """KServe: mode, runtimes, models."""
