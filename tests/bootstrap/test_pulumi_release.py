"""The official release is used only if its checksum is the published one."""

import hashlib
import io
import tarfile
from pathlib import Path

import pytest

from bootstrap.errors import AttemptFailed
from bootstrap.pulumi_release import archive_name, fetch_release
from tests.bootstrap.fake_machine import FakeMachine

NAME = "pulumi-v3.259.0-linux-x64.tar.gz"
ARCHIVE = f"https://get.pulumi.com/releases/sdk/{NAME}"
SUMS = "https://github.com/pulumi/pulumi/releases/download/v3.259.0/pulumi-3.259.0-checksums.txt"
VERSION = (3, 259, 0)


def archive(*members: str) -> bytes:
    content = io.BytesIO()
    with tarfile.open(fileobj=content, mode="w:gz") as tar:
        for member in members:
            entry = tarfile.TarInfo(member)
            entry.size = len(member)
            tar.addfile(entry, io.BytesIO(member.encode()))
    return content.getvalue()


def serving(content: bytes, digest: str | None = None) -> FakeMachine:
    digest = digest or hashlib.sha256(content).hexdigest()
    sums = f"{'0' * 64}  pulumi-v3.259.0-darwin-arm64.tar.gz\n{digest}  {NAME}\n"
    return FakeMachine(served={ARCHIVE: content, SUMS: sums.encode()})


def test_the_cli_and_its_language_hosts_are_unpacked(tmp_path: Path) -> None:
    fetch_release(
        serving(archive("pulumi/pulumi", "pulumi/pulumi-language-python")), VERSION, tmp_path
    )
    assert (tmp_path / "pulumi").read_text() == "pulumi/pulumi"
    assert (tmp_path / "pulumi").stat().st_mode & 0o111
    assert (tmp_path / "pulumi-language-python").exists()
    assert not (tmp_path / NAME).exists()


def test_an_altered_archive_is_refused(tmp_path: Path) -> None:
    machine = serving(archive("pulumi/pulumi"), digest="f" * 64)
    with pytest.raises(AttemptFailed, match="has checksum .*, expected ffff"):
        fetch_release(machine, VERSION, tmp_path)
    assert not (tmp_path / "pulumi").exists()


def test_an_archive_without_a_published_checksum_is_refused(tmp_path: Path) -> None:
    machine = serving(archive("pulumi/pulumi"))
    machine.served[SUMS] = b"00  something-else.tar.gz\n"
    with pytest.raises(AttemptFailed, match=f"do not list {NAME}"):
        fetch_release(machine, VERSION, tmp_path)


def test_no_member_can_leave_the_folder(tmp_path: Path) -> None:
    inside = tmp_path / "inside"
    inside.mkdir()
    fetch_release(serving(archive("pulumi/../../pulumi")), VERSION, inside)
    assert [path.name for path in tmp_path.iterdir()] == ["inside"]


@pytest.mark.parametrize(
    ("system", "processor", "name"),
    [
        ("Linux", "x86_64", NAME),
        ("Linux", "aarch64", "pulumi-v3.259.0-linux-arm64.tar.gz"),
        ("Darwin", "arm64", "pulumi-v3.259.0-darwin-arm64.tar.gz"),
    ],
)
def test_the_archive_is_named_after_the_machine(system: str, processor: str, name: str) -> None:
    assert archive_name(VERSION, system, processor) == name


def test_a_machine_without_a_release_is_named() -> None:
    with pytest.raises(AttemptFailed, match="no release for Linux on riscv64"):
        archive_name(VERSION, "Linux", "riscv64")
