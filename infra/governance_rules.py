"""Rules of a stack file about identities, guardrails, the zone, money and teams."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

from catalog.namespaces import WORKED_IN
from infra import training_shares
from infra.fields import Ownership
from infra.governance_settings import Owned
from infra.network_rules import repeated
from infra.problems import Problem, judged, unexpected

if TYPE_CHECKING:
    from infra.settings import Settings

ADOPTED_IDS: dict[str, tuple[str, str]] = {
    "cloudtrail": (
        r"arn:aws:cloudtrail:[a-z0-9-]+:\d{12}:trail/[A-Za-z0-9_.-]{3,128}",
        "the ARN of a trail",
    ),
    "guardduty": (r"[0-9a-f]{32}", "the ID of a detector: 32 hexadecimal digits"),
    "security_hub": ("<account>", "the stack's account ID, in quotes"),
    "config": (r"[A-Za-z0-9_.-]{1,256}", "the name of a configuration recorder"),
    "access_analyzer": (r"[A-Za-z][A-Za-z0-9_.-]{0,254}", "the name of an analyzer"),
    "ebs_encryption": ("<region>", "the stack's region"),
    "s3_account_block": ("<account>", "the stack's account ID, in quotes"),
    "budgets": (
        "<account>:[A-Za-z0-9_ .-]{1,100}",
        "the stack's account ID, a colon and the budget's name",
    ),
    "anomaly_monitor": (
        r"arn:aws:ce::<account>:anomalymonitor/[0-9a-f-]{36}",
        "the ARN of the account's anomaly monitor",
    ),
    "alert_topics": (
        r"arn:aws:sns:<region>:<account>:[A-Za-z0-9_-]{1,240}",
        "the ARNs of the topics up to -critical, -warning and -cost",
    ),
}
"""What identifies each guardrail that another owner has made: pattern and description."""

ACCOUNT_WIDE = ("cloudtrail", "s3_account_block", "budgets", "anomaly_monitor")
"""Guardrails of which an account needs one; the primary owns them."""

BREAK_GLASS = "break-glass"
"""Name of the way into the cluster that every stack makes."""

SOURCE_STACK = "source-stack"
"""Adopts the zone that the source stack's outputs name."""

_ZONE_ID = (r"Z[A-Z0-9]{1,31}", "the ID of a hosted zone, such as Z1234567890ABC")
_ZONE_OF_A_REPLICA = (
    rf"{_ZONE_ID[0]}|{SOURCE_STACK}",
    f'{_ZONE_ID[1]}, or "{SOURCE_STACK}" for the primary\'s',
)


def _accounts(settings: Settings) -> Iterator[Problem]:
    expected = f"a role of the stack's account ({settings.account_id})"
    for path, arn in settings.identity.admins.items():
        if arn.split(":")[4] != settings.account_id:
            yield unexpected(f"identity.admins.{path}", expected, arn)


def _break_glass_accounts(settings: Settings) -> Iterator[Problem]:
    expected = f"a role or user of the stack's account ({settings.account_id})"
    for place, arn in enumerate(settings.identity.break_glass):
        if arn.split(":")[4] != settings.account_id:
            yield unexpected(f"identity.break_glass[{place}]", expected, arn)


def _break_glass_is_made(settings: Settings) -> Iterator[Problem]:
    if BREAK_GLASS in settings.identity.admins:
        expected = "another name: the stack makes this role itself, for identity.break_glass"
        yield unexpected(f"identity.admins.{BREAK_GLASS}", expected, BREAK_GLASS)


def _boundary_account(settings: Settings) -> Iterator[Problem]:
    arn = settings.identity.permissions_boundary
    if arn is not None and arn.split(":")[4] != settings.account_id:
        expected = f"a policy of the stack's account ({settings.account_id})"
        yield unexpected("identity.permissions_boundary", expected, arn)


def _admins_once(settings: Settings) -> Iterator[Problem]:
    yield from repeated("identity.admins", [*settings.identity.admins.values()], "role")


def _adopted_guardrails(settings: Settings) -> Iterator[Problem]:
    for name, known in ADOPTED_IDS.items():
        yield from judged(_guardrail(settings, name, known))


def _guardrail(settings: Settings, name: str, known: tuple[str, str]) -> Iterator[Problem]:
    pattern, what = known
    for word, value in (("<account>", settings.account_id), ("<region>", settings.region)):
        pattern = pattern.replace(word, value)
    yield from _adopted(f"guardrails.{name}", getattr(settings.guardrails, name), pattern, what)


def _adopted_zone(settings: Settings) -> Iterator[Problem]:
    known = _ZONE_OF_A_REPLICA if settings.source_stack is not None else _ZONE_ID
    yield from _adopted("dns.hosted_zone", settings.dns.hosted_zone, *known)


def _adopted(path: str, owned: Owned, pattern: str, what: str) -> Iterator[Problem]:
    path = f"{path}.adopted_id"
    if owned.ownership != "adopt":
        if owned.adopted_id is not None:
            expected = f'nothing, because ownership is "{owned.ownership}"'
            yield unexpected(path, expected, owned.adopted_id)
    elif owned.adopted_id is None or not re.fullmatch(pattern, owned.adopted_id):
        expected = f'{what}, because ownership is "adopt"'
        yield unexpected(path, expected, owned.adopted_id)


def _singletons(settings: Settings) -> Iterator[Problem]:
    peer = settings.peer
    if settings.source_stack is None or peer is None or peer.account_id != settings.account_id:
        return
    for name in ACCOUNT_WIDE:
        yield from judged(_guardrail_of_the_account(settings, name, peer.environment))
    role = settings.keys.auto_scaling_role
    yield from _singleton("keys.auto_scaling_role", role, peer.environment)


def _guardrail_of_the_account(settings: Settings, name: str, primary: str) -> Iterator[Problem]:
    owned: Owned = getattr(settings.guardrails, name)
    yield from _singleton(f"guardrails.{name}.ownership", owned.ownership, primary)


def _singleton(path: str, ownership: Ownership, primary: str) -> Iterator[Problem]:
    if ownership == "create":
        expected = f'"adopt" or "off": {primary} creates it for the whole account'
        yield unexpected(path, expected, ownership)


def _anomalies_are_told(settings: Settings) -> Iterator[Problem]:
    topics = settings.guardrails.alert_topics.ownership
    monitor = settings.guardrails.anomaly_monitor.ownership
    if topics == "off" and monitor == "create":
        expected = '"adopt" or "off": anomalies are told through alert_topics, which is off'
        yield unexpected("guardrails.anomaly_monitor.ownership", expected, monitor)


def _thresholds(settings: Settings) -> Iterator[Problem]:
    first, second = settings.budget.thresholds_percent
    if first >= second:
        expected = "two rising percentages, such as [80, 100]"
        yield unexpected("budget.thresholds_percent", expected, [first, second])


def _teams_once(settings: Settings) -> Iterator[Problem]:
    yield from repeated("teams", [team.name for team in settings.teams], "team")


def _teams_apart(settings: Settings) -> Iterator[Problem]:
    """A model is `<model>-<namespace>.<host>`: `x-a` in `b` would be `x` in `a-b`."""
    names = [team.name for team in settings.teams]
    for place, name in enumerate(names):
        for other in (*WORKED_IN, *names):
            if name.endswith(f"-{other}"):
                expected = f'a name that does not end in "-{other}": names of models would meet'
                yield unexpected(f"teams[{place}].name", expected, name)


def _team_gpus(settings: Settings) -> Iterator[Problem]:
    if settings.gpu is not None:
        return
    for place, team in enumerate(settings.teams):
        if team.quota.gpus:
            expected = "0, because the stack has no GPU pool"
            yield unexpected(f"teams[{place}].quota.gpus", expected, team.quota.gpus)


def _team_gpus_fit(settings: Settings) -> Iterator[Problem]:
    """Shares that cannot all be had are no shares."""
    if settings.gpu is None or not training_shares.is_sound(settings.gpu):
        return
    most, taken = training_shares.gpus(settings), 0
    for place, team in enumerate(settings.teams):
        taken += team.quota.gpus
        if team.quota.gpus and taken > most:
            expected = (
                f"at most {max(0, most - taken + team.quota.gpus)}: the GPU pools reach {most} "
                f"GPUs, and the teams' shares come to {taken}; raise gpu.quota_vcpus or lower one"
            )
            yield unexpected(f"teams[{place}].quota.gpus", expected, team.quota.gpus)


GOVERNANCE_RULES = (
    _accounts,
    _break_glass_accounts,
    _break_glass_is_made,
    _boundary_account,
    _admins_once,
    _adopted_guardrails,
    _adopted_zone,
    _singletons,
    _anomalies_are_told,
    _thresholds,
    _teams_once,
    _teams_apart,
    _team_gpus,
    _team_gpus_fit,
)
