"""What the documents tell people to type exists."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
DOCUMENTS = [ROOT / "README.md", ROOT / "CONTRIBUTING.md", *(ROOT / "docs").rglob("*.md")]
WORKFLOWS = list((ROOT / ".github").rglob("*.yml"))
TARGETS = set(re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text(), re.MULTILINE))


@pytest.mark.parametrize("file", [*DOCUMENTS, *WORKFLOWS], ids=lambda file: file.name)
def test_every_make_target_that_is_named_exists(file: Path) -> None:
    named = re.findall(r"(?:^|`|run: )make ([a-z-]+)", file.read_text(), re.MULTILINE)
    assert set(named) <= TARGETS


def test_ci_runs_the_test_command_of_the_readme() -> None:
    assert "make test " in (ROOT / "README.md").read_text()
    assert (ROOT / ".ci" / "run").read_text().splitlines()[-1] == "exec make test"
    assert (ROOT / ".ci" / "run").stat().st_mode & 0o111
