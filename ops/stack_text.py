"""The stack file as text: a failover changes a few lines of it and leaves comments alone."""

from __future__ import annotations

import re

from ops.errors import Refused

KEY = r"(?m)^(?P<lead> {4}role: *)(?P<value>\S+)(?P<rest>.*)$"
SOURCE = r"(?m)^ {4}source_stack:.*\n"
ZONE = r"(?P<lead>adopted_id: *)source-stack\b"


def as_primary(text: str, zone_id: str | None) -> str:
    """The stack file of a standby that was promoted.

    A primary names no stack that it reads: `source_stack` goes, and the zone that was taken from
    it gets its ID. Raises Refused where the file has no role in its place.
    """
    if not re.search(KEY, text):
        raise Refused(
            "stack file: expected a line `    role: …` below mlops-platform:settings; write "
            "role: primary by hand and run the same command again"
        )
    text = re.sub(KEY, r"\g<lead>primary\g<rest>", text, count=1)
    text = re.sub(SOURCE, "", text)
    if zone_id is not None:
        text = re.sub(ZONE, rf"\g<lead>{zone_id}", text)
    return text
