"""The mirror section of a stack file: where an air-gapped site takes charts and images from."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from infra.fields import Section

Digest = Annotated[
    str,
    Field(pattern=r"^sha256:[0-9a-f]{64}$", description="a digest, sha256: and 64 hex digits"),
]


class MirrorSettings(Section):
    """Redirects; left out, everything comes from its maker's registry."""

    charts: str | None = Field(
        default=None,
        pattern=r"^oci://[a-z0-9.-]+(:\d+)?(/[a-z0-9._-]+)*$",
        description="the oci:// address under which every chart is kept by its name, or left out",
    )
    images: str | None = Field(
        default=None,
        pattern=r"^[a-z0-9.-]+(:\d+)?(/[a-z0-9._-]+)*$",
        description="the registry and path under which every image is kept, or left out",
    )
    digests: dict[str, Digest] = Field(
        default_factory=dict[str, str],
        description="the digest of each image, by the image's name with its tag",
    )
