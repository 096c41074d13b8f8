"""What belongs to the repository: what git has, and what it would take."""

import subprocess
from pathlib import Path

from upkeep.tracked import text_lines, tracked_files


def test_ignored_and_deleted_files_do_not_belong(tmp_path: Path) -> None:
    subprocess.run(["git", "init", "--quiet", tmp_path], check=True)
    for name in ("kept.txt", "new.txt", "ignored.log", "gone.txt"):
        (tmp_path / name).write_text(name)
    (tmp_path / ".gitignore").write_text("*.log\n")
    subprocess.run(["git", "add", "kept.txt", "gone.txt"], cwd=tmp_path, check=True)
    (tmp_path / "gone.txt").unlink()
    assert sorted(map(str, tracked_files(tmp_path))) == [".gitignore", "kept.txt", "new.txt"]


def test_lines_are_numbered_from_one(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("x\ny\n")
    assert list(text_lines(tmp_path, [Path("a.txt")])) == [
        (Path("a.txt"), 1, "x"),
        (Path("a.txt"), 2, "y"),
    ]
