"""Whose secrets open the database. A replica has its source's roles and passwords, and keeps them
when it is promoted: a stack that stands in for another one reads the copies that Secrets Manager
makes of that one's secrets in its region, and makes none of its own."""

from __future__ import annotations

from catalog.service_secrets import IN_DATABASE
from infra.data import database_secret_name
from infra.settings import Settings


def passwords(settings: Settings) -> str:
    """What begins the names of the secrets that the database knows."""
    if settings.stands_in and settings.peer is not None:
        return settings.peer.prefix
    return settings.prefix


def made_elsewhere(settings: Settings) -> frozenset[str]:
    """Secrets of `catalog.service_secrets` that are the source's, by name."""
    return IN_DATABASE if settings.stands_in else frozenset()


def copies(settings: Settings) -> tuple[str, ...]:
    """Full names of the source's secrets that are read here."""
    if not settings.stands_in:
        return ()
    mine = passwords(settings)
    names = (f"{mine}-{name}" for name in made_elsewhere(settings))
    return (database_secret_name(settings), *sorted(names))
