"""`mlops policy` as people and CI use it: what it prints, and how it exits."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from policies.command import app
from policies.properties import SECRET, SIGNATURE
from tests.policies.scene import recorded

STACK = {
    "urn": "urn:pulumi:production::mlops-platform::pulumi:pulumi:Stack::s",
    "type": "pulumi:pulumi:Stack",
}
INSTANCE = recorded("aws:rds/instance:Instance")


def _run(*arguments: str) -> tuple[int, str]:
    result = CliRunner().invoke(app, list(arguments))
    return result.exit_code, result.output


def _entry(inputs: dict[str, Any], name: str = "database-instance") -> dict[str, Any]:
    urn = f"urn:pulumi:production::mlops-platform::{INSTANCE.type}::{name}"
    return {"urn": urn, "type": INSTANCE.type, "inputs": inputs, "outputs": inputs}


def _state(folder: Path, *entries: dict[str, Any]) -> str:
    file = folder / "state.json"
    file.write_text(json.dumps({"version": 3, "deployment": {"resources": [STACK, *entries]}}))
    return str(file)


def test_an_open_database_in_a_state_is_refused_by_name(tmp_path: Path) -> None:
    state = _state(tmp_path, _entry({**INSTANCE.properties, "publiclyAccessible": True}))
    code, output = _run("check", "--state", state)
    assert code == 1
    assert "database-private [critical] database-instance" in output


def test_what_waits_for_its_deletion_is_not_judged(tmp_path: Path) -> None:
    gone = {**_entry({**INSTANCE.properties, "publiclyAccessible": True}), "delete": True}
    _, output = _run("check", "--state", _state(tmp_path, gone))
    assert "database-private" not in output


def test_an_encrypted_secret_in_a_state_is_unknown_and_not_shown(tmp_path: Path) -> None:
    sealed = {SIGNATURE: SECRET, "ciphertext": "v1:abc"}
    state = _state(tmp_path, _entry({**INSTANCE.properties, "publiclyAccessible": sealed}))
    _, output = _run("check", "--state", state, "--format", "json")
    found = [one for one in json.loads(output)["findings"] if one["rule"] == "database-private"]
    assert [one["outcome"] for one in found] == ["unknown"]
    assert "v1:abc" not in output


def test_a_report_is_written_where_it_is_wanted(tmp_path: Path) -> None:
    target = tmp_path / "report.sarif"
    state = _state(tmp_path, _entry({**INSTANCE.properties, "publiclyAccessible": True}))
    code, output = _run("check", "--state", state, "--format", "sarif", "--output", str(target))
    assert (code, output) == (1, "")
    assert json.loads(target.read_text(encoding="utf-8"))["version"] == "2.1.0"


@pytest.mark.parametrize(
    ("content", "told"),
    [
        ("{", "not JSON"),
        ("[]", "expected the object of a `pulumi stack export`"),
        ("{}", "no resource in it"),
        ('{"deployment": {"resources": [{"urn": 1}]}}', "no resource in it"),
        (
            '{"deployment": {"resources": [{"urn": "urn:pulumi:mars::p::t::n", "type": "t"}]}}',
            "mars.yaml: not found",
        ),
    ],
)
def test_a_file_that_is_no_state_is_refused_in_words(
    tmp_path: Path, content: str, told: str
) -> None:
    file = tmp_path / "state.json"
    file.write_text(content)
    code, output = _run("check", "--state", str(file))
    assert code == 2
    assert told in output


def test_a_missing_file_and_no_source_are_refused(tmp_path: Path) -> None:
    assert _run("check", "--state", str(tmp_path / "none.json"))[0] == 2
    code, output = _run("check")
    assert code == 2
    assert "expected --state or --stack" in output


def test_a_folder_of_manifests_is_read_whole(tmp_path: Path) -> None:
    (tmp_path / "a.yaml").write_text(
        "apiVersion: v1\nkind: Namespace\nmetadata: {name: a}\n---\n"
        "apiVersion: v1\nkind: List\nitems: [{apiVersion: apps/v1, kind: Deployment}]\n"
    )
    _, output = _run("check", "--manifests", str(tmp_path), "--format", "json")
    assert json.loads(output)["judged"] == 2


@pytest.mark.parametrize(
    ("text", "told"), [("a: [", "a.yaml: not YAML"), ("a: 1", "a.yaml[0]: no apiVersion")]
)
def test_a_file_that_is_no_manifest_is_named(tmp_path: Path, text: str, told: str) -> None:
    (tmp_path / "a.yaml").write_text(text)
    code, output = _run("check", "--manifests", str(tmp_path))
    assert code == 2
    assert told in output


def test_an_empty_folder_is_refused(tmp_path: Path) -> None:
    code, output = _run("check", "--manifests", str(tmp_path))
    assert code == 2
    assert "no .yaml file" in output


def test_a_rule_is_explained_by_name_or_number() -> None:
    code, output = _run("explain", "database-private")
    assert code == 0
    assert "why: A database with a public address" in output
    assert _run("explain", "31") == (code, output)
    assert _run("explain", "none")[0] == 2


def test_the_list_has_a_line_for_each_rule() -> None:
    _, output = _run("list")
    assert " 31  database-private" in output
    assert "repaired" in output
