"""The pack, as `pulumi --policy-pack policies` starts it: judges until the engine is done."""

from __future__ import annotations

import sys
from pathlib import Path

# Started by path, this folder comes first and its modules would shadow others'.
sys.path[:] = [str(Path(__file__).resolve().parents[1]), *sys.path[1:]]

if __name__ == "__main__":
    from policies.engine.bare_protocol import without_sdk

    without_sdk()

    from policies.catalogue import RULES
    from policies.engine.analyzer import Analyzer
    from policies.engine.server import serve

    serve(Analyzer(RULES))
