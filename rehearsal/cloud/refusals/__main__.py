"""`python -m rehearsal.cloud.refusals`: write the refusals table into its document."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from rehearsal.cloud.refusals import table

DOCUMENT = Path("docs/simulated-cloud.md")


def main() -> int:
    """0 if the document is up to date afterwards, 1 if `--check` finds that it is not."""
    parser = argparse.ArgumentParser(prog="python -m rehearsal.cloud.refusals")
    parser.add_argument("--check", action="store_true", help="change nothing, tell by exit code")
    arguments = parser.parse_args()
    before = DOCUMENT.read_text()
    after = table.placed(before)
    if arguments.check and before != after:
        sys.stderr.write(f"{DOCUMENT} is not up to date: run python -m rehearsal.cloud.refusals\n")
        return 1
    if before != after:
        DOCUMENT.write_text(after)
    return 0


if __name__ == "__main__":
    sys.exit(main())
