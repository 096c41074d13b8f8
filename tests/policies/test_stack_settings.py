"""The expectations of a stack: strict, and every wrong key named."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml

from policies.stack_settings import FOLDER, PolicySettingsError, parse, read


def _document(**changes: object) -> object:
    known = yaml.safe_load((FOLDER / "production.yaml").read_text(encoding="utf-8"))
    return known | changes


@pytest.mark.parametrize(("stack", "role"), [("production", "primary"), ("dr", "standby")])
def test_the_committed_files_are_read(stack: str, role: str) -> None:
    assert read(stack).role == role


@pytest.mark.parametrize("stack", ["production", "dr"])
def test_no_committed_stack_is_exempted_from_anything(stack: str) -> None:
    assert read(stack).exemptions == ()


def test_every_wrong_key_is_named_with_its_value() -> None:
    with pytest.raises(PolicySettingsError) as caught:
        parse(_document(region="mars", colour="blue", key_deletion_days=3), "production.yaml")
    lines = str(caught.value).splitlines()
    assert len(lines) == 3
    assert all(one.startswith("production.yaml: ") for one in lines)
    assert any("production.yaml: region: " in one and "not 'mars'" in one for one in lines)
    assert any("colour" in one and "not permitted" in one for one in lines)
    assert any("key_deletion_days" in one and "not 3" in one for one in lines)


def test_a_stack_without_expectations_is_told_how_to_get_some() -> None:
    with pytest.raises(PolicySettingsError, match="copy of one of: dr, link, production"):
        read("staging")


def test_what_is_not_yaml_is_named(tmp_path: Path) -> None:
    (tmp_path / "x.yaml").write_text("a: [", encoding="utf-8")
    with pytest.raises(PolicySettingsError, match=r"x\.yaml: not YAML: while parsing a flow node"):
        read("x", tmp_path)


def test_what_is_no_object_is_told_as_the_file(tmp_path: Path) -> None:
    (tmp_path / "x.yaml").write_text("mars", encoding="utf-8")
    with pytest.raises(PolicySettingsError) as caught:
        read("x", tmp_path)
    assert str(caught.value).startswith("policies/stacks/x.yaml: file: Input should be")
    assert str(caught.value).endswith("not 'mars'")


@pytest.mark.parametrize("missing", ["rule", "resource", "reason", "until"])
def test_an_exemption_names_rule_resource_reason_and_date(missing: str) -> None:
    whole = {
        "rule": "database-private", "resource": "database-instance", "until": "2027-01-31",
        "reason": "Until the vendor's appliance is inside the network.",
    }  # fmt: skip
    assert parse(_document(exemptions=[whole]), "f").exemptions[0].rule == "database-private"
    with pytest.raises(PolicySettingsError, match=f"exemptions.0.{missing}"):
        parse(_document(exemptions=[{k: v for k, v in whole.items() if k != missing}]), "f")
