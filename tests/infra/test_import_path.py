"""The folder infra/ is the program's first import path, so its modules may shadow nothing."""

from __future__ import annotations

import sys
from importlib.machinery import PathFinder

import pytest

from tests.infra.documents import ROOT

MODULES = sorted(path.stem for path in (ROOT / "infra").glob("*.py") if path.stem[0] != "_")


@pytest.mark.parametrize("module", MODULES)
def test_no_module_of_infra_shadows_another(module: str) -> None:
    assert module not in sys.stdlib_module_names
    elsewhere = [entry for entry in sys.path if entry and entry != str(ROOT / "infra")]
    assert PathFinder.find_spec(module, elsewhere) is None
