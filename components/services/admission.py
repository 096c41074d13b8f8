"""Admission policies: what holds for every pod, whoever makes it, releases included.

The policy pack sees a release's values, not its pods; the API server sees each of them. Held
to pods and to the templates they come from, so that the author of a Deployment is told at once.
Source: Kubernetes, validating admission policy (CEL).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from components.services.plan import Object

WORKLOADS: Mapping[str, Sequence[str]] = {
    "": ("pods",),
    "apps": ("deployments", "statefulsets", "daemonsets"),
    "batch": ("jobs", "cronjobs"),
}

POD = (
    "object.kind == 'Pod' ? object.spec : "
    "object.kind == 'CronJob' ? object.spec.jobTemplate.spec.template.spec : "
    "object.spec.template.spec"
)
"""The pod specification, wherever the kind keeps it."""
CONTAINERS = "variables.pod.containers + variables.pod.?initContainers.orValue([])"

PREDICTOR_SIZES = (
    "[object.spec.predictor.?model.?resources.orValue(dyn({}))] + "
    "object.spec.predictor.?containers.orValue(dyn([])).map(c, c.?resources.orValue(dyn({})))"
)
"""Resources of a model's own containers."""

EXEMPT = "kube-system"
"""EKS keeps its own add-ons here and changes them itself."""


@dataclass(frozen=True, kw_only=True)
class Policy:
    """One rule: denied unless `holds` (a CEL expression) is true."""

    name: str
    because: str
    fix: str
    holds: str
    kinds: Mapping[str, Sequence[str]] = field(default_factory=lambda: WORKLOADS)
    exempt: tuple[str, ...] = ()
    """Namespaces that need what the policy forbids."""
    variables: Mapping[str, str] = field(
        default_factory=lambda: {"pod": POD, "containers": CONTAINERS}
    )
    """CEL expressions that `holds` names; evaluated only when it does."""


def policies(registry: str, privileged: Sequence[str], mirror: str = "") -> list[Policy]:
    """Every policy. `registry` is the host of the account's own images; `privileged` are the
    namespaces whose pods need the host; `mirror` is the site's registry, where it has one."""
    ours = [registry, mirror] if mirror else [registry]
    return [
        *(_mirrored(ours) if mirror else ()),
        Policy(
            name="pinned-images",
            because="a tag that moves, or none, runs something else tomorrow",
            fix="name a version or a digest",
            holds=_each(
                "c.image.contains('@sha256:') || "
                "(c.image.matches('^.+:[^:/]+$') && !c.image.endsWith(':latest'))"
            ),
        ),
        Policy(
            name="own-images-by-digest",
            because="what was scanned must be what runs",
            fix=f"name images of {' and '.join(ours)} by @sha256:…",
            holds=_each(f"!({_from('c.image', ours)}) || c.image.contains('@sha256:')"),
        ),
        Policy(
            name="requests-and-limits",
            because="a pod without them starves others or is evicted first",
            fix="request processor and memory, and limit memory, in each container",
            holds=_each(
                "has(c.resources) && has(c.resources.requests) && "
                "'cpu' in c.resources.requests && 'memory' in c.resources.requests && "
                "has(c.resources.limits) && 'memory' in c.resources.limits"
            ),
        ),
        Policy(
            name="no-host-access",
            because="a pod that owns its node owns everyone's pods on it",
            fix="drop privileged, hostNetwork, hostPID, hostIPC and hostPath",
            holds=_no_host(),
            exempt=tuple(privileged),
        ),
        Policy(
            name="gpu-limit-is-request",
            because="a GPU cannot be overcommitted, and a model's pods would never start",
            fix="give nvidia.com/gpu the same request and limit",
            # The API server itself refuses such pods; a model's author would never see that.
            kinds={"serving.kserve.io": ("inferenceservices",)},
            variables={"sizes": PREDICTOR_SIZES},
            holds=f"variables.sizes.all(s, {_same_gpus()})",
        ),
        Policy(
            name="internal-load-balancers",
            because="entrances to the platform are declared with it, firewall and logs included",
            fix="use a ClusterIP service and a TargetGroupBinding, or mark it internal",
            kinds={"": ("services",)},
            variables={},
            holds=_internal(),
        ),
        Policy(
            name="internal-ingresses",
            because="entrances to the platform are declared with it, firewall and logs included",
            fix="use a TargetGroupBinding, or the annotation "
            "alb.ingress.kubernetes.io/scheme: internal",
            kinds={"networking.k8s.io": ("ingresses",)},
            variables={},
            holds=_annotated("alb.ingress.kubernetes.io/scheme", "internal"),
        ),
    ]


def _mirrored(ours: Sequence[str]) -> list[Policy]:
    return [
        Policy(
            name="allowed-registries",
            because="the site takes images from its own registries alone",
            fix=f"copy the image to {ours[-1]} and name it there",
            holds=f"{_each(_from('c.image', ours))} && {_volumes_from(ours)}",
        )
    ]


def _from(image: str, registries: Sequence[str]) -> str:
    return " || ".join(f"{image}.startsWith('{one}/')" for one in registries)


def _volumes_from(registries: Sequence[str]) -> str:
    """Volumes that are images."""
    named = f"({_from('v.image.reference', registries)})"
    volumes = "variables.pod.?volumes.orValue([])"
    return f"{volumes}.all(v, !has(v.image) || !has(v.image.reference) || {named})"


def _each(holds: str) -> str:
    return f"variables.containers.all(c, {holds})"


def _no_host() -> str:
    spec = [
        f"!variables.pod.?{name}.orValue(false)" for name in ("hostNetwork", "hostPID", "hostIPC")
    ]
    volumes = "!variables.pod.?volumes.orValue([]).exists(v, has(v.hostPath))"
    return " && ".join([*spec, volumes, _each("!c.?securityContext.?privileged.orValue(false)")])


def _same_gpus() -> str:
    gpu = "'nvidia.com/gpu'"
    limit, request = f"s.?limits[?{gpu}]", f"s.?requests[?{gpu}]"
    return (
        f"!{request}.hasValue() || "
        f"({limit}.hasValue() && string({request}.value()) == string({limit}.value()))"
    )


def _internal() -> str:
    key = "service.beta.kubernetes.io/aws-load-balancer-scheme"
    return (
        f"object.spec.?type.orValue('ClusterIP') != 'LoadBalancer' || {_annotated(key, 'internal')}"
    )


def _annotated(key: str, value: str) -> str:
    return f"object.metadata.?annotations[?'{key}'].orValue('') == '{value}'"


def admission(made: Sequence[Policy]) -> list[Object]:
    """A policy and its binding for each."""
    return [part for one in made for part in (_policy(one), _binding(one))]


def _policy(policy: Policy) -> Object:
    return Object(
        name=f"policy-{policy.name}",
        manifest={
            "apiVersion": "admissionregistration.k8s.io/v1",
            "kind": "ValidatingAdmissionPolicy",
            "metadata": {"name": f"mlops-{policy.name}"},
            "spec": {
                "failurePolicy": "Fail",
                "matchConstraints": {"resourceRules": _rules(policy)},
                "variables": [
                    {"name": name, "expression": expression}
                    for name, expression in policy.variables.items()
                ],
                "validations": [
                    {
                        "expression": policy.holds,
                        "message": f"{policy.name}: {policy.because}; {policy.fix}",
                        "reason": "Invalid",
                    }
                ],
            },
        },
    )


def _rules(policy: Policy) -> list[dict[str, Any]]:
    return [
        {
            "apiGroups": [group],
            "apiVersions": ["*"],
            "operations": ["CREATE", "UPDATE"],
            "resources": list(resources),
        }
        for group, resources in policy.kinds.items()
    ]


def _binding(policy: Policy) -> Object:
    selector = {
        "key": "kubernetes.io/metadata.name",
        "operator": "NotIn",
        "values": [EXEMPT, *policy.exempt],
    }
    return Object(
        name=f"binding-{policy.name}",
        manifest={
            "apiVersion": "admissionregistration.k8s.io/v1",
            "kind": "ValidatingAdmissionPolicyBinding",
            "metadata": {"name": f"mlops-{policy.name}"},
            "spec": {
                "policyName": f"mlops-{policy.name}",
                "validationActions": ["Deny", "Audit"],
                "matchResources": {"namespaceSelector": {"matchExpressions": [selector]}},
            },
        },
        after=(f"policy-{policy.name}",),
    )
