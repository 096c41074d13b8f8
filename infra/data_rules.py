"""Rules of a stack file about keys, buckets, the database and repositories."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from infra.network_rules import repeated
from infra.problems import Problem, unexpected
from infra.window_rules import Windows, meeting, too_short

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


def _adopted_keys_of_two_regions(settings: Settings) -> Iterator[Problem]:
    adopted = settings.keys.adopted
    if adopted is None or settings.role != "primary" or settings.peer is None:
        return
    for purpose, arn in {"data": adopted.data, "secrets": adopted.secrets}.items():
        if not arn.rpartition("/")[2].startswith("mrk-"):
            expected = f"a multi-Region key (mrk-…) with a replica in {settings.peer.region}"
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


def _windows(settings: Settings) -> Iterator[Problem]:
    database = settings.database
    windows = Windows(
        daily_key="database.backup_window",
        daily=database.backup_window,
        weekly_key="database.maintenance_window",
        weekly=database.maintenance_window,
        least=_MIN_WINDOW,
    )
    yield from too_short(windows)
    yield from meeting(windows)


def _repositories_once(settings: Settings) -> Iterator[Problem]:
    yield from repeated("registry.repositories", settings.registry.repositories, "repository")


DATA_RULES = (
    _adopted_keys,
    _keys_of_the_region,
    _adopted_keys_of_two_regions,
    _transitions,
    _extra_buckets,
    _growth,
    _windows,
    _repositories_once,
)
