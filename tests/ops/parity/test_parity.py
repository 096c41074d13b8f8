"""A standby is like its primary, or it is told in what it is not."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from ops.main import app
from ops.parity.allowed import Allowance, AllowedError, judge, read
from ops.parity.difference import Difference, differences
from ops.parity.state import StateError, parse
from tests.ops.parity.stacks import bucket, document, key, state


def between(first: dict[str, Any], second: dict[str, Any]) -> list[Difference]:
    """Of a bucket whose inputs are others on each side."""
    primary = state("production", key("production"), bucket("production", **first))
    return list(differences(primary, state("dr", key("dr"), bucket("dr", **second))))


def test_names_regions_keys_and_identities_are_no_difference() -> None:
    assert between({}, {}) == []


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ("10.0.16.0/20", "10.1.16.0/20"),
        ("10.0.0.2", "10.1.0.2"),
        ("us-east-1a", "us-west-2a"),
        ("copied to us-west-2", "copied to us-east-1"),
        ("of production alone", "of dr alone"),
        ('{"Environment": "production"}', '{"Environment": "dr"}'),
    ],
)
def test_what_must_differ_is_no_difference(first: str, second: str) -> None:
    assert between({"about": first}, {"about": second}) == []


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ("10.0.16.0/20", "10.1.32.0/20"),
        ("10.0.16.0/20", "10.1.16.0/24"),
        ("10.0.0.0/8", "10.1.0.0/8"),
        ("us-east-1a", "us-west-2b"),
        ("us-east-1", "us-east-1"),
        ("drift", "production"),
        (True, False),
        ("1", 1),
    ],
)
def test_anything_else_is_one(first: object, second: object) -> None:
    [found] = between({"about": first}, {"about": second})
    assert (found.resource, found.kind, found.path) == ("Bucket/buckets-models", "differs", "about")


def test_a_policy_is_compared_statement_by_statement() -> None:
    policy = {"Statement": [{"Sid": "Read", "Action": "s3:Get*"}, {"Sid": "Key", "Action": "x"}]}
    looser = {"Statement": [{"Sid": "Key", "Action": "x"}, {"Sid": "Read", "Action": "s3:*"}]}
    [found] = between({"about": json.dumps(policy)}, {"about": json.dumps(looser)})
    assert (found.path, found.first, found.second) == (
        "about.Statement.[Read].Action", "s3:Get*", "s3:*",
    )  # fmt: skip


def test_the_order_of_nameless_members_does_not_matter() -> None:
    assert between({"about": [{"x": 1}, {"x": 2}]}, {"about": [{"x": 2}, {"x": 1}]}) == []


def test_a_member_that_one_side_lacks_is_told_alone() -> None:
    [found] = between({"about": [{"x": 1}, {"x": 2}]}, {"about": [{"x": 2}]})
    assert (found.path, found.first) == ("about.[0]", '{"x": 1}')


def test_a_reference_to_another_resource_is_a_difference() -> None:
    primary = state("production", key("production"), bucket("production"))
    other = bucket("dr")
    other["inputs"]["key"] = "arn:aws:kms:us-west-2:123456789012:key/somebody-elses"
    [found] = differences(primary, state("dr", key("dr"), other))
    assert (found.path, found.first) == ("key", "<keys-data.arn>")


def test_a_resource_of_one_side_is_told() -> None:
    primary = state("production", key("production"), bucket("production"))
    [found] = differences(primary, state("dr", key("dr")))
    assert str(found) == "Bucket/buckets-models: only in the first"


def test_a_secret_is_compared_and_shown_by_nothing_but_its_presence() -> None:
    sealed = {"4dabf18193072939515e22adb298388d": "1b47061264138c4ac30d75fd1eb44270"}
    one, other = {**sealed, "ciphertext": "a"}, {**sealed, "ciphertext": "b"}
    assert between({"about": one}, {"about": other}) == []
    [found] = between({"about": one}, {"about": "plain"})
    assert "ciphertext" not in str(found)


def allowing(**fields: Any) -> Allowance:
    return Allowance.model_validate(
        {"resources": ["Bucket/*"], "reason": "it is meant for this test", **fields}
    )


def test_what_is_allowed_passes_and_what_is_not_does_not() -> None:
    found = between({"about": 1, "size": 1}, {"about": 2, "size": 2})
    judgement = judge(found, [allowing(inputs=["about"])])
    assert [one.path for one in judgement.unexpected] == ["size"]
    assert not judgement.passed
    assert judge(found, [allowing(inputs=["about", "size"])]).passed


def test_an_allowance_is_for_one_side() -> None:
    primary = state("production", key("production"), bucket("production"))
    found = list(differences(primary, state("dr", key("dr"))))
    assert judge(found, [allowing(only="primary")]).passed
    assert judge(found, [allowing(only="standby")]).unexpected == found


def test_an_allowance_that_nothing_needs_is_refused() -> None:
    judgement = judge(between({}, {}), [allowing(inputs=["about"])])
    assert not judgement.passed
    assert len(judgement.unused) == 1


@pytest.mark.parametrize(
    "entry",
    ["- resources: [x]\n  reason: long enough a reason\n",
     "- resources: [x]\n  inputs: [y]\n  only: primary\n  reason: long enough a reason\n",
     "- resources: [x]\n  inputs: [y]\n  reason: short\n",
     "- resources: []\n  inputs: [y]\n  reason: long enough a reason\n",
     "resources: x", "[", "- colour: blue"],
)  # fmt: skip
def test_a_list_that_is_wrong_is_refused(tmp_path: Path, entry: str) -> None:
    (tmp_path / "allowed.yaml").write_text(entry)
    with pytest.raises(AllowedError, match=r"allowed\.yaml"):
        read(tmp_path / "allowed.yaml")


def test_every_committed_allowance_has_its_reason() -> None:
    assert all(one.reason.endswith(".") for one in read())


def test_a_stack_of_another_version_is_refused() -> None:
    old = document("production")
    del old["deployment"]["resources"][0]["outputs"]["network"]
    with pytest.raises(StateError, match=r"production\.json: stack outputs: network"):
        parse(old, "production.json")


@pytest.mark.parametrize("wrong", [[], {}, {"deployment": {"resources": []}}, {"deployment": 1}])
def test_a_file_that_is_no_state_is_refused(wrong: object) -> None:
    with pytest.raises(StateError, match=r"x\.json: "):
        parse(wrong, "x.json")


def run(folder: Path, *stacks: dict[str, Any], allow: str = "[]") -> tuple[int, str]:
    arguments = ["parity", "--allow", str(folder / "allow.yaml")]
    (folder / "allow.yaml").write_text(allow)
    for place, one in enumerate(stacks):
        file = folder / f"{place}.json"
        file.write_text(json.dumps(one))
        arguments += ["--state", str(file)]
    result = CliRunner().invoke(app, arguments)
    return result.exit_code, result.output


def test_the_command_says_how_many_differ_and_in_what(tmp_path: Path) -> None:
    primary = document("production", key("production"), bucket("production", size=1))
    code, told = run(tmp_path, document("dr", key("dr"), bucket("dr", size=2)), primary)
    assert code == 1
    assert "differs: Bucket/buckets-models: size: 1 and 2" in told
    assert "4 resources of production and dr, 1 differences, 1 not allowed" in told
    code, told = run(tmp_path, primary, document("dr", key("dr"), bucket("dr", size=1)))
    assert code == 0


def test_two_primaries_are_not_compared(tmp_path: Path) -> None:
    one = document("production")
    code, told = run(tmp_path, one, one)
    assert code == 2
    assert "expected one primary and one standby" in told
