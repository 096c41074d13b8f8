"""A drill's databases in RDS, known by their tag, and the notes of drills in the project's folder.

What has no such tag is not changed here, whatever it is called.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path

from ops.errors import Refused
from ops.live.aws import Aws
from ops.live.databases import Databases
from ops.world.database import Instance

DRILL = "mlops:drill"
"""Tag of an instance that a drill made."""
IDENTITY = "mlops:id"
"""Tag by which `mlops recover` finds what a stack made: none of this is a stack's."""


class Scratch:
    """Of one region; `notes` is a folder, made when the first drill ends."""

    def __init__(self, aws: Aws, databases: Databases, notes: Path, stack: str) -> None:
        self._aws, self._databases = aws, databases
        self._notes, self._stack = notes, stack

    def drilled(self) -> Sequence[str]:
        """By their tag."""
        return self._databases.tagged(DRILL)

    def found(self, identifier: str) -> Instance | None:
        """Raises Refused where the name is that of something else."""
        known = self._databases.instance(identifier)
        if known is not None:
            self._require(identifier)
        return known

    def written(self, identifier: str) -> int | None:
        """What its server says."""
        return self._databases.written(identifier)

    def replayed(self, identifier: str) -> int | None:
        """What its server says."""
        return self._databases.replayed(identifier)

    def finished(self, drill: str) -> bool:
        """Whether its note is there."""
        return self.note(drill).exists()

    def copy(self, source: str, like: str, identifier: str) -> None:
        """In one zone, and unprotected: it is deleted soon."""
        settings = self._databases.replica_settings(source, like, identifier)
        kept = [tag for tag in settings["Tags"] if tag["Key"] != IDENTITY]
        settings["Tags"] = [*kept, {"Key": DRILL, "Value": identifier}]
        changes = {"MultiAZ": False, "DeletionProtection": False}
        self._aws.write("rds", "create_db_instance_read_replica", **settings | changes)

    def promote(self, identifier: str, backup_days: int) -> None:
        """PromoteReadReplica."""
        self._require(identifier)
        self._databases.promote(identifier, backup_days)

    def remove(self, identifier: str) -> None:
        """DeleteDBInstance, with its backups."""
        self._require(identifier)
        self._aws.write(
            "rds",
            "delete_db_instance",
            DBInstanceIdentifier=identifier,
            SkipFinalSnapshot=True,
            DeleteAutomatedBackups=True,
        )

    def finish(self, drill: str) -> None:
        """A note without figures: those are the journal's."""
        self._notes.mkdir(parents=True, exist_ok=True)
        note = {"drill": drill, "stack": self._stack}
        self.note(drill).write_text(json.dumps(note) + "\n", encoding="utf-8")

    def note(self, drill: str) -> Path:
        """Where the drill's note and, once its figures are known, its report is."""
        return self._notes / f"{self._stack}-{drill}.json"

    def _require(self, identifier: str) -> None:
        if identifier not in self.drilled():
            raise Refused(
                f"{identifier}: expected a database with the tag {DRILL}, which drills make; it "
                "is none of theirs, and is left alone. Give the drill another --name"
            )
