"""The stack file as text: a failover changes one line of it and leaves comments alone."""

from __future__ import annotations

import re

from ops.errors import Refused

ROLE = re.compile(r"^(?P<lead> {4}role: *)(?P<role>\"?[a-z]+\"?)", re.MULTILINE)
"""The key of the settings object, which stands two levels deep in the file."""


def with_role(text: str, role: str) -> str:
    """The stack file with another role. Raises Refused where it has none in its place."""
    changed, count = ROLE.subn(rf"\g<lead>{role}", text)
    if count != 1:
        raise Refused(
            f"stack file: expected one line `    role: …` below mlops-platform:settings, found "
            f"{count}; write role: {role} by hand and run the same command again"
        )
    return changed
