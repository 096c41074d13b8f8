"""Which Kubernetes versions each chart supports, and who says so.

The oldest comes from the chart's own `kubeVersion` (in its contract, so that it follows a bump);
what projects publish elsewhere stands here, with the release that it was read for. A bump to
another release fails a test until its row is read anew. Ranges end where the catalogue does.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from catalog import knative
from catalog.kubernetes import VERSIONS, minor_of


@dataclass(frozen=True, kw_only=True)
class KubernetesRange:
    """Kubernetes versions of the catalogue, both ends included."""

    oldest: str
    newest: str

    def __contains__(self, version: object) -> bool:
        """Whether `version`, for example `1.35`, lies in the range."""
        return isinstance(version, str) and minor_of(self.oldest) <= minor_of(version) <= minor_of(
            self.newest
        )

    def __str__(self) -> str:
        """For example `1.33 to 1.35`."""
        return self.oldest if self.oldest == self.newest else f"{self.oldest} to {self.newest}"


@dataclass(frozen=True, kw_only=True)
class Published:
    """What a project says of a release of its own."""

    release: str
    """How the application version begins that this was read for, without a leading v."""
    source: str
    oldest: str | None = None
    newest: str | None = None
    """Newest version that its maintainers tested, where they say so."""


_KARPENTER = Published(
    release="1.14.",
    oldest="1.26",
    newest="1.36",
    source="karpenter-provider-aws v1.14.1, pkg/providers/version/version.go",
)
_ISTIO = Published(
    release="1.30.",
    oldest="1.32",
    newest="1.36",
    source="Istio, supported releases, as IBM Cloud's table of add-ons repeats it for 1.30",
)
_KSERVE = Published(
    release="0.20.",
    oldest="1.32",
    source="KServe documentation, Kubernetes deployment, requirements",
)

PUBLISHED: Mapping[str, Published] = {
    "argo-cd": Published(
        release="3.4.",
        oldest="1.32",
        newest="1.35",
        source="argo-cd v3.4.4, docs/operator-manual/tested-kubernetes-versions.md",
    ),
    "aws-load-balancer-controller": Published(
        release="3.",
        oldest="1.22",
        source="README of the chart, supported Kubernetes versions",
    ),
    "cert-manager": Published(
        release="1.21.",
        oldest="1.33",
        newest="1.36",
        source="cert-manager v1.21.1, make/cluster.sh",
    ),
    # The autoscaler simulates the scheduler of its own minor version.
    "cluster-autoscaler": Published(
        release="1.35.",
        oldest="1.35",
        newest="1.35",
        source="README of cluster-autoscaler, releases",
    ),
    "external-dns": Published(
        release="0.21.",
        oldest="1.21",
        source="external-dns v0.21.0, README, Kubernetes version compatibility",
    ),
    "external-secrets": Published(
        release="2.9.",
        newest="1.35",
        source="external-secrets 2.8, stability and support; its last row is of 2.7",
    ),
    "istio-base": _ISTIO,
    "istiod": _ISTIO,
    "karpenter": _KARPENTER,
    "karpenter-crd": _KARPENTER,
    "keda": Published(
        release="2.20.",
        oldest="1.33",
        newest="1.35",
        source="KEDA documentation, operate, cluster, Kubernetes compatibility",
    ),
    "knative-operator": Published(
        release="1.23.",
        newest=knative.KUBERNETES,
        source="KServe documentation, Knative mode, recommended version matrix",
    ),
    "kserve-crd": _KSERVE,
    "kserve-resources": _KSERVE,
    "kserve-runtime-configs": _KSERVE,
    "kubeflow-trainer": Published(
        release="2.2.",
        oldest="1.31",
        source="Kubeflow Trainer documentation, installation, prerequisites",
    ),
    "kueue": Published(
        release="0.17.",
        oldest="1.33",
        newest="1.35",
        source="kueue v0.17.0, README, production readiness",
    ),
    "valkey": Published(release="9.", oldest="1.20", source="README of the chart, prerequisites"),
    "velero": Published(
        release="1.18.",
        oldest="1.18",
        source="velero v1.18.1, README, compatibility matrix",
    ),
}

UNSTATED = frozenset({"argo-workflows", "prometheus-postgres-exporter"})
"""Neither the chart nor its project says which versions it supports: no bound but ours."""


def supported(name: str, required: str | None) -> KubernetesRange:
    """The range of the chart `name`, whose own `kubeVersion` asks for `required` or later."""
    published = PUBLISHED.get(name)
    stated = (required, published and published.oldest, VERSIONS[0])
    oldest = max((one for one in stated if one), key=minor_of)
    newest = (published and published.newest) or VERSIONS[-1]
    return KubernetesRange(oldest=oldest, newest=min(newest, VERSIONS[-1], key=minor_of))


def source(name: str) -> str:
    """Who says it; empty for what only the chart itself or nobody says."""
    return PUBLISHED[name].source if name in PUBLISHED else ""
