"""The backup section of a stack file."""

from __future__ import annotations

from infra.fields import Section


class BackupSettings(Section):
    """Velero and logical database backups."""
