"""`python3 -m bootstrap [setup|control-plane]`: reach every step, one line each with its time."""

import sys

OLDEST_PYTHON = (3, 11)


def main() -> int:
    """Exit status of setup; refuses a Python that could not even read the other modules."""
    if sys.version_info < OLDEST_PYTHON:
        found = sys.version.split()[0]
        print(f"setup: Python 3.11 or later is needed, {sys.executable} is {found}")
        print("What to do: install one, then run make setup PYTHON=python3.12 (or its path)")
        return 1
    from bootstrap.command import PLANS, run

    wanted = sys.argv[1] if len(sys.argv) > 1 else "setup"
    if wanted not in PLANS:
        print(f"bootstrap: {wanted}: expected one of {', '.join(PLANS)}")
        return 2
    return run(wanted)


if __name__ == "__main__":
    sys.exit(main())
