"""What a control of the Pod Security Standards is, and the words in which all of them refuse.

The words are those of k8s.io/pod-security-admission, so that a message can be searched for.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Literal, TypeAlias

from rehearsal.providers.kubernetes.pods.pod import Pod
from rehearsal.providers.wire import Props, as_object

Level: TypeAlias = Literal["baseline", "restricted"]

STANDARDS = "https://kubernetes.io/docs/concepts/security/pod-security-standards/"


@dataclass(frozen=True)
class Finding:
    """Why a pod is refused, shortly and in detail."""

    reason: str
    detail: str

    def __str__(self) -> str:
        return f"{self.reason} ({self.detail})"


@dataclass(frozen=True, kw_only=True)
class Control:
    """One control of a level. `name` is its ID in Kubernetes."""

    name: str
    level: Level
    url: str
    broken: Callable[[Pod], Finding | None]
    since: int = 0
    """Minor version with which it began."""
    replaces: str = ""
    """The control of the lower level that this one contains."""
    linux_only: bool = False
    free_in_user_namespace_since: int | None = None
    """Minor version from which a pod with `hostUsers: false` is exempt."""

    def applies(self, pod: Pod, minor: int) -> bool:
        """Whether the control judges `pod` at this minor version."""
        exempt = self.free_in_user_namespace_since
        if exempt is not None and minor >= exempt and pod.spec.get("hostUsers") is False:
            return False
        windows = as_object(pod.spec.get("os")).get("name") == "windows"
        return minor >= self.since and not (self.linux_only and windows)


def context(container: Props) -> Props:
    """Security context of a container."""
    return as_object(container.get("securityContext"))


def names_of(pod: Pod, bad: Callable[[Props], object]) -> list[str]:
    """Names of the containers that are `bad`."""
    return [str(one["name"]) for one in pod.containers if bad(one)]


def quoted(items: Iterable[str]) -> str:
    """The items, each in quotation marks."""
    return ", ".join(f'"{item}"' for item in items)


def plural(noun: str, items: Sequence[object]) -> str:
    """`noun`, as many as there are items."""
    return noun if len(items) == 1 else f"{noun}s"


def listed(noun: str, items: Sequence[str]) -> str:
    """The noun and the items: `containers "a", "b"`."""
    return f"{plural(noun, items)} {quoted(items)}"


def setters(pod_is_bad: bool, containers: Sequence[str]) -> str:
    """Who sets something forbidden: `pod and container "a"`; empty where nobody does."""
    named = [listed("container", containers)] if containers else []
    return " and ".join((["pod"] if pod_is_bad else []) + named)
