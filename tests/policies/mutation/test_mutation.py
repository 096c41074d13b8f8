"""The cases of the rules notice when a rule is changed."""

from __future__ import annotations

import json
from pathlib import Path

from tests.policies.mutation.__main__ import LEAST, modules, percent, scored
from tests.policies.mutation.mutants import mutants_of
from tests.policies.mutation.record import Score, keep

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


def test_what_is_said_to_the_type_checker_is_not_mutated(tmp_path: Path) -> None:
    file = tmp_path / "rule.py"
    file.write_text(
        "def found(one):\n    return cast('dict[str, Any]', one.get('key'))\n", encoding="utf-8"
    )
    code = mutants_of(file).code
    assert "one.get('XXkeyXX')" in code
    assert "XXdict[str, Any]XX" not in code
    assert "cast(None" not in code


def test_a_score_is_a_share_of_all_mutants() -> None:
    assert percent([Score("a", 8, ["x"]), Score("b", 2, ["y"])]) == 80
    assert percent([]) == 0


def test_what_judges_is_mutated_and_what_is_for_people_is_not() -> None:
    found = modules()
    assert {"policies.judging", "policies.concerns.buckets"} <= set(found)
    assert "policies.command" not in found


def test_a_newer_score_of_a_module_takes_the_place_of_its_older_one(tmp_path: Path) -> None:
    record = tmp_path / "mutation.json"
    keep(Score("policies.rule", 4, ["x", "y"]), record)
    keep(Score("policies.judging", 8, []), record)
    keep(Score("policies.rule", 5, ["x"]), record)
    found = json.loads(record.read_text(encoding="utf-8"))
    noticed = {file: (one["noticed"], one["mutants"]) for file, one in found.items()}
    assert noticed == {"policies/judging.py": (8, 8), "policies/rule.py": (4, 5)}


def test_a_module_that_is_gone_is_forgotten(tmp_path: Path) -> None:
    record = tmp_path / "mutation.json"
    record.write_text(json.dumps({"policies/gone.py": {"mutants": 1}}), encoding="utf-8")
    keep(Score("policies.rule", 4, []), record)
    assert list(json.loads(record.read_text(encoding="utf-8"))) == ["policies/rule.py"]
