"""What was learnt from the charts themselves, as `make charts` wrote it: one file each."""

from __future__ import annotations

import json
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

DATA = Path(__file__).parent / "data"


class ContractError(LookupError):
    """A chart whose contract is not there; says how to derive it."""


@cache
def contract(name: str) -> Mapping[str, Any]:
    """The contract of the chart `name`. Raises ContractError where there is none."""
    path = DATA / f"{name}.json"
    if not path.exists():
        raise ContractError(f"{name}: no contract at {path.name}; derive it with make charts")
    return json.loads(path.read_text(encoding="utf-8"))
