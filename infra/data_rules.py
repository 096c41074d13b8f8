"""Rules of a stack file about keys, buckets, the database and repositories."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from infra.network_rules import repeated
from infra.problems import Problem, unexpected
from infra.windows import collide, daily_minutes, weekly_minutes

if TYPE_CHECKING:
    from infra.settings import Settings

BUCKET_PURPOSES = frozenset({"models", "artifacts", "features", "backups", "logs"})
"""Buckets that every stack has."""

_MIN_WINDOW = 30
_MIN_DAYS_IN_IA = 30


def _adopted_keys(settings: Settings) -> Iterator[Problem]:
    keys = settings.keys
    if keys.ownership == "adopt" and keys.adopted is None:
        yield unexpected("keys.adopted", 'key ARNs, because ownership is "adopt"', None)
    if keys.ownership != "adopt" and keys.adopted is not None:
        yield unexpected("keys.adopted", 'nothing, because ownership is not "adopt"', {})


def _keys_of_the_region(settings: Settings) -> Iterator[Problem]:
    adopted = settings.keys.adopted
    if adopted is None:
        return
    start = f"arn:aws:kms:{settings.region}:{settings.account_id}:"
    arns = {"data": adopted.data, "secrets": adopted.secrets, "logs": adopted.logs}
    for purpose, arn in arns.items():
        if not arn.startswith(start):
            expected = f"a key of the stack's account and region ({start}…)"
            yield unexpected(f"keys.adopted.{purpose}", expected, arn)


def _transitions(settings: Settings) -> Iterator[Problem]:
    buckets = settings.buckets
    least = buckets.infrequent_access_days + _MIN_DAYS_IN_IA
    if buckets.glacier_days < least:
        expected = f"at least {least}: objects stay in Standard-IA for {_MIN_DAYS_IN_IA} days"
        yield unexpected("buckets.glacier_days", expected, buckets.glacier_days)


def _extra_buckets(settings: Settings) -> Iterator[Problem]:
    extra = settings.buckets.extra
    yield from repeated("buckets.extra", extra, "bucket")
    for place, purpose in enumerate(extra):
        if purpose in BUCKET_PURPOSES:
            expected = "a purpose that the platform does not use itself"
            yield unexpected(f"buckets.extra[{place}]", expected, purpose)


def _growth(settings: Settings) -> Iterator[Problem]:
    database = settings.database
    least = database.storage_gib + -(-database.storage_gib // 10)
    if database.max_storage_gib < least:
        expected = f"at least {least}: RDS wants a tenth more than storage_gib"
        yield unexpected("database.max_storage_gib", expected, database.max_storage_gib)


def _backup_window(settings: Settings) -> Iterator[Problem]:
    window = settings.database.backup_window
    if daily_minutes(window) < _MIN_WINDOW:
        expected = f"a window of at least {_MIN_WINDOW} minutes"
        yield unexpected("database.backup_window", expected, window)


def _maintenance_window(settings: Settings) -> Iterator[Problem]:
    window = settings.database.maintenance_window
    if not _MIN_WINDOW <= weekly_minutes(window) <= 24 * 60:
        expected = f"a window of {_MIN_WINDOW} minutes to 24 hours"
        yield unexpected("database.maintenance_window", expected, window)


def _windows_apart(settings: Settings) -> Iterator[Problem]:
    backup, maintenance = settings.database.backup_window, settings.database.maintenance_window
    if collide(backup, maintenance):
        expected = f"a window outside the maintenance window ({maintenance})"
        yield unexpected("database.backup_window", expected, backup)


def _repositories_once(settings: Settings) -> Iterator[Problem]:
    yield from repeated("registry.repositories", settings.registry.repositories, "repository")


DATA_RULES = (
    _adopted_keys,
    _keys_of_the_region,
    _transitions,
    _extra_buckets,
    _growth,
    _backup_window,
    _maintenance_window,
    _windows_apart,
    _repositories_once,
)
