"""The bootstrap's SQL on a real PostgreSQL: every service owns its database and no other."""

from __future__ import annotations

from collections.abc import Generator

import pytest

from components.services.database_bootstrap import TENANTS, bootstrap_sql
from tests.control_plane.postgres import Postgres, postgres, socket_folder

pytestmark = [pytest.mark.control_plane, pytest.mark.xdist_group("postgres")]

PASSWORDS = {f"{one.name.upper()}_PASSWORD": f"{one.name}'s" for one in TENANTS}
OWNERS = [one.name for one in TENANTS if one.owns]


@pytest.fixture(scope="module")
def server() -> Generator[Postgres]:
    with socket_folder() as folder, postgres(folder / "s") as running:
        assert bootstrap(running) == ""
        yield running


def bootstrap(server: Postgres) -> str:
    """What went wrong; empty when all is well."""
    script = server.socket.parent / "bootstrap.sql"
    script.write_text(bootstrap_sql(TENANTS))
    done = server.psql("--quiet", "-f", str(script), environment=PASSWORDS)
    return done.stderr if done.returncode else ""


def test_each_service_owns_its_database(server: Postgres) -> None:
    query = "SELECT datname, pg_get_userbyid(datdba) FROM pg_database WHERE datname = ANY(%s)"
    names = "ARRAY[" + ",".join(f"'{name}'" for name in OWNERS) + "]::name[]"
    found = server.psql("-c", query.replace("%s", names) + " ORDER BY 1").stdout.splitlines()
    assert found == [f"{name}|{name}" for name in sorted(OWNERS)]


@pytest.mark.parametrize("name", OWNERS)
def test_a_service_works_in_its_own_database_and_enters_no_other(
    server: Postgres, name: str
) -> None:
    made = server.psql(
        "-c", "CREATE TABLE mine (id int); DROP TABLE mine", user=name, database=name
    )
    assert made.returncode == 0, made.stderr
    for other in OWNERS:
        if other != name:
            refused = server.psql("-c", "SELECT 1", user=name, database=other)
            assert "permission denied for database" in refused.stderr


def test_nobody_is_more_than_an_owner(server: Postgres) -> None:
    query = (
        "SELECT rolname FROM pg_roles WHERE (rolsuper OR rolcreaterole OR rolcreatedb)"
        " AND rolname = ANY(ARRAY[" + ",".join(f"'{one.name}'" for one in TENANTS) + "])"
    )
    assert server.psql("-c", query).stdout == ""
    limits = server.psql("-c", "SELECT rolconnlimit FROM pg_roles WHERE rolname = 'mlflow'")
    assert limits.stdout.strip() == "80"


def test_the_exporter_reads_statistics_and_no_data(server: Postgres) -> None:
    read = server.psql("-c", "SELECT count(*) FROM pg_stat_activity", user="exporter")
    assert read.returncode == 0
    server.psql("-c", "CREATE TABLE kept (id int)", user="mlflow", database="mlflow")
    seen = server.psql("-c", "SELECT * FROM kept", user="exporter", database="mlflow")
    assert "permission denied" in seen.stderr


def test_the_dumps_read_every_table_of_every_database_and_write_nothing(server: Postgres) -> None:
    for name in OWNERS:
        made = "CREATE TABLE IF NOT EXISTS dumped (id int); INSERT INTO dumped VALUES (1)"
        assert server.psql("-c", made, user=name, database=name).returncode == 0
        text = server.dump(name, user="dumps")
        assert text.returncode == 0, text.stderr
        assert "CREATE TABLE public.dumped" in text.stdout
        for written in ("INSERT INTO dumped VALUES (2)", "CREATE TABLE theirs (id int)"):
            refused = server.psql("-c", written, user="dumps", database=name)
            assert "permission denied" in refused.stderr


def test_a_service_cannot_enter_the_database_that_is_there_from_the_start(
    server: Postgres,
) -> None:
    for name in [*OWNERS, "dumps"]:
        refused = server.psql("-c", "SELECT 1", user=name)
        assert 'permission denied for database "postgres"' in refused.stderr
    assert server.psql("-c", "SELECT 1").returncode == 0


def test_it_is_safe_to_run_again_and_sets_passwords_anew(server: Postgres) -> None:
    hashed = "SELECT rolpassword FROM pg_authid WHERE rolname = 'mlflow'"
    before = server.psql("-c", hashed, user="superuser").stdout
    assert bootstrap(server) == ""
    assert server.psql("-c", hashed, user="superuser").stdout != before


def test_a_missing_password_stops_it(server: Postgres) -> None:
    script = server.socket.parent / "bootstrap.sql"
    done = server.psql("--quiet", "-f", str(script))
    assert done.returncode == 3
    assert "syntax error" in done.stderr
