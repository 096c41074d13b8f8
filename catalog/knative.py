"""What KServe's Knative mode is covered for: models that scale from zero, on Knative Serving.

The platform refuses the mode (docs/decisions/0021-no-knative-mode-yet.md); this says how far away
it is.
"""

from __future__ import annotations

KUBERNETES = "1.34"
ISTIO = "1.28"
"""Newest versions of KServe's own matrix for this mode, mid-2026.
Source: KServe documentation, administration, Knative mode, recommended version matrix."""

TRIED: dict[str, str] = {"Knative": "1.21.1", "Istio": "1.27.1", "Kubernetes": "1.34.4"}
"""What KServe 0.20 itself is tested with. Source: kserve v0.20.0, kserve-deps.env and
.github/actions/minikube-setup."""
