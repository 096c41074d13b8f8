"""What crane says, or why it said nothing: a program of that name is put on PATH."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

DIGEST = "sha256:" + "a" * 64
ROOT = Path(__file__).parents[2]
ASK = """
import sys
from infra import crane
try:
    print(crane.digest(sys.argv[1]))
except crane.NoDigestError as error:
    print("refused:", error)
"""


def _asked(folder: Path, script: str | None) -> str:
    """What `digest` gives with `script` as crane, and with no other program on PATH."""
    if script is not None:
        program = folder / "crane"
        program.write_text(f"#!{sys.executable}\nimport sys\n{script}\n")
        program.chmod(0o755)
    done = subprocess.run(
        [sys.executable, "-c", ASK, "quay.io/a:1"],
        check=True,
        capture_output=True,
        text=True,
        cwd=ROOT,
        env={**os.environ, "PATH": str(folder)},
    )
    return done.stdout.strip()


@pytest.mark.parametrize(
    ("script", "said"),
    [
        (f"print({DIGEST!r} if sys.argv[1:] == ['digest', 'quay.io/a:1'] else 'no')", DIGEST),
        (None, "refused: crane is not on PATH"),
        ("sys.exit('Error: UNAUTHORIZED')", "refused: Error: UNAUTHORIZED"),
        ("sys.exit(3)", "refused: crane ended with 3"),
        ("print('v1')", "refused: crane said 'v1', expected sha256:<64 digits>"),
    ],
    ids=["a digest", "no crane", "a refusal", "a silent end", "something else"],
)
def test_an_answer_is_a_digest_or_a_reason(tmp_path: Path, script: str | None, said: str) -> None:
    assert _asked(tmp_path, script) == said
