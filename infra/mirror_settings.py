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
        # Without a dot or a port, runtimes would take the first part for a name on Docker Hub.
        pattern=r"^([a-z0-9-]+(\.[a-z0-9-]+)+(:\d+)?|[a-z0-9-]+:\d+)(/[a-z0-9._-]+)*$",
        description="a registry's host, with a path or without, under which every image is kept "
        "by its full name, such as registry.example.com/mirror, or left out",
    )
    lock: str = Field(
        default="images.lock",
        pattern=r"^[A-Za-z0-9_][A-Za-z0-9._-]*(/[A-Za-z0-9_][A-Za-z0-9._-]*)*$",
        max_length=200,
        description="the file with the digest of each image, below the folder of the stack files",
    )
