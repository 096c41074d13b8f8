"""Package registries are not named; container registries and documentation may be."""

from pathlib import Path

import pytest

from upkeep.registry_hosts import HOSTS, named_hosts


@pytest.mark.parametrize("host", HOSTS)
def test_a_registrys_host_is_found_with_its_line(tmp_path: Path, host: str) -> None:
    (tmp_path / "notes.md").write_text(f"first\nfetched from https://{host}/simple\n")
    assert list(named_hosts(tmp_path, [Path("notes.md")])) == [f"notes.md:2: names {host}"]


def test_other_hosts_and_binary_files_are_no_matter(tmp_path: Path) -> None:
    (tmp_path / "notes.md").write_text("https://docs.python.org and public.ecr.aws/x\n")
    (tmp_path / "picture.png").write_bytes(b"\x89PNG\xff\xfe")
    assert list(named_hosts(tmp_path, [Path("notes.md"), Path("picture.png")])) == []
