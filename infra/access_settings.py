"""The access section of a stack file."""

from __future__ import annotations

from infra.fields import Section


class AccessSettings(Section):
    """Who people sign in with."""
