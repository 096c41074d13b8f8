"""Images that the platform runs outside of charts, each once and pinned."""

from __future__ import annotations

KUBECTL = "registry.k8s.io/kubectl:v1.35.0"
"""kubectl alone, no shell. Licence: Apache-2.0."""
