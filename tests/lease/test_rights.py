"""The SQL of the fence's roles."""

import re

import pytest

from lease.rights import CALLED, Writer, fence_sql

SQL = fence_sql([Writer(role="mlflow", database="mlflow")])


@pytest.mark.parametrize("name", ['ml"flow', "mlflow; DROP", "", "MLflow"])
def test_a_name_that_would_need_quotes_is_refused(name: str) -> None:
    with pytest.raises(ValueError, match="writer: expected a name of"):
        Writer(role=name, database="mlflow")


def test_every_routine_that_the_agent_calls_exists() -> None:
    made = set(re.findall(r"CREATE OR REPLACE (?:FUNCTION|PROCEDURE) (fence\.\w+)\(", SQL))
    assert {re.sub(r"\(.*|\w+ ", "", routine) for routine in CALLED} <= made


def test_no_role_is_made_a_superuser_or_gets_pg_signal_backend() -> None:
    assert "SUPERUSER" not in SQL
    assert "pg_signal_backend" not in SQL


def test_who_changes_roles_cannot_log_in_and_has_no_writers_rights() -> None:
    assert re.findall(r"ALTER ROLE (\w+) .*CREATEROLE", SQL) == ["fence_passwords"]
    assert "ALTER ROLE fence_passwords NOLOGIN NOINHERIT CREATEROLE;" in SQL


def test_every_function_with_the_keepers_rights_has_a_search_path_of_its_own() -> None:
    for definition in re.findall(r"CREATE OR REPLACE FUNCTION.*?(?:\$\$|BEGIN ATOMIC)", SQL, re.S):
        assert "SECURITY DEFINER SET search_path = pg_catalog, pg_temp" in definition
