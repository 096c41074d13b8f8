"""The program that `pulumi up` runs: parse the stack file, refuse it or deploy it."""

from __future__ import annotations

import pulumi

from infra.settings import Settings, SettingsError, parse

NOTHING = "null"
"""What `parse` gets when the stack file has no settings at all."""


def settings() -> Settings:
    """The stack's settings. Raises RunError, which pulumi prints without a traceback."""
    try:
        return parse(pulumi.get_stack(), pulumi.Config().get("settings") or NOTHING)
    except SettingsError as error:
        raise pulumi.RunError(str(error)) from None


def main() -> None:
    """Deploy the stack. A bad file is refused before any resource is registered."""
    accepted = settings()
    from components.services.order import PlanError
    from infra.deployment import deploy  # A refusal need not wait for the providers' SDKs.

    try:
        deploy(accepted)
    except PlanError as error:
        raise pulumi.RunError(f"Pulumi.{pulumi.get_stack()}.yaml: {error}") from None


if __name__ == "__main__":
    main()
