"""A rehearsal's own folder: a copy of the project's settings, the engine's home and state,
and the plugins that stand in for the cloud. Nothing outside it is written."""

from __future__ import annotations

import os
import shutil
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path
from typing import Any

import yaml

from rehearsal.engine.tools import pulumi_cli

PLUGINS: Mapping[str, str] = {
    "aws": "pulumi-aws",
    "eks": "pulumi-eks",
    "kubernetes": "pulumi-kubernetes",
    "random": "pulumi-random",
}
"""Provider plugin and the Python package whose version it stands in for."""
CREDENTIALS = {"AWS_ACCESS_KEY_ID": "AKIAREHEARSAL0000000", "AWS_SECRET_ACCESS_KEY": "rehearsal"}
NOT_PASSED_ON = (
    "AWS_",
    "PULUMI_",
    # Compiling the SDKs' modules anew takes longer than all the rest of a preview.
    "PYTHONDONTWRITEBYTECODE",
)
"""Starts of the names of environment variables that neither engine nor plugins get."""
SETTINGS_KEY = "mlops-platform:settings"

Settings = dict[str, Any]
"""The one object of a stack file."""


@dataclass(frozen=True)
class Workspace:
    """Paths of one rehearsal."""

    root: Path
    project: Path
    """Folder with the copied `Pulumi.*.yaml` and links to the program."""

    @property
    def objects(self) -> Path:
        """File with the objects of the simulated Kubernetes clusters."""
        return self.root / "kubernetes.db"

    @property
    def policy_pack(self) -> Path | None:
        """The project's policy pack, where it has one."""
        pack = self.project / "policies"
        return pack if (pack / "PulumiPolicy.yaml").exists() else None

    @property
    def home(self) -> Path:
        return self.root / "home"

    @property
    def logs(self) -> Path:
        """Folder with the event log of every command that was run."""
        return self.root / "logs"

    def stack_file(self, stack: str) -> Path:
        return self.project / f"Pulumi.{stack}.yaml"

    def edit(self, stack: str, change: Callable[[Settings], None]) -> None:
        """Change the settings in this rehearsal's copy of a stack file."""
        file = self.stack_file(stack)
        document = yaml.safe_load(file.read_text())
        change(document["config"][SETTINGS_KEY])
        file.write_text(yaml.safe_dump(document, sort_keys=False))

    def environment(self, endpoint: str) -> dict[str, str]:
        """Environment for the engine: the simulated cloud is the only one it can reach."""
        kept = {k: v for k, v in os.environ.items() if not k.startswith(NOT_PASSED_ON)}
        path = os.pathsep.join(
            [str(self.root / "bin"), str(pulumi_cli().parent), os.environ.get("PATH", "")]
        )
        return {
            **kept,
            **CREDENTIALS,
            "PATH": path,
            "AWS_ENDPOINT_URL": endpoint,
            "AWS_EC2_METADATA_DISABLED": "true",
            "AWS_CONFIG_FILE": os.devnull,
            "AWS_SHARED_CREDENTIALS_FILE": os.devnull,
            "MLOPS_REHEARSAL_OBJECTS": str(self.objects),
            "PULUMI_HOME": str(self.home),
            "PULUMI_BACKEND_URL": f"file://{self.root / 'state'}",
            "PULUMI_CONFIG_PASSPHRASE": "rehearsal",
            "PULUMI_SKIP_UPDATE_CHECK": "true",
            "PULUMI_DEBUG_COMMANDS": "true",
            "PULUMI_EXPERIMENTAL": "true",
            # The file backend writes the whole state at each operation; a rehearsal that is
            # killed starts anew, so it can do without. Crash drills must not.
            "PULUMI_SKIP_CHECKPOINTS": "true",
            "PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION": "true",
        }


def create(root: Path, source: Path) -> Workspace:
    """Lay out a workspace in the empty folder `root` for the project in `source`."""
    workspace = Workspace(root, root / "project")
    for folder in ("bin", "state", "logs", "home/plugins", "project"):
        (root / folder).mkdir(parents=True, exist_ok=True)
    # Where the engine would keep its own log of every call, compressed and encrypted, which takes
    # most of its processor time. There is no switch; without a folder it goes without.
    (workspace.home / "logs").touch()
    _link_project(source, workspace.project)
    _write_executable(root / "bin" / "pulumi-language-python", "rehearsal.engine.language_host")
    for name, package in PLUGINS.items():
        # In the engine's own plugin folder, not on PATH: it would warn at every command.
        folder = workspace.home / "plugins" / f"resource-{name}-v{version(package)}"
        folder.mkdir()
        _write_executable(folder / f"pulumi-resource-{name}", f"rehearsal.providers.{name}")
    return workspace


def _link_project(source: Path, target: Path) -> None:
    for file in source.glob("Pulumi*.yaml"):
        shutil.copy(file, target / file.name)
    for folder in ("infra", "components", "catalog", "policies", ".venv"):
        if (source / folder).exists():
            (target / folder).symlink_to(source / folder)


def _write_executable(file: Path, module: str) -> None:
    file.write_text(f'#!/bin/sh\nexec "{sys.executable}" -m {module} "$@"\n')
    file.chmod(0o755)
