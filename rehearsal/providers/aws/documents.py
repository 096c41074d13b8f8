"""Policy documents, which AWS shows now as text and now as an object."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any


def text(document: str | Mapping[str, Any]) -> str:
    """A described document as JSON text, as programs give it."""
    return document if isinstance(document, str) else json.dumps(document)
