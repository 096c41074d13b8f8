"""An accepted stack file, deployed: provider, foundation, outputs."""

from __future__ import annotations

from pulumi import ResourceOptions

from infra.exports import export
from infra.foundation import build_foundation
from infra.settings import Settings
from infra.where import aws_provider, site_of


def deploy(settings: Settings) -> None:
    """Register every resource of the stack and its outputs."""
    site = site_of(settings)
    opts = ResourceOptions(providers=[aws_provider(settings)])
    export(settings, site, build_foundation(settings, site, opts))
