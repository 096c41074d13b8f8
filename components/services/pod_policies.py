"""What holds for every pod: images, sizes, the host, priorities.

Held to pods and to the templates they come from, so that the author of a Deployment is told at
once; every kind of container counts, those of a running pod's debugging too.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from components.services.admission import Policy
from components.services.namespaces import COMPLETED, DEFAULT_LIMIT, SERVED_BY_GATEWAY
from components.services.priorities import PRIORITIES

WORKLOADS: Mapping[str, Sequence[str]] = {
    "": ("pods", "pods/ephemeralcontainers"),
    "apps": ("deployments", "statefulsets", "daemonsets", "replicasets"),
    "batch": ("jobs", "cronjobs"),
}

POD = (
    "object.kind == 'Pod' ? object.spec : "
    "object.kind == 'CronJob' ? object.spec.jobTemplate.spec.template.spec : "
    "object.spec.template.spec"
)
"""The pod specification, wherever the kind keeps it."""
SIZED = "variables.pod.containers + variables.pod.?initContainers.orValue([])"
"""Containers that have a size, sidecars among them; ephemeral ones cannot."""
CONTAINERS = "variables.sized + variables.pod.?ephemeralContainers.orValue([])"
VARIABLES = {"pod": POD, "sized": SIZED, "containers": CONTAINERS}


def pod_policies(
    registries: Sequence[str], privileged: Sequence[str], platform: Sequence[str], *, mirrored: bool
) -> list[Policy]:
    """Every policy on pods. `registries` are the hosts of our own images, from which alone
    images come where `mirrored`; `privileged` are the namespaces whose pods need the host, and
    `platform` those of the platform itself."""
    return [
        *([_allowed(registries)] if mirrored else []),
        _pinned(),
        _by_digest(registries),
        _sized(),
        _no_host(privileged),
        _priorities(platform),
    ]


def _on_pods(name: str, because: str, fix: str, holds: str, exempt: Sequence[str] = ()) -> Policy:
    return Policy(
        name=name,
        because=because,
        fix=fix,
        holds=holds,
        kinds=WORKLOADS,
        exempt=tuple(exempt),
        variables=VARIABLES,
    )


def _allowed(registries: Sequence[str]) -> Policy:
    return _on_pods(
        "allowed-registries",
        "the site takes images from its own registries alone",
        f"copy the image to {registries[-1]} and name it there",
        f"{_each(_from(registries))} && {_volumes_from(registries)}",
    )


def _volumes_from(registries: Sequence[str]) -> str:
    """Volumes that are images."""
    named = f"({_from(registries, 'v.image.reference')})"
    volumes = "variables.pod.?volumes.orValue([])"
    return f"{volumes}.all(v, !has(v.image) || !has(v.image.reference) || {named})"


def _pinned() -> Policy:
    return _on_pods(
        "pinned-images",
        "a tag that moves, or none, runs something else tomorrow",
        "name a version or a digest",
        _each(
            "c.image.contains('@sha256:') || "
            "(c.image.matches('^.+:[^:/]+$') && !c.image.endsWith(':latest'))"
        ),
    )


def _by_digest(registries: Sequence[str]) -> Policy:
    return _on_pods(
        "own-images-by-digest",
        "what was scanned must be what runs",
        f"name images of {' and '.join(registries)} by @sha256:…",
        _each(f"!({_from(registries)}) || c.image.contains('@sha256:')"),
    )


def _sized() -> Policy:
    # Where a limit range completes pods, a template needs only what that leaves consistent: a
    # request above the default limit would let no pod start.
    completed = f"namespaceObject.metadata.?labels[?'{COMPLETED}'].orValue('') == 'true'"
    limit = f"quantity('{DEFAULT_LIMIT['memory']}')"
    startable = (
        "c.?resources.?limits[?'memory'].hasValue() || "
        "!c.?resources.?requests[?'memory'].hasValue() || "
        f"!quantity(string(c.resources.requests['memory'])).isGreaterThan({limit})"
    )
    whole = (
        "has(c.resources) && has(c.resources.requests) && "
        "'cpu' in c.resources.requests && 'memory' in c.resources.requests && "
        "has(c.resources.limits) && 'memory' in c.resources.limits"
    )
    return _on_pods(
        "requests-and-limits",
        "a pod without them starves others or is evicted first",
        "request processor and memory, and limit memory, in each container",
        f"object.kind != 'Pod' && {completed} ? variables.sized.all(c, {startable}) : "
        f"variables.sized.all(c, {whole})",
    )


def _no_host(privileged: Sequence[str]) -> Policy:
    spec = [
        f"!variables.pod.?{name}.orValue(false)" for name in ("hostNetwork", "hostPID", "hostIPC")
    ]
    volumes = "!variables.pod.?volumes.orValue([]).exists(v, has(v.hostPath))"
    unprivileged = _each("!c.?securityContext.?privileged.orValue(false)")
    return _on_pods(
        "no-host-access",
        "a pod that owns its node owns everyone's pods on it",
        "drop privileged, hostNetwork, hostPID, hostIPC and hostPath",
        " && ".join([*spec, volumes, unprivileged]),
        privileged,
    )


def _priorities(platform: Sequence[str]) -> Policy:
    chosen = "variables.pod.?priorityClassName.orValue('')"
    everyone = ["", *(one.name for one in PRIORITIES if one.taken_by == "everyone")]
    models = [one.name for one in PRIORITIES if one.taken_by == "models"]
    served = f"namespaceObject.metadata.?labels[?'{SERVED_BY_GATEWAY}'].orValue('') == 'true'"
    return _on_pods(
        "own-priorities",
        "whoever takes the platform's classes evicts the platform",
        f"take {everyone[-1]} or none, or {models[-1]} where models run",
        f"{chosen} in {everyone} || ({chosen} in {models} && {served})",
        platform,
    )


def _from(registries: Sequence[str], image: str = "c.image") -> str:
    return " || ".join(f"{image}.startsWith('{one}/')" for one in registries)


def _each(holds: str) -> str:
    return f"variables.containers.all(c, {holds})"
