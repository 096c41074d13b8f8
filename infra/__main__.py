"""The program that `pulumi up` runs: parse the stack file, refuse it or deploy it."""

from __future__ import annotations

import pulumi

from infra.link_settings import LinkSettings, is_link, parse_link
from infra.settings import Settings, SettingsError, parse

NOTHING = "null"
"""What `parse` gets when the stack file has no settings at all."""


def settings() -> Settings | LinkSettings:
    """The stack's settings. Raises RunError, which pulumi prints without a traceback."""
    document = pulumi.Config().get("settings") or NOTHING
    try:
        if is_link(document):
            return parse_link(pulumi.get_stack(), document)
        return parse(pulumi.get_stack(), document)
    except SettingsError as error:
        raise pulumi.RunError(str(error)) from None


def main() -> None:
    """Deploy the stack. A bad file is refused before any resource is registered."""
    accepted = settings()
    if isinstance(accepted, LinkSettings):
        from infra.link import deploy_link

        deploy_link(accepted)
    else:
        _deploy_region(accepted)


def _deploy_region(accepted: Settings) -> None:
    from components.services.order import PlanError
    from infra.deployment import deploy  # A refusal need not wait for the providers' SDKs.

    try:
        deploy(accepted)
    except PlanError as error:
        raise pulumi.RunError(f"Pulumi.{pulumi.get_stack()}.yaml: {error}") from None


if __name__ == "__main__":
    main()
