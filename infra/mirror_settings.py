"""The mirror section of a stack file: where an air-gapped site takes charts and images from."""

from __future__ import annotations

from pydantic import Field

from infra.fields import Section


class MirrorSettings(Section):
    """Redirects; left out, every chart and image comes from its maker's registry."""

    charts: str | None = Field(
        default=None,
        pattern=r"^oci://[a-z0-9.-]+(:\d+)?(/[a-z0-9._-]+)*$",
        description="the oci:// address under which every chart is kept by its name, or left out",
    )
    images: str | None = Field(
        default=None,
        pattern=r"^[a-z0-9.-]+(:\d+)?(/[a-z0-9._-]+)*$",
        description="the registry, with a path or without, under which every image is kept by "
        "its full name, or left out",
    )
    lock: str = Field(
        default="images.lock",
        min_length=1,
        max_length=200,
        description="the file with the digest of each image, relative to the stack files",
    )
