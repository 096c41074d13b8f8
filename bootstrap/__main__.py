"""`python3 -m bootstrap`: reach every setup step, one line each with the time it took."""

import sys

OLDEST_PYTHON = (3, 11)


def main() -> int:
    """Exit status of setup; refuses a Python that could not even read the other modules."""
    if sys.version_info < OLDEST_PYTHON:
        found = sys.version.split()[0]
        print(f"setup: Python 3.11 or later is needed, {sys.executable} is {found}")
        print("What to do: install one, then run make setup PYTHON=python3.12 (or its path)")
        return 1
    from bootstrap.command import run

    return run()


if __name__ == "__main__":
    sys.exit(main())
