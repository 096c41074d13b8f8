"""One simulated cloud for all engine tests, and small programs run through the real engine."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Protocol

import pytest
import yaml

from rehearsal.engine import cloud_process, workspace
from rehearsal.engine.cloud_process import CloudProcess
from rehearsal.engine.pulumi import Stack

PROGRAMS = Path(__file__).parent / "programs"


class Program(Protocol):
    """Makes a stack for one of the programs in `programs/`, by file name, with settings."""

    def __call__(self, name: str, **settings: str) -> Stack: ...


@pytest.fixture(scope="session")
def cloud(tmp_path_factory: pytest.TempPathFactory) -> Iterator[CloudProcess]:
    """A simulated cloud that ends with the test session."""
    running = cloud_process.start(tmp_path_factory.mktemp("cloud"))
    yield running
    running.stop()


@pytest.fixture
def program(cloud: CloudProcess, tmp_path: Path) -> Program:
    """A stack of its own for a program, in a fresh workspace."""

    def make(name: str, **settings: str) -> Stack:
        source = tmp_path / "source"
        (source / "infra").mkdir(parents=True)
        shutil.copy(PROGRAMS / f"{name}.py", source / "infra" / "__main__.py")
        project = name.replace("_", "-")
        (source / "Pulumi.yaml").write_text(f"name: {project}\nmain: infra/\nruntime: python\n")
        config = {f"{project}:{key}": value for key, value in settings.items()}
        (source / "Pulumi.test.yaml").write_text(yaml.safe_dump({"config": config}))
        space = workspace.create(tmp_path / "workspace", source)
        stack = Stack(
            "test", space.project, space.logs, space.environment(cloud.endpoint), parallel=16
        )
        stack.create()
        return stack

    return make
