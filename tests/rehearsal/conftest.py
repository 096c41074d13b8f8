"""One simulated cloud for all engine tests, and small programs run through the real engine."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from rehearsal.engine import cloud_process, workspace
from rehearsal.engine.cloud_process import CloudProcess
from rehearsal.engine.pulumi import Stack

PROGRAMS = Path(__file__).parent / "programs"

Program = Callable[[str], Stack]


@pytest.fixture(scope="session")
def cloud(tmp_path_factory: pytest.TempPathFactory) -> Iterator[CloudProcess]:
    """A simulated cloud that ends with the test session."""
    running = cloud_process.start(tmp_path_factory.mktemp("cloud"))
    yield running
    running.stop()


@pytest.fixture
def program(cloud: CloudProcess, tmp_path: Path) -> Program:
    """A stack for one of the programs in `programs/`, by file name."""

    def make(name: str) -> Stack:
        source = tmp_path / "source"
        (source / "infra").mkdir(parents=True)
        shutil.copy(PROGRAMS / f"{name}.py", source / "infra" / "__main__.py")
        (source / "Pulumi.yaml").write_text(
            f"name: {name.replace('_', '-')}\nmain: infra/\nruntime: python\n"
        )
        space = workspace.create(tmp_path / "workspace", source)
        stack = Stack(
            "test", space.project, space.logs, space.environment(cloud.endpoint), parallel=16
        )
        stack.create()
        return stack

    return make
