"""The engine's messages without the SDK around them, which takes longer to import than a whole
preview takes to judge. For the pack's own process only: there nothing else is wanted of it."""

from __future__ import annotations

import sys
from importlib.util import find_spec, module_from_spec

PACKAGES = ("pulumi", "pulumi.runtime", "pulumi.runtime.proto")
"""Packages on the way to the messages. What their `__init__` imports is the SDK."""


def without_sdk() -> None:
    """Let modules below `PACKAGES` be imported without running the packages themselves. Does
    nothing where they are imported already, or are not laid out so."""
    if PACKAGES[0] in sys.modules:
        return
    for name in PACKAGES:
        spec = find_spec(name)
        if spec is None:
            return
        sys.modules[name] = module_from_spec(spec)
