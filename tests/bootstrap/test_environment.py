"""The environment follows the lock file, and an interrupted installation is done again."""

from pathlib import Path

import pytest

from bootstrap.environment import packages_step, project_step
from bootstrap.errors import SetupError
from bootstrap.places import Places
from tests.bootstrap.fake_machine import FakeMachine, fails


@pytest.fixture
def machine(places: Places) -> FakeMachine:
    """uv is on PATH, and `uv venv` makes a Python 3.11."""

    def venv(_: list[str]) -> str:
        places.python.touch()
        fake.answers[f"{places.python} --version"] = "Python 3.11.7"
        return ""

    fake = FakeMachine(path={"uv": Path("/bin/uv")})
    fake.answers = {"/bin/uv --version": "uv 0.13.8", "/bin/uv --quiet venv": venv}
    fake.answers["/bin/uv --quiet pip"] = ""
    return fake


def quiet(_: str) -> None:
    pass


def test_packages_are_synchronised_with_hashes_required(
    machine: FakeMachine, places: Places
) -> None:
    how = packages_step(machine, places).make(quiet)
    assert how == "2 locked, in .venv (Python 3.11.7)"
    sync = next(line for line in machine.ran if "pip sync" in line)
    assert "--require-hashes" in sync
    assert str(places.lock_file) in sync


def test_an_unchanged_lock_file_installs_nothing(machine: FakeMachine, places: Places) -> None:
    packages_step(machine, places).make(quiet)
    assert packages_step(FakeMachine(), places).holds() == "2 locked, in .venv"


def test_a_changed_lock_file_is_followed(machine: FakeMachine, places: Places) -> None:
    packages_step(machine, places).make(quiet)
    places.lock_file.write_text(
        places.lock_file.read_text() + "rich==15.0.0 \\\n    --hash=sha256:dd\n"
    )
    assert packages_step(machine, places).holds() is None


def test_an_environment_that_works_is_kept(machine: FakeMachine, places: Places) -> None:
    packages_step(machine, places).make(quiet)
    packages_step(machine, places).make(quiet)
    assert sum(" venv " in line for line in machine.ran) == 1


def test_an_environment_of_an_old_python_is_made_anew(machine: FakeMachine, places: Places) -> None:
    machine.answers[f"{places.python} --version"] = "Python 3.10.13"
    packages_step(machine, places).make(quiet)
    assert any(" venv --clear " in line for line in machine.ran)


def test_an_interrupted_synchronisation_does_not_count(
    machine: FakeMachine, places: Places
) -> None:
    packages_step(machine, places).make(quiet)
    machine.answers["/bin/uv --quiet pip"] = fails("uv: connection reset")
    with pytest.raises(SetupError, match="uv pip sync failed: uv: connection reset"):
        packages_step(machine, places).make(quiet)
    assert packages_step(machine, places).holds() is None


def test_synchronising_removes_the_project_so_it_is_installed_again(
    machine: FakeMachine, places: Places
) -> None:
    packages_step(machine, places).make(quiet)
    project_step(machine, places).make(quiet)
    assert project_step(machine, places).holds() == "editable, in .venv"
    packages_step(machine, places).make(quiet)
    assert project_step(machine, places).holds() is None


def test_only_what_an_installed_project_depends_on_reinstalls_it(
    machine: FakeMachine, places: Places
) -> None:
    project_step(machine, places).make(quiet)
    text = places.project_file.read_text()
    places.project_file.write_text(text + "[tool.ruff]\nline-length = 100\n")
    assert project_step(machine, places).holds() == "editable, in .venv"
    places.project_file.write_text(text + '[project.scripts]\nmlops = "ops.main:app"\n')
    assert project_step(machine, places).holds() is None
