"""The mirror section of a stack file: where an air-gapped site takes charts from."""

from __future__ import annotations

from pydantic import Field

from infra.fields import Section


class MirrorSettings(Section):
    """Redirects; left out, every chart comes from its maker's registry."""

    charts: str | None = Field(
        default=None,
        pattern=r"^oci://[a-z0-9.-]+(:\d+)?(/[a-z0-9._-]+)*$",
        description="the oci:// address under which every chart is kept by its name, or left out",
    )
