"""The applications section of a stack file."""

from __future__ import annotations

from infra.fields import Section


class ApplicationSettings(Section):
    """The platform's own applications."""
