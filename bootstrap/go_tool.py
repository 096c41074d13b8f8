"""The Go toolchain on PATH."""

from pathlib import Path

from bootstrap.errors import AttemptFailed
from bootstrap.machine import Machine
from bootstrap.versions import Version, dotted, version_in

OLDEST_GO: Version = (1, 21, 0)
"""The first that fetches by itself the newer toolchain that go.mod asks for."""


def go_tool(machine: Machine) -> Path:
    """Where Go is; raises AttemptFailed where there is none, or one that is too old."""
    go = machine.which("go")
    if go is None:
        raise AttemptFailed("go is not on PATH")
    version = version_in(machine.run(go, "env", "GOVERSION") + ".0")
    if version is None or version < OLDEST_GO:
        found = dotted(version) if version else "of unknown version"
        raise AttemptFailed(f"{go} is {found}; {dotted(OLDEST_GO)} or later is needed")
    return go
