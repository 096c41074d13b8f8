"""The objects of every simulated cluster, in one file that outlives provider processes."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

Object = dict[str, Any]
"""A Kubernetes object: `apiVersion`, `kind`, `metadata` and the rest, as in its manifest."""


@dataclass(frozen=True)
class Key:
    """What makes an object one: cluster, group and version, kind, namespace and name."""

    cluster: str
    api_version: str
    kind: str
    namespace: str
    """Empty for cluster-scoped kinds."""
    name: str

    @property
    def id(self) -> str:
        """The ID that the official provider gives: `namespace/name` or `name`."""
        return f"{self.namespace}/{self.name}" if self.namespace else self.name


class Objects:
    """A table of objects. Each call opens the file anew, so threads share nothing."""

    def __init__(self, path: Path) -> None:
        self._path = path
        with closing(self._open()) as db, db:
            db.execute(
                "CREATE TABLE IF NOT EXISTS objects (cluster, api_version, kind, namespace, name,"
                " body TEXT NOT NULL, PRIMARY KEY (cluster, api_version, kind, namespace, name))"
            )
            # What is looked for again and again: kinds, and what is in a namespace.
            for index, columns in (("kinds", "kind, namespace"), ("spaces", "namespace, kind")):
                db.execute(
                    f"CREATE INDEX IF NOT EXISTS {index} ON objects (cluster, {columns}, name)"
                )

    def get(self, key: Key) -> Object | None:
        """The object, or None when there is none."""
        with closing(self._open()) as db:
            row = db.execute(_SELECT, _values(key)).fetchone()
        return json.loads(row[0]) if row else None

    def put(self, key: Key, body: Object) -> None:
        """Create or overwrite the object."""
        with closing(self._open()) as db, db:
            db.execute(
                "INSERT OR REPLACE INTO objects VALUES (?, ?, ?, ?, ?, ?)",
                (*_values(key), json.dumps(body)),
            )

    def delete(self, key: Key) -> None:
        """Delete the object, and with a namespace everything inside it."""
        with closing(self._open()) as db, db:
            db.execute(_DELETE, _values(key))
            if key.kind == "Namespace":
                db.execute(
                    "DELETE FROM objects WHERE cluster = ? AND namespace = ?",
                    (key.cluster, key.name),
                )

    def delete_kind(self, cluster: str, kind: str) -> None:
        """Delete every object of `kind`, as happens when its definition goes."""
        with closing(self._open()) as db, db:
            db.execute("DELETE FROM objects WHERE cluster = ? AND kind = ?", (cluster, kind))

    def in_namespace(self, cluster: str, namespace: str) -> list[Object]:
        """Every object in a namespace."""
        query = "SELECT body FROM objects WHERE cluster = ? AND namespace = ? ORDER BY kind, name"
        with closing(self._open()) as db:
            found = db.execute(query, (cluster, namespace)).fetchall()
        return [json.loads(body) for (body,) in found]

    def of_kind(self, cluster: str, kind: str) -> Iterator[Object]:
        """Every object of `kind` in the cluster, whatever its version."""
        query = "SELECT body FROM objects WHERE cluster = ? AND kind = ? ORDER BY namespace, name"
        with closing(self._open()) as db:
            for (body,) in db.execute(query, (cluster, kind)).fetchall():
                yield json.loads(body)

    def definitions(self, cluster: str, group: str) -> list[Object]:
        """The CustomResourceDefinitions of an API group; their names end with it."""
        query = (
            "SELECT body FROM objects WHERE cluster = ? AND kind = 'CustomResourceDefinition'"
            " AND name LIKE ? ORDER BY name"
        )
        with closing(self._open()) as db:
            found = db.execute(query, (cluster, f"%.{group}")).fetchall()
        return [_definition(body) for (body,) in found]

    def _open(self) -> sqlite3.Connection:
        db = sqlite3.connect(self._path, timeout=30)
        # What the operating system has is safe from `kill -9`; nothing here outlives a power cut.
        db.execute("PRAGMA synchronous = OFF")
        return db


@lru_cache(maxsize=256)
def _definition(text: str) -> Object:
    """Read once, since every custom resource asks for it; nobody changes what is given out."""
    return json.loads(text)


_SELECT = (
    "SELECT body FROM objects"
    " WHERE cluster = ? AND api_version = ? AND kind = ? AND namespace = ? AND name = ?"
)
_DELETE = (
    "DELETE FROM objects"
    " WHERE cluster = ? AND api_version = ? AND kind = ? AND namespace = ? AND name = ?"
)


def _values(key: Key) -> tuple[str, str, str, str, str]:
    return (key.cluster, key.api_version, key.kind, key.namespace, key.name)
