"""The delivery section of a stack file."""

from __future__ import annotations

from infra.fields import Section


class DeliverySettings(Section):
    """Argo, Kueue and training beyond one node."""
