"""`python -m upkeep check | docs | lock`: what the Makefile's targets of those names call."""

import argparse
import sys
from collections.abc import Callable

from upkeep.checks import failed_checks
from upkeep.documents import write_documents
from upkeep.lock_file import write_lock
from upkeep.repository import DOCUMENTS, ROOT, all_checks


def main() -> int:
    """Exit status of the chosen command."""
    parser = argparse.ArgumentParser(prog="upkeep", description="Keep the repository in order.")
    parser.add_argument("command", choices=COMMANDS)
    return COMMANDS[parser.parse_args().command]()


def _check() -> int:
    failed = failed_checks(all_checks(ROOT), say=_say)
    if failed:
        _say(f"check: {', '.join(failed)} failed")
    return 1 if failed else 0


def _docs() -> int:
    for path in write_documents(ROOT, DOCUMENTS):
        _say(f"wrote {path}")
    return 0


def _lock() -> int:
    write_lock(ROOT)
    return 0


def _say(line: str) -> None:
    print(line, flush=True)


COMMANDS: dict[str, Callable[[], int]] = {"check": _check, "docs": _docs, "lock": _lock}

if __name__ == "__main__":
    sys.exit(main())
