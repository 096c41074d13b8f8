"""`mlops images`: the list for a copy, and the lock."""

from __future__ import annotations

import hashlib
import os
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from infra import image_lock
from infra.crane import Asks, NoDigestError
from infra.images import command
from tests.infra.documents import ROOT

KUBECTL = "registry.k8s.io/kubectl:v1.35.0"


def digest_of(image: str) -> str:
    """A digest as good as any."""
    return f"sha256:{hashlib.sha256(image.encode()).hexdigest()}"


def nobody(image: str) -> str:
    raise AssertionError(f"asked for {image}")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """The committed stack files, with no lock."""
    for stack in ("production", "dr"):
        shutil.copy(ROOT / f"Pulumi.{stack}.yaml", tmp_path)
    return tmp_path


def ran(folder: Path, asks: Asks, *arguments: str) -> Result:
    return CliRunner().invoke(command(folder, asks), list(arguments))


def test_without_write_it_lists_and_writes_nothing(folder: Path) -> None:
    before = sorted(folder.iterdir())
    done = ran(folder, nobody)
    assert done.exit_code == 0
    assert f"{KUBECTL} <mirror>/{KUBECTL}" in done.stdout.splitlines()
    assert sorted(folder.iterdir()) == before


def test_the_accounts_own_images_are_not_listed(folder: Path) -> None:
    assert "amazonaws.com" not in ran(folder, nobody).stdout


def test_a_chart_that_brings_a_digest_is_copied_by_it(folder: Path) -> None:
    (karpenter,) = [line for line in ran(folder, nobody).stdout.splitlines() if "karpenter" in line]
    source, target = karpenter.split()
    assert source.startswith("public.ecr.aws/karpenter/controller@sha256:")
    assert target == "<mirror>/public.ecr.aws/karpenter/controller:1.14.1"


def test_write_asks_for_what_the_lock_lacks_and_keeps_the_rest(folder: Path) -> None:
    kept = "sha256:" + "1" * 64
    lock = folder / "images.lock"
    image_lock.write(lock, {KUBECTL: kept, "quay.io/of/another-stack:1": kept})
    asked: list[str] = []

    def asks(image: str) -> str:
        asked.append(image)
        return digest_of(image)

    done = ran(folder, asks, "production", "--write")
    assert (done.exit_code, done.stderr) == (0, "")
    digests = image_lock.read(lock)
    assert KUBECTL not in asked
    assert digests[KUBECTL] == digests["quay.io/of/another-stack:1"] == kept
    assert digests["docker.io/velero/velero:v1.18.1"] == digest_of(
        "docker.io/velero/velero:v1.18.1"
    )
    assert done.stdout == f"images.lock: a digest for each of {len(digests) - 1} images\n"


def test_a_second_run_asks_nobody(folder: Path) -> None:
    ran(folder, digest_of, "--write")
    before = (folder / "images.lock").read_text()
    assert ran(folder, nobody, "--write").exit_code == 0
    assert (folder / "images.lock").read_text() == before


def test_locked_images_are_copied_by_their_digests(folder: Path) -> None:
    ran(folder, digest_of, "--write")
    repository, _, _ = KUBECTL.partition(":")
    line = f"{repository}@{digest_of(KUBECTL)} <mirror>/{KUBECTL}"
    assert line in ran(folder, nobody).stdout.splitlines()


def test_an_image_that_nobody_tells_of_is_named_and_the_others_are_written(folder: Path) -> None:
    def asks(image: str) -> str:
        if image == KUBECTL:
            raise NoDigestError("UNAUTHORIZED")
        return digest_of(image)

    done = ran(folder, asks, "--write")
    assert done.exit_code == 1
    assert done.stderr.startswith("images.lock: no digest of 1 of ")
    assert done.stderr.endswith(f"{KUBECTL}: UNAUTHORIZED\n")
    digests = image_lock.read(folder / "images.lock")
    assert KUBECTL not in digests
    assert len(digests) > 40


@pytest.mark.parametrize("arguments", [(), ("--write",)], ids=["listing", "writing"])
def test_a_bad_lock_is_refused_and_stays(folder: Path, arguments: tuple[str, ...]) -> None:
    (folder / "images.lock").write_text("quay.io/a:1\n")
    done = ran(folder, nobody, *arguments)
    assert done.exit_code == 1
    assert done.stderr.startswith("images.lock:1: 'quay.io/a:1', expected")
    assert (folder / "images.lock").read_text() == "quay.io/a:1\n"


def test_a_stack_that_is_not_there_is_refused(folder: Path) -> None:
    done = ran(folder, nobody, "staging")
    assert done.exit_code == 1
    assert "Pulumi.staging.yaml: not found" in done.stderr


@pytest.mark.parametrize(
    "program",
    [["-m", "infra.images"], ["-c", "from ops.main import app; app()", "images"]],
    ids=["the program", "mlops"],
)
def test_its_end_says_that_a_stack_is_not_there(program: list[str]) -> None:
    done = subprocess.run(
        [sys.executable, *program, "staging"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 1
    assert done.stderr.startswith("Pulumi.staging.yaml: not found")
    assert done.stdout == ""


def test_killed_while_it_asks_it_leaves_the_lock_as_it_was(folder: Path) -> None:
    """A real process, a real signal, a crane that does not answer."""
    lock, asked = folder / "images.lock", folder / "asked"
    image_lock.write(lock, {"quay.io/a:1": digest_of("a")})
    before = lock.read_text()
    crane = folder / "crane"
    crane.write_text(f"#!{sys.executable}\nimport time\nopen({str(asked)!r}, 'w')\ntime.sleep(30)")
    crane.chmod(0o755)
    start = (
        "from pathlib import Path\nfrom infra import crane\nfrom infra.images import command\n"
        f"command(Path({str(folder)!r}), crane.digest)(['--write'])"
    )
    process = subprocess.Popen(
        [sys.executable, "-c", start],
        cwd=ROOT,
        env={**os.environ, "PATH": str(folder)},
        start_new_session=True,
    )
    deadline = time.monotonic() + 60
    while not asked.exists():
        assert time.monotonic() < deadline
        assert process.poll() is None
        time.sleep(0.05)
    os.killpg(process.pid, signal.SIGKILL)
    assert process.wait() == -signal.SIGKILL
    assert lock.read_text() == before
