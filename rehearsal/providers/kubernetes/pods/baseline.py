"""Controls of the level `baseline`: what lets a pod out of its sandbox.

Source: Kubernetes, Pod Security Standards; k8s.io/pod-security-admission, policy.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

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

URL = f"{STANDARDS}#baseline"

CAPABILITIES = frozenset(
    {"AUDIT_WRITE", "CHOWN", "DAC_OVERRIDE", "FOWNER", "FSETID", "KILL", "MKNOD",
     "NET_BIND_SERVICE", "SETFCAP", "SETGID", "SETPCAP", "SETUID", "SYS_CHROOT"}
)  # fmt: skip
PROFILES = frozenset({"RuntimeDefault", "Localhost"})
SELINUX_TYPES = frozenset(
    {"", "container_t", "container_init_t", "container_kvm_t", "container_engine_t"}
)
SYSCTLS = frozenset(
    {"kernel.shm_rmid_forced", "net.ipv4.ip_local_port_range", "net.ipv4.tcp_syncookies",
     "net.ipv4.ping_group_range", "net.ipv4.ip_unprivileged_port_start",
     "net.ipv4.ip_local_reserved_ports", "net.ipv4.tcp_keepalive_time",
     "net.ipv4.tcp_fin_timeout", "net.ipv4.tcp_keepalive_intvl", "net.ipv4.tcp_keepalive_probes",
     "net.ipv4.tcp_rmem", "net.ipv4.tcp_wmem"}
)  # fmt: skip
"""As of 1.32: no older version is rehearsed."""
APPARMOR_NOTE = "container.apparmor.security.beta.kubernetes.io/"


def _apparmor(pod: Pod) -> Finding | None:
    own = _type(pod.security, "appArmorProfile")
    found = {str(one["name"]): _container_apparmor(pod, one) for one in pod.containers}
    bad = {name: kind for name, kind in found.items() if kind and kind not in PROFILES}
    own_is_bad = bool(own) and own not in PROFILES
    values: list[str] = sorted({*bad.values(), *([own] if own_is_bad else [])})
    notes: list[str] = sorted(
        f'{key}="{value}"'
        for key, value in pod.annotations.items()
        if key.startswith(APPARMOR_NOTE) and not _allowed_note(str(value))
    )
    named = setters(own_is_bad, list(bad))
    who = [named] if named else []
    who += [plural("annotation", notes)] if notes else []
    if not who:
        return None
    every: list[str] = [*values, *notes]
    detail = f"{' and '.join(who)} must not set AppArmor profile type to {quoted(every)}"
    return Finding(plural("forbidden AppArmor profile", every), detail)


def _container_apparmor(pod: Pod, container: Props) -> str:
    """A container's profile; the API server writes the old annotation into the field."""
    noted = str(pod.annotations.get(f"{APPARMOR_NOTE}{container['name']}") or "")
    named = _type(context(container), "appArmorProfile")
    return named or ("Unconfined" if noted == "unconfined" else "")


def _allowed_note(value: str) -> bool:
    return value in ("", "runtime/default") or value.startswith("localhost/")


def _type(security: Props, key: str) -> str:
    return str(as_object(security.get(key)).get("type") or "")


def _capabilities(pod: Pod) -> Finding | None:
    def added(container: Props) -> set[str]:
        return set(_added(container)) - CAPABILITIES

    bad = names_of(pod, added)
    if not bad:
        return None
    every = sorted({one for container in pod.containers for one in added(container)})
    detail = f"must not include {quoted(every)} in securityContext.capabilities.add"
    return Finding("non-default capabilities", f"{listed('container', bad)} {detail}")


def _added(container: Props) -> list[str]:
    return as_list(as_object(context(container).get("capabilities")).get("add"))


def _host_namespaces(pod: Pod) -> Finding | None:
    used = [f"{key}=true" for key in ("hostNetwork", "hostPID", "hostIPC") if pod.spec.get(key)]
    return Finding("host namespaces", ", ".join(used)) if used else None


def _host_path(pod: Pod) -> Finding | None:
    bad = [str(one["name"]) for one in as_list(pod.spec.get("volumes")) if "hostPath" in one]
    return Finding("hostPath volumes", listed("volume", bad)) if bad else None


def _host_ports(pod: Pod) -> Finding | None:
    bad = names_of(pod, _ports)
    if not bad:
        return None
    ports = sorted({port for one in pod.containers for port in _ports(one)})
    verb = "uses" if len(bad) == 1 else "use"
    detail = f"{listed('container', bad)} {verb} {plural('hostPort', ports)} {', '.join(ports)}"
    return Finding("hostPort", detail)


def _ports(container: Props) -> list[str]:
    return [str(one["hostPort"]) for one in as_list(container.get("ports")) if one.get("hostPort")]


def _hosts(pod: Pod) -> Finding | None:
    bad = sorted(names_of(pod, lambda one: list(_asked_hosts(one))))
    if not bad:
        return None
    hosts = sorted({host for one in pod.containers for host in _asked_hosts(one)})
    verb = "uses" if len(bad) == 1 else "use"
    detail = f"{listed('container', bad)} {verb} {listed('probe or lifecycle host', hosts)}"
    return Finding("probe or lifecycle host", detail)


def _asked_hosts(container: Props) -> Iterator[str]:
    lifecycle = as_object(container.get("lifecycle"))
    probes = [container.get(key) for key in ("livenessProbe", "readinessProbe", "startupProbe")]
    for handler in (*probes, lifecycle.get("postStart"), lifecycle.get("preStop")):
        for how in ("httpGet", "tcpSocket"):
            host = as_object(as_object(handler).get(how)).get("host")
            if host:
                yield str(host)


def _privileged(pod: Pod) -> Finding | None:
    bad = names_of(pod, lambda one: context(one).get("privileged"))
    detail = f"{listed('container', bad)} must not set securityContext.privileged=true"
    return Finding("privileged", detail) if bad else None


def proc_mount(pod: Pod) -> Finding | None:
    """The mask over /proc stays; also a control of `restricted`."""
    bad = {str(one["name"]): str(context(one).get("procMount") or "Default")
           for one in pod.containers}  # fmt: skip
    bad = {name: value for name, value in bad.items() if value != "Default"}
    values = quoted(sorted(set(bad.values())))
    detail = f"{listed('container', list(bad))} must not set securityContext.procMount to {values}"
    return Finding("procMount", detail) if bad else None


def forbidden_seccomp(pod: Pod) -> Finding | None:
    """Profiles that are named and not allowed."""
    own = _type(pod.security, "seccompProfile")
    found = {str(one["name"]): _type(context(one), "seccompProfile") for one in pod.containers}
    bad = {name: kind for name, kind in found.items() if kind and kind not in PROFILES}
    own_is_bad = bool(own) and own not in PROFILES
    who = setters(own_is_bad, list(bad))
    values = quoted(sorted({*bad.values(), *([own] if own_is_bad else [])}))
    detail = f"{who} must not set securityContext.seccompProfile.type to {values}"
    return Finding("seccompProfile", detail) if who else None


def _selinux(pod: Pod) -> Finding | None:
    named = {str(one["name"]): _selinux_options(context(one)) for one in pod.containers}
    bad = {name: options for name, options in named.items() if _is_forbidden(options)}
    own = _selinux_options(pod.security)
    who = setters(_is_forbidden(own), list(bad))
    if not who:
        return None
    every: list[dict[str, Any]] = [*bad.values(), own]
    types = sorted({str(one.get("type") or "") for one in every} - SELINUX_TYPES)
    told = [f"{plural('type', types)} {quoted(types)}"] if types else []
    told += [f"{key} may not be set" for key in ("user", "role") if any(o.get(key) for o in every)]
    detail = f"{who} set forbidden securityContext.seLinuxOptions: {'; '.join(told)}"
    return Finding("seLinuxOptions", detail)


def _selinux_options(security: Props) -> Props:
    return as_object(security.get("seLinuxOptions"))


def _is_forbidden(options: Props) -> bool:
    kind = str(options.get("type") or "")
    return kind not in SELINUX_TYPES or bool(options.get("user")) or bool(options.get("role"))


def _sysctls(pod: Pod) -> Finding | None:
    asked = [str(one["name"]) for one in as_list(pod.security.get("sysctls"))]
    bad = [name for name in asked if name not in SYSCTLS]
    return Finding("forbidden sysctls", ", ".join(bad)) if bad else None


def _host_process(pod: Pod) -> Finding | None:
    def asks(security: Props) -> bool:
        return bool(as_object(security.get("windowsOptions")).get("hostProcess"))

    who = setters(asks(pod.security), names_of(pod, lambda one: asks(context(one))))
    detail = f"{who} must not set securityContext.windowsOptions.hostProcess=true"
    return Finding("hostProcess", detail) if who else None


def _control(name: str, broken: Any, **more: Any) -> Control:
    return Control(name=name, level="baseline", url=URL, broken=broken, **more)


CONTROLS: tuple[Control, ...] = (
    _control("appArmorProfile", _apparmor),
    _control("capabilities_baseline", _capabilities),
    _control("hostNamespaces", _host_namespaces),
    _control("hostPathVolumes", _host_path),
    _control("hostPorts", _host_ports),
    _control("hostProbesAndHostLifecycle", _hosts, since=34),
    _control("privileged", _privileged),
    _control("procMount", proc_mount, free_in_user_namespace_since=35),
    _control("seLinuxOptions", _selinux),
    _control("seccompProfile_baseline", forbidden_seccomp),
    _control("sysctls", _sysctls),
    _control("windowsHostProcess", _host_process),
)
"""In the order in which Kubernetes tells of them."""
