"""Actions are pinned by commit, so that nobody can move a tag under them."""

from pathlib import Path

import pytest

from upkeep.action_pins import unpinned_actions

COMMIT = "0123456789abcdef0123456789abcdef01234567"


def unpinned(folder: Path, uses: str) -> list[str]:
    (folder / "ci.yml").write_text(f"steps:\n  - uses: {uses}\n")
    return list(unpinned_actions(folder, [Path("ci.yml")]))


@pytest.mark.parametrize(
    "uses",
    [f"actions/checkout@{COMMIT}  # v6.0.1", f"a/b/c@{COMMIT} # 2.0", "./.github/actions/setup"],
)
def test_a_pinned_or_local_action_passes(tmp_path: Path, uses: str) -> None:
    assert unpinned(tmp_path, uses) == []


@pytest.mark.parametrize("uses", ["actions/checkout@v6", "actions/checkout@main", "a/b@0123456"])
def test_a_tag_a_branch_or_a_short_commit_is_refused(tmp_path: Path, uses: str) -> None:
    assert unpinned(tmp_path, uses) == [f"ci.yml:2: {uses} is not pinned to a full commit"]


def test_a_pin_that_does_not_say_its_version_is_refused(tmp_path: Path) -> None:
    assert unpinned(tmp_path, f"a/b@{COMMIT}") == [
        f"ci.yml:2: a/b@{COMMIT} does not say its version"
    ]
