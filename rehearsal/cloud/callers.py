"""Who makes a call: what a rehearsal's programs say of themselves, beside what AWS is told."""

from __future__ import annotations

import re

from rehearsal.calling import HEADER
from rehearsal.cloud.wire import Environ

_HEADER = f"HTTP_{HEADER.upper().replace('-', '_')}"
"""Of the simulated provider: the resource that it works on."""
_APPLICATION = re.compile(r"\bapp/(?P<name>\S+)")
"""What AWS_SDK_UA_APP_ID puts into the user agent."""


def caller(environ: Environ) -> str:
    """The header, or the application that the user agent names, or the program."""
    said = environ.get(_HEADER)
    if said:
        return str(said)
    agent = str(environ.get("HTTP_USER_AGENT", ""))
    found = _APPLICATION.search(agent)
    return found["name"] if found else agent.partition(" ")[0]
