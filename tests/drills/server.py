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
from pathlib import Path
from typing import Any

import psutil
import psycopg

from rehearsal.engine.process import trees
from tests.control_plane.postgres import UNPRIVILEGED, program

USER = UNPRIVILEGED if os.getuid() == 0 else None
"""Whom the server runs as; None for whoever runs the tests."""
SETTINGS = {
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

    def conninfo(self, user: str, database: str = "postgres") -> str:
        """For psycopg, over TCP as clients in other pods come."""
        return f"host=127.0.0.1 port={self.port} user={user} dbname={database} connect_timeout=2"

    def local(self, database: str = "postgres") -> str:
        """For psycopg as the superuser on the machine itself, whoever else is let in."""
        return f"host={self.folder} port={self.port} user=superuser dbname={database}"

    def asked(self, query: str, database: str = "postgres") -> Any:
        """The first value of the first row. Raises psycopg.Error."""
        with psycopg.connect(self.local(database), autocommit=True) as connection:
            row = connection.execute(query.encode()).fetchone()
        return row[0] if row else None

    def copied_from(self, data: Path) -> None:
        """Take over the files of a server that is stopped."""
        _folder(self.folder)
        subprocess.run(["cp", "--archive", str(data), str(self.data)], check=True)

    def backed_up_from(self, source: Server) -> None:
        """Take a base backup of one that runs; what was here before is gone."""
        shutil.rmtree(self.folder, ignore_errors=True)
        _folder(self.folder)
        taken = [
            program("pg_basebackup"), "--host", str(source.folder), "--port", str(source.port),
            "--username", "superuser", "--pgdata", str(self.data), "--checkpoint=fast", "--no-sync",
        ]  # fmt: skip
        run(taken, self.folder)

    def follow(self, port: int) -> None:
        """Start as a replica of what answers on `port`."""
        (self.data / "standby.signal").touch()
        source = f"host=127.0.0.1 port={port} user=superuser"
        self.start({"primary_conninfo": source})

    def start(self, settings: Mapping[str, str] | None = None) -> None:
        """Start, and wait until it answers."""
        self.settings = dict(settings or {})
        given = {**SETTINGS, **self.settings, "port": str(self.port)}
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
    folder.mkdir(parents=True)
    if USER:
        os.chown(folder, pwd.getpwnam(USER).pw_uid, -1)
    folder.chmod(0o755)
