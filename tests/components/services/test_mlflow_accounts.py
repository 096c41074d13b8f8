"""The scripts that make MLflow's accounts, run against stores with MLflow's signatures."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from components.services.mlflow_accounts import (
    BASIC,
    OIDC,
    PLATFORM_API,
    MlflowAccountsArgs,
    accounts_job,
)

STORE = """
import json
from pathlib import Path


class SqlAlchemyStore:
    def init_db(self, db_uri):
        self.file = Path(db_uri)
        self.users = json.loads(self.file.read_text()) if self.file.exists() else {{}}

    def has_user(self, username):
        return username in self.users

    def create_user(self, username, password, {display_name}is_admin=False):
        if username in self.users:
            raise ValueError(username)
        self.users[username] = dict(password=password, is_admin=is_admin)
        self.file.write_text(json.dumps(self.users))

    def update_user(self, username, password=None, is_admin=None{service_account}):
        self.users[username].update(password=password, is_admin=is_admin)
        self.file.write_text(json.dumps(self.users))
"""
"""What both stores have, with passwords as they are."""
MODULES = {
    BASIC: ("mlflow/server/auth", STORE.format(display_name="", service_account="")),
    OIDC: (
        "mlflow_oidc_auth",
        STORE.format(display_name="display_name, ", service_account=", is_service_account=None"),
    ),
}


def run(folder: Path, script: str, **passwords: str) -> dict[str, Any]:
    """Accounts after the script has run with these passwords by variable."""
    package, text = MODULES[script]
    place = folder / "modules" / package
    place.mkdir(parents=True, exist_ok=True)
    (place / "sqlalchemy_store.py").write_text(text)
    users = folder / "users.json"
    names = [name.removesuffix("_PASSWORD").lower().replace("_", "-") for name in passwords]
    told = {
        "PYTHONPATH": str(folder / "modules"),
        "DB_URI": str(users),
        "ACCOUNTS": " ".join(names),
        "ADMINISTRATORS": "admin" if "admin" in names else "",
    }
    subprocess.run(
        [sys.executable, "-c", script], env={**os.environ, **told, **passwords}, check=True
    )
    return json.loads(users.read_text())


def test_each_account_gets_its_password_and_the_administrator_alone_administers(
    tmp_path: Path,
) -> None:
    made = run(tmp_path, BASIC, ADMIN_PASSWORD="a", PLATFORM_API_PASSWORD="p")
    assert made == {
        "admin": {"password": "a", "is_admin": True},
        "platform-api": {"password": "p", "is_admin": False},
    }


@pytest.mark.parametrize("script", [BASIC, OIDC], ids=["MLflow's own", "the plugin"])
def test_a_new_password_replaces_the_old_one_and_a_second_run_changes_nothing(
    tmp_path: Path, script: str
) -> None:
    run(tmp_path, script, TRAINING_PASSWORD="old")
    for _ in range(2):
        made = run(tmp_path, script, TRAINING_PASSWORD="new")
        assert made == {"training": {"password": "new", "is_admin": False}}


def test_a_missing_password_fails_the_job(tmp_path: Path) -> None:
    run(tmp_path, BASIC, TRAINING_PASSWORD="old")
    with pytest.raises(subprocess.CalledProcessError):
        subprocess.run(
            [sys.executable, "-c", BASIC],
            env={
                **os.environ,
                "PYTHONPATH": str(tmp_path / "modules"),
                "DB_URI": str(tmp_path / "users.json"),
                "ACCOUNTS": "training",
                "ADMINISTRATORS": "",
            },
            check=True,
            capture_output=True,
        )


def test_another_way_to_sign_in_makes_the_accounts_anew() -> None:
    names = {
        accounts_job(MlflowAccountsArgs(host="h", passwords="p", oidc=oidc))["metadata"]["name"]
        for oidc in (False, True)
    }
    assert len(names) == 2


def test_a_pod_waits_for_the_version_of_the_password_that_the_job_sets() -> None:
    (container,) = accounts_job(MlflowAccountsArgs(host="h", passwords="p", oidc=False))["spec"][
        "template"
    ]["spec"]["containers"]
    found = {one["name"]: one.get("valueFrom") for one in container["env"]}
    asked = found[PLATFORM_API.variable]["secretKeyRef"]
    assert (asked["name"], asked["key"]) == ("mlflow-platform-api", "password-v1")
