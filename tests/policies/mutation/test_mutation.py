"""The cases of the rules notice when a rule is changed."""

from __future__ import annotations

from pathlib import Path

from tests.policies.mutation.__main__ import LEAST, Score, percent, scored
from tests.policies.mutation.mutants import mutants_of

SAMPLE = "policies.concerns.file_systems"


def test_the_cases_of_a_concern_notice_its_mutants() -> None:
    (found,) = scored([SAMPLE])
    assert found.mutants > 50
    assert percent([found]) >= LEAST, found.survived


def test_words_for_people_are_not_mutated(tmp_path: Path) -> None:
    file = tmp_path / "rule.py"
    file.write_text(
        "def broken(one):\n"
        "    if one.text('key') != 'a':\n"
        "        yield Broken('key', one.shown('key'), 'an a', 'a')\n",
        encoding="utf-8",
    )
    code = mutants_of(file).code
    assert "one.text('XXkeyXX')" in code
    assert "Broken('XXkeyXX', one.shown('key'), 'an a', 'a')" in code
    assert "XXan aXX" not in code
    assert "one.shown('XXkeyXX')" not in code


def test_a_score_is_a_share_of_all_mutants() -> None:
    assert percent([Score("a", 8, ["x"]), Score("b", 2, ["y"])]) == 80
    assert percent([]) == 0
