"""Controls of the level `restricted`: the current hardening practice for pods.

Source: Kubernetes, Pod Security Standards; k8s.io/pod-security-admission, policy.
"""

from __future__ import annotations

from typing import Any

from rehearsal.providers.kubernetes.pods.baseline import forbidden_seccomp, proc_mount
from rehearsal.providers.kubernetes.pods.control import (
    STANDARDS,
    Control,
    Finding,
    context,
    listed,
    names_of,
    plural,
    quoted,
    setters,
)
from rehearsal.providers.kubernetes.pods.pod import Pod
from rehearsal.providers.wire import Props, as_list, as_object

URL = f"{STANDARDS}#restricted"

VOLUMES = frozenset(
    {"configMap", "csi", "downwardAPI", "emptyDir", "ephemeral", "image",
     "persistentVolumeClaim", "projected", "secret"}
)  # fmt: skip


def _escalation(pod: Pod) -> Finding | None:
    bad = names_of(pod, lambda one: context(one).get("allowPrivilegeEscalation") is not False)
    detail = f"{listed('container', bad)} must set securityContext.allowPrivilegeEscalation=false"
    return Finding("allowPrivilegeEscalation != false", detail) if bad else None


def _capabilities(pod: Pod) -> Finding | None:
    kept = names_of(pod, lambda one: "ALL" not in as_list(_of(one).get("drop")))
    adding = names_of(pod, _gained)
    gained = sorted({name for one in pod.containers for name in _gained(one)})
    told = (
        [f'{listed("container", kept)} must set securityContext.capabilities.drop=["ALL"]']
        if kept
        else []
    )
    if adding:
        where = "in securityContext.capabilities.add"
        told.append(f"{listed('container', adding)} must not include {quoted(gained)} {where}")
    return Finding("unrestricted capabilities", "; ".join(told)) if told else None


def _of(container: Props) -> Props:
    return as_object(context(container).get("capabilities"))


def _gained(container: Props) -> set[str]:
    return set(as_list(_of(container).get("add"))) - {"NET_BIND_SERVICE"}


def _volumes(pod: Pod) -> Finding | None:
    kinds = {
        str(one["name"]): next((key for key in one if key != "name"), "emptyDir")
        for one in as_list(pod.spec.get("volumes"))
    }
    bad = {name: kind for name, kind in kinds.items() if kind not in VOLUMES}
    if not bad:
        return None
    verb = "uses" if len(bad) == 1 else "use"
    types = sorted(set(bad.values()))
    told = f"{listed('volume', list(bad))} {verb} {plural('restricted volume type', types)}"
    return Finding("restricted volume types", f"{told} {quoted(types)}")


def _non_root(pod: Pod) -> Finding | None:
    reason, own = "runAsNonRoot != true", pod.security.get("runAsNonRoot")
    who = setters(own is False, names_of(pod, lambda one: _non_root_of(one) is False))
    if who:
        return Finding(reason, f"{who} must not set securityContext.runAsNonRoot=false")
    silent = [] if own else names_of(pod, lambda one: _non_root_of(one) is None)
    told = f"pod or {listed('container', silent)} must set securityContext.runAsNonRoot=true"
    return Finding(reason, told) if silent else None


def _non_root_of(container: Props) -> object:
    return context(container).get("runAsNonRoot")


def _user(pod: Pod) -> Finding | None:
    def is_root(security: Props) -> bool:
        return security.get("runAsUser") == 0

    who = setters(is_root(pod.security), names_of(pod, lambda one: is_root(context(one))))
    return Finding("runAsUser=0", f"{who} must not set runAsUser=0") if who else None


def _seccomp(pod: Pod) -> Finding | None:
    forbidden = forbidden_seccomp(pod)
    if forbidden or as_object(pod.security.get("seccompProfile")):
        return forbidden
    silent = names_of(pod, lambda one: "seccompProfile" not in context(one))
    told = 'must set securityContext.seccompProfile.type to "RuntimeDefault" or "Localhost"'
    detail = f"pod or {listed('container', silent)} {told}"
    return Finding("seccompProfile", detail) if silent else None


def _control(name: str, broken: Any, **more: Any) -> Control:
    return Control(name=name, level="restricted", url=URL, broken=broken, **more)


CONTROLS: tuple[Control, ...] = (
    _control("allowPrivilegeEscalation", _escalation, linux_only=True),
    _control(
        "capabilities_restricted", _capabilities, linux_only=True, replaces="capabilities_baseline"
    ),
    _control("procMount_restricted", proc_mount, since=35, replaces="procMount"),
    _control("restrictedVolumes", _volumes, replaces="hostPathVolumes"),
    _control("runAsNonRoot", _non_root, free_in_user_namespace_since=35),
    _control("runAsUser", _user, free_in_user_namespace_since=35),
    _control(
        "seccompProfile_restricted", _seccomp, linux_only=True, replaces="seccompProfile_baseline"
    ),
)
"""In the order in which Kubernetes tells of them."""
