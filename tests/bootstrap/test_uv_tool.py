"""uv comes from the environment, PATH or the cache, else from pip, pinned and hash-checked."""

import sys
from pathlib import Path

import pytest

from bootstrap.errors import SetupError
from bootstrap.places import Places
from bootstrap.uv_tool import find_uv, pinned_uv, uv_step
from tests.bootstrap.fake_machine import FakeMachine, fails

PIP = f"{sys.executable} -m pip install"


def installs_uv(machine: FakeMachine) -> None:
    """Let pip put a uv into its target folder that answers once it is published."""

    def answer(words: list[str]) -> str:
        target = Path(words[words.index("--target") + 1])
        (target / "bin").mkdir()
        (target / "bin" / "uv").touch()
        machine.answers[str(target.parent / "0.13.8" / "bin" / "uv")] = "uv 0.13.8"
        return ""

    machine.answers[PIP] = answer


def test_a_recent_uv_on_path_is_taken(places: Places) -> None:
    machine = FakeMachine(path={"uv": Path("/usr/bin/uv")}, answers={"/usr/bin/uv": "uv 0.9.1"})
    assert uv_step(machine, places).holds() == "0.9.1, on PATH (/usr/bin/uv)"


@pytest.mark.parametrize("answer", ["uv 0.4.30", fails("uv: pyenv: command not found")])
def test_an_old_or_broken_uv_on_path_is_passed_over(places: Places, answer: str) -> None:
    machine = FakeMachine(path={"uv": Path("/usr/bin/uv")}, answers={"/usr/bin/uv": answer})
    assert find_uv(machine, places) is None


def test_without_uv_the_locked_one_is_installed_with_its_hashes(places: Places) -> None:
    machine = FakeMachine()
    installs_uv(machine)
    step = uv_step(machine, places)
    assert step.make(lambda _: None) == "0.13.8, in the cache, installed with pip"
    command = next(line for line in machine.ran if line.startswith(PIP))
    assert "--require-hashes" in command
    entry = (places.cache / "uv" / "0.13.8" / "uv.lock.txt").read_text()
    assert entry.split() == ["uv==0.13.8", "\\", "--hash=sha256:bb", "\\", "--hash=sha256:cc"]


def test_a_python_without_pip_gets_one_in_a_throw_away_environment(places: Places) -> None:
    machine = FakeMachine(answers={PIP: fails("No module named pip")})
    machine.answers[f"{sys.executable} -m venv"] = ""
    with pytest.raises(SetupError):
        uv_step(machine, places).make(lambda _: None)
    assert any("/pip/bin/python -m pip install" in line for line in machine.ran)


def test_when_nothing_works_each_attempt_and_the_remedy_are_named(places: Places) -> None:
    machine = FakeMachine(
        answers={PIP: fails("No module named pip"), f"{sys.executable} -m venv": fails("ensurepip")}
    )
    with pytest.raises(SetupError) as refused:
        uv_step(machine, places).make(lambda _: None)
    message = str(refused.value)
    assert f"pip of {sys.executable}   No module named pip" in message
    assert f"venv of {sys.executable}  ensurepip" in message
    assert "install uv 0.5 or later" in message
    assert list((places.cache / "uv").iterdir()) == []


def test_a_lock_file_that_pins_no_uv_is_refused() -> None:
    with pytest.raises(SetupError, match="pins no uv"):
        pinned_uv("pytest==9.2.0 \\\n    --hash=sha256:aa\n")
