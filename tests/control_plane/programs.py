"""Where the programs of the control plane are, as `make control-plane` left them."""

from __future__ import annotations

from pathlib import Path

from bootstrap.places import Places

ROOT = Path(__file__).resolve().parents[2]


def program(name: str) -> Path:
    """Path of a program. Raises FileNotFoundError that says how to get it."""
    path = Places.of(ROOT).control_plane / name
    if not path.exists():
        raise FileNotFoundError(f"{path}: no {name}; run make control-plane")
    return path
