"""`python -m upkeep.image build | wheels | packages`: make the image, or renew its pins."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable
from pathlib import Path

from bootstrap.errors import AttemptFailed
from bootstrap.machine import ThisMachine
from bootstrap.places import Places
from upkeep.image.build import build
from upkeep.image.pins import PINS, Pins, newest_packages, newest_wheels, read_pins, write_pins

ROOT = Path(__file__).resolve().parents[2]
TARGET = ROOT / "build" / "lease-image"
ADVICE = (
    "the pins are Debian 12's for amd64: run this where apt-get reaches its archive, and if it no "
    "longer serves a version, renew the pins with python -m upkeep.image packages"
)


def main() -> int:
    """Exit status; 1 when an archive cannot be had."""
    parser = argparse.ArgumentParser(prog="upkeep.image", description="The lease agent's image.")
    parser.add_argument("command", choices=COMMANDS)
    try:
        COMMANDS[parser.parse_args().command](Places.of(ROOT))
    except AttemptFailed as failure:
        _say(f"lease-image: {failure}\n  → {ADVICE}")
        return 1
    return 0


def _build(places: Places) -> None:
    cache = places.cache / "lease-image"
    digest = build(ThisMachine(), ROOT, read_pins(), cache, places.python, TARGET, tell=_say)
    _say(f"{TARGET.relative_to(ROOT)}  {digest}")


def _wheels(places: Places) -> None:
    wheels = newest_wheels(ThisMachine(), ROOT, places.python)
    _write(Pins(debian=read_pins().debian, wheels=wheels))


def _packages(_: Places) -> None:
    _write(Pins(debian=newest_packages(ThisMachine()), wheels=read_pins().wheels))


def _write(pins: Pins) -> None:
    write_pins(pins)
    _say(f"wrote {PINS.relative_to(ROOT)}")


def _say(line: str) -> None:
    print(line, flush=True)


COMMANDS: dict[str, Callable[[Places], None]] = {
    "build": _build,
    "packages": _packages,
    "wheels": _wheels,
}

if __name__ == "__main__":
    sys.exit(main())
