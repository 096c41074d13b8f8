"""A PostgreSQL instance that is made from another, started, stopped and killed as RDS's are."""

from __future__ import annotations

import os
import pwd
import shutil
import signal
import subprocess
import time
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import psutil
import psycopg

from rehearsal.engine.process import trees
from tests.control_plane.postgres import UNPRIVILEGED, program

USER = UNPRIVILEGED if os.getuid() == 0 else None
"""Whom the server runs as; None for whoever runs the tests."""
SETTINGS = {
    "archive_mode": "on",
    "listen_addresses": "127.0.0.1",
    "fsync": "off",  # a killed process loses nothing that it wrote: the machine lives
    "hot_standby_feedback": "on",
    "max_connections": "60",
    "shared_buffers": "16MB",
    "track_commit_timestamp": "on",
    "wal_keep_size": "512MB",
    "wal_receiver_timeout": "3s",
    "wal_retrieve_retry_interval": "100ms",
    "wal_sender_timeout": "3s",
}
PATIENCE = 60.0


@dataclass
class Server:
    """One instance, in a folder of its own that also holds its socket."""

    folder: Path
    port: int
    settings: dict[str, str] = field(default_factory=dict[str, str])
    process: subprocess.Popen[bytes] | None = None

    @property
    def data(self) -> Path:
        return self.folder / "data"

    @property
    def backup(self) -> Path:
        """Its last base backup."""
        return self.folder / "backup"

    @property
    def archive(self) -> Path:
        """Its log, file by file."""
        return self.folder / "archive"

    def local(self, database: str = "postgres") -> str:
        """For psycopg as the superuser on the machine itself, whoever else is let in."""
        return f"host={self.folder} port={self.port} user=superuser dbname={database}"

    def asked(self, query: str, database: str = "postgres") -> Any:
        """The first value of the first row. Raises psycopg.Error."""
        with psycopg.connect(self.local(database), autocommit=True) as connection:
            row = connection.execute(query.encode()).fetchone()
        return row[0] if row else None

    def do(self, statements: str, database: str) -> None:
        """Carry statements out as the superuser. Raises psycopg.Error."""
        with psycopg.connect(self.local(database), autocommit=True) as connection:
            connection.execute(statements.encode())

    def copied_from(self, data: Path) -> None:
        """Take over the files of a server that is stopped."""
        _folder(self.folder)
        _copy(data, self.data)

    def back_up(self, source: Server, place: Path) -> None:
        """Take a base backup of `source`, in place of what was there."""
        _folder(self.folder)
        shutil.rmtree(place, ignore_errors=True)
        taken = [
            program("pg_basebackup"), "--host", str(source.folder), "--port", str(source.port),
            "--username", "superuser", "--pgdata", str(place), "--checkpoint=fast", "--no-sync",
        ]  # fmt: skip
        run(taken, self.folder)

    def follow(self, port: int) -> None:
        """Start on a base backup, as a replica of what answers on `port`."""
        (self.data / "standby.signal").touch()
        source = f"host=127.0.0.1 port={port} user=superuser"
        self.start({"primary_conninfo": source})

    def recover(self, origin: Server, moment: float) -> None:
        """Start as `origin` was at a moment, in seconds since 1970, from its base backup and its
        archived log; takes writes then."""
        self.copied_from(origin.backup)
        (self.data / "recovery.signal").touch()
        settings = {
            "restore_command": f"cp {origin.archive}/%f %p",
            "recovery_target_time": datetime.fromtimestamp(moment, UTC).isoformat(),
            "recovery_target_action": "promote",
        }
        self.start(settings)

    def start(self, settings: Mapping[str, str] | None = None) -> None:
        """Start, and wait until it answers."""
        self.settings = dict(settings or {})
        archived = {"archive_command": f"cp %p {self.archive}/%f"}
        given = {**SETTINGS, **archived, **self.settings, "port": str(self.port)}
        options = [part for name, value in given.items() for part in ("-c", f"{name}={value}")]
        command = [program("postgres"), "-D", str(self.data), "-k", str(self.folder), *options]
        with (self.folder / "log").open("ab") as log:
            self.process = subprocess.Popen(
                command, user=USER, cwd=self.folder, stdout=log, stderr=log
            )
        self._until_it_answers()

    def stop(self) -> None:
        """As an operator does, with whatever sessions there are."""
        assert self.process
        self.process.send_signal(signal.SIGINT)
        self.process.wait(PATIENCE)
        self.process = None

    def kill(self) -> None:
        """All of its processes at once, as when the power goes; again does nothing."""
        if self.process:
            for process in trees([self.process.pid]):
                with suppress(psutil.NoSuchProcess):
                    process.kill()
            self.process.wait()
            self.process = None

    def discard(self) -> None:
        """For good, with the hundreds of megabytes that it wrote, in memory where there is some."""
        self.kill()
        shutil.rmtree(self.folder)

    def _until_it_answers(self) -> None:
        deadline = time.monotonic() + PATIENCE
        while True:
            try:
                self.asked("SELECT 1")
            except psycopg.Error:
                assert self.process
                assert self.process.poll() is None, self.log()
                assert time.monotonic() < deadline, self.log()
                time.sleep(0.05)
            else:
                return

    def log(self) -> str:
        """Its last words."""
        return (self.folder / "log").read_text()[-3_000:]


def run(command: list[str], folder: Path) -> None:
    """A program of PostgreSQL, as the server's user; fails with what it said."""
    done = subprocess.run(command, user=USER, cwd=folder, check=False, capture_output=True)
    assert done.returncode == 0, done.stderr.decode()


def _folder(folder: Path) -> None:
    for each in (folder, folder / "archive"):
        each.mkdir(parents=True, exist_ok=True)
        if USER:
            os.chown(each, pwd.getpwnam(USER).pw_uid, -1)
        each.chmod(0o755)


def _copy(source: Path, target: Path) -> None:
    subprocess.run(["cp", "--archive", str(source), str(target)], check=True)
