"""The applications section of a stack file: what is built from the platform's own images."""

from __future__ import annotations

from pydantic import Field

from infra.fields import Section


class OwnImage(Section):
    """What is installed once its image is in the registry."""

    image_digest: str | None = Field(
        default=None,
        pattern=r"^sha256:[0-9a-f]{64}$",
        description="the image's digest in the account's registry, or null until there is one",
    )


class ApplicationImage(OwnImage):
    """An application that people or programs ask, scaled by its load."""

    min_replicas: int = Field(default=3, ge=2, le=100, description="pods at least, 2 to 100")
    max_replicas: int = Field(default=15, ge=2, le=1000, description="pods at most, 2 to 1000")
    cpu_percent: int = Field(default=70, ge=10, le=95, description="load that adds a pod")
    serves_tls: bool = Field(
        default=False,
        description="true once the image serves TLS with TLS_CERT_FILE and TLS_KEY_FILE",
    )
    memory_percent: int = Field(default=80, ge=10, le=95, description="use that adds a pod")


class ApplicationSettings(Section):
    """The platform's own applications."""

    platform_api: ApplicationImage = Field(default_factory=ApplicationImage)
    web_ui: ApplicationImage = Field(default_factory=ApplicationImage)
    lease_agent: OwnImage = Field(default_factory=OwnImage)
