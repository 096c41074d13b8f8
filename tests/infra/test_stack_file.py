"""Reading stack files from disk: what is missing or unreadable is named."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml

from infra.settings import SettingsError
from infra.stack_file import read
from tests.infra.documents import ROOT


@pytest.mark.parametrize("stack", ["production", "dr"])
def test_the_committed_stack_files_are_accepted(stack: str) -> None:
    assert read(stack, ROOT).environment == stack


@pytest.mark.parametrize("stack", ["production", "dr"])
def test_default_providers_are_disabled(stack: str) -> None:
    content = yaml.safe_load((ROOT / f"Pulumi.{stack}.yaml").read_text(encoding="utf-8"))
    assert content["config"]["pulumi:disable-default-providers"] == ["aws", "kubernetes"]


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match=r"Pulumi\.staging\.yaml: not found in"):
        read("staging", tmp_path)


@pytest.mark.parametrize("content", [b"config: [", b"\xff\xfe\x00", b"\t- x"])
def test_a_file_that_is_not_yaml_is_named(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "Pulumi.staging.yaml").write_bytes(content)
    with pytest.raises(SettingsError, match=r"Pulumi\.staging\.yaml: not readable as YAML"):
        read("staging", tmp_path)


@pytest.mark.parametrize("content", ["", "config:", "config: {}", "- config", "config: text"])
def test_a_file_without_settings_is_refused(tmp_path: Path, content: str) -> None:
    (tmp_path / "Pulumi.staging.yaml").write_text(content, encoding="utf-8")
    with pytest.raises(SettingsError, match="mlops-platform:settings: expected one object"):
        read("staging", tmp_path)
