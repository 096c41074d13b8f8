"""Rules of a stack file about signing in: groups that tell people apart, one way into MLflow."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any, cast

from infra.access_settings import OidcSettings
from infra.problems import Problem, judged, unexpected

if TYPE_CHECKING:
    from infra.settings import Settings

PATH = "services.access.oidc"
WAYS_IN = ("auth", "ldapAuth", "oauth2Proxy", "oidcAuth")
"""Of MLflow's chart, which fails where two of them are on."""


def _groups(settings: Settings) -> Iterator[Problem]:
    declared = settings.services.access.oidc
    if declared is not None:
        teams = [team.name for team in settings.teams]
        yield from judged(_told_apart(declared, teams))
        yield from judged(_in_a_list(declared))


def _named(declared: OidcSettings) -> dict[str, str]:
    return {
        f"{PATH}.admin_group": declared.admin_group,
        f"{PATH}.scientist_group": declared.scientist_group,
        f"{PATH}.viewer_group": declared.viewer_group,
    }


def _told_apart(declared: OidcSettings, teams: list[str]) -> Iterator[Problem]:
    """A group that is two things would have the rights of both."""
    taken = {f"{declared.team_prefix}{team}": f"the group of team {team}" for team in teams}
    for path, group in _named(declared).items():
        if group in taken:
            expected = f"another group than {taken[group]}"
            yield unexpected(path, expected, group)
        taken.setdefault(group, path.rpartition(".")[2])


def _in_a_list(declared: OidcSettings) -> Iterator[Problem]:
    """MLflow is given groups as one text, parted by commas, and strips each."""
    for path, group in _named(declared).items():
        if "," in group or group != group.strip():
            expected = "a group without a comma, or a space at an end: MLflow is given a list"
            yield unexpected(path, expected, group)


def _ways_into_mlflow(settings: Settings) -> Iterator[Problem]:
    laid = settings.services.values.get("mlflow", {})
    for way in WAYS_IN:
        told: Any = laid.get(way)
        if isinstance(told, dict) and "enabled" in told:
            expected = "it left out: services.access.oidc decides who signs in to MLflow, and how"
            value = cast("dict[str, object]", told)["enabled"]
            yield unexpected(f"services.values.mlflow.{way}.enabled", expected, value)


SIGN_IN_RULES = (_groups, _ways_into_mlflow)
