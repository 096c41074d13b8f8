"""A rehearsal's folder is its own: the project stays as it is."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
import yaml

from rehearsal.engine import tools, workspace
from rehearsal.engine.tools import MissingTool
from rehearsal.engine.workspace import PLUGINS, Workspace


@pytest.fixture
def project(tmp_path: Path) -> Path:
    folder = tmp_path / "project"
    (folder / "infra").mkdir(parents=True)
    (folder / "Pulumi.yaml").write_text("name: mlops-platform\n")
    document = {"config": {workspace.SETTINGS_KEY: {"region": "us-east-1"}}}
    (folder / "Pulumi.production.yaml").write_text(yaml.safe_dump(document))
    return folder


@pytest.fixture
def space(tmp_path: Path, project: Path) -> Workspace:
    return workspace.create(tmp_path / "workspace", project)


def test_an_edit_changes_the_copy_and_not_the_project(space: Workspace, project: Path) -> None:
    space.edit("production", lambda settings: settings.update(region="eu-west-1"))
    assert "eu-west-1" in space.stack_file("production").read_text()
    assert "us-east-1" in (project / "Pulumi.production.yaml").read_text()


def test_every_plugin_is_an_executable_where_the_engine_looks(space: Workspace) -> None:
    found = {file.name for file in space.home.glob("plugins/*/*") if os.access(file, os.X_OK)}
    assert found == {f"pulumi-resource-{name}" for name in PLUGINS}


def test_the_engine_sees_no_credentials_of_the_user(
    space: Workspace, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    (tmp_path / "cache" / "bin").mkdir(parents=True)
    (tmp_path / "cache" / "bin" / "pulumi").touch()
    monkeypatch.setenv("MLOPS_CACHE_DIR", str(tmp_path / "cache"))
    monkeypatch.setenv("AWS_PROFILE", "the-real-one")
    monkeypatch.setenv("PULUMI_ACCESS_TOKEN", "secret")
    environment = space.environment("http://127.0.0.1:1")
    assert "AWS_PROFILE" not in environment
    assert "PULUMI_ACCESS_TOKEN" not in environment
    assert environment["AWS_ENDPOINT_URL"] == "http://127.0.0.1:1"
    assert environment["AWS_CONFIG_FILE"] == os.devnull


def test_a_missing_cli_names_itself_and_the_command_that_installs_it(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("MLOPS_CACHE_DIR", str(tmp_path))
    monkeypatch.setenv("PATH", "")
    with pytest.raises(MissingTool, match="pulumi: not on PATH .* run `make setup`"):
        tools.pulumi_cli()


def test_the_engine_cannot_keep_a_log_of_its_own(space: Workspace) -> None:
    assert (space.home / "logs").is_file()
