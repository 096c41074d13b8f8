"""Backups of a database that is written to throughout, brought back and compared row by row."""

from __future__ import annotations

import subprocess
import time
from collections.abc import Generator
from pathlib import Path

import pytest

from components.services.database_backup import DUMP, UPLOAD
from ops.backups.verify import Backups, broken
from ops.executor import carry_out
from ops.journal import opened
from ops.restore_database import restore_database, retired_name
from ops.world.database import Source
from tests.components.services.test_database_backup import AWS, run
from tests.control_plane.postgres import program
from tests.drills.clients import OWNER, Client, written
from tests.drills.pair import Pair, single, until
from tests.drills.server import Server
from tests.drills.site import Site
from tests.ops.memory.parts import MemoryObjects
from tests.ops.memory.region import wanted

pytestmark = [pytest.mark.control_plane, pytest.mark.xdist_group("postgres")]

BACKUPS = Backups(bucket="backups", database="any")
MANY_KINDS = (
    "CREATE TABLE kinds (id int PRIMARY KEY, text text, raw bytea, at timestamptz, number float8);"
    "INSERT INTO kinds SELECT n, repeat(chr(200 + n), n), sha256(n::text::bytea),"
    " now() + n * interval '1 day', CASE WHEN n % 3 > 0 THEN 1.0 / n END"
    " FROM generate_series(1, 500) n"
)

KINDS_SUM = "SELECT md5(string_agg(kinds::text, ',' ORDER BY id)) FROM kinds"
WRITTEN_SUM = (
    "SELECT md5(string_agg(number::text, ',' ORDER BY number)) FROM written WHERE number <= {}"
)


@pytest.fixture
def alone(template: Path) -> Generator[Pair]:
    """A primary with its agent, and nobody that follows it."""
    with single(template) as running:
        yield running


def test_a_dump_of_a_busy_database_is_whole_and_restores_to_the_same_checksum(
    alone: Pair, tmp_path: Path
) -> None:
    rds = alone.primary.rds
    rds.server.do(MANY_KINDS, OWNER.database)
    with Client("busy", lambda: rds) as client:
        client.until_it_writes()
        before = set(client.acknowledged)
        store = _dumped(rds.server, tmp_path)
        after = client.tried
    assert broken(BACKUPS, store, thoroughly=True) == []
    restored = _restored(rds.server, tmp_path)
    rows = {number for _, number in written(rds.server, restored)}
    assert before <= rows <= set(range(1, after + 1))
    assert rows == {n for n in client.acknowledged if n <= max(rows)}
    for checksum in (KINDS_SUM, WRITTEN_SUM.format(max(rows))):
        there = rds.server.asked(checksum, restored)
        assert there == rds.server.asked(checksum, OWNER.database) is not None
    _damage(store)
    (told,) = broken(BACKUPS, store, thoroughly=True)
    assert told.endswith(f"/{OWNER.database}.dump: its content is not what was dumped")


@pytest.mark.nightly
def test_the_database_is_put_back_as_it_was_at_a_moment_and_takes_the_others_place(
    alone: Pair, tmp_path: Path
) -> None:
    rds, site = alone.primary.rds, Site(alone.primary, alone.table)
    with Client("busy", lambda: rds) as client:
        client.until_it_writes()
        rds.snapshot(rds.identifier, "base")
        client.until_it_writes()
        moment = float(int(time.time()) + 1)
        until("the moment is over", lambda: time.time() > moment + 0.2)
        before = written(rds.server)
        rds.server.do("DELETE FROM written", OWNER.database)
        source = Source(moment=moment)
        book = restore_database(wanted().target, rds.identifier, source)
        with opened(tmp_path / "journal", book.name, book.target, sync=lambda _: None) as log:
            assert carry_out(book, log, site.hands())
        client.until_it_writes()
    restored = written(rds.server)
    expected = {row: at for row, at in before.items() if at <= moment}
    assert {row: at for row, at in restored.items() if row in before} == expected
    assert 0 < len(expected) < len(before)
    assert len(restored) > len(expected), "clients write to the restored one"
    aside = rds.servers[retired_name(rds.identifier, source)]
    assert not before.keys() & written(aside).keys()
    assert site.region.declaration.adopted == "db-us-east-1-2"


def _dumped(server: Server, folder: Path) -> MemoryObjects:
    """What the CronJob's two scripts put in the bucket."""
    for name in ("bin", "dump", "store"):
        (folder / name).mkdir()
    (folder / "bin" / "aws").write_text(AWS)
    (folder / "bin" / "aws").chmod(0o755)
    place = {"PGHOST": str(server.folder), "PGPORT": str(server.port), "PGUSER": "dumps"}
    for script in (DUMP, UPLOAD):
        done = run(folder, script, DATABASES=OWNER.database, **place)
        assert done.returncode == 0, done.stderr
    store, bucket = MemoryObjects(), folder / "store" / "backups"
    for file in sorted(path for path in bucket.rglob("*") if path.is_file()):
        store.put("backups", str(file.relative_to(bucket)), file.read_bytes())
    return store


def _damage(store: MemoryObjects) -> None:
    """One bit of the dump."""
    (place,) = [place for place in store.content if place[1].endswith(".dump")]
    data = store.content[place][-1]
    assert data
    store.put(*place, data[:-1] + bytes([data[-1] ^ 1]))


def _restored(server: Server, folder: Path) -> str:
    """A fresh database with what was dumped. Returns its name."""
    server.do("CREATE DATABASE restored", "postgres")
    command = [
        program("pg_restore"), "--host", str(server.folder), "--port", str(server.port),
        "--username", "superuser", "--dbname", "restored", "--exit-on-error",
        str(folder / "dump" / f"{OWNER.database}.dump"),
    ]  # fmt: skip
    subprocess.run(command, check=True)
    return "restored"
