"""Pod Security admission: a pod against the level of its namespace.

Source: Kubernetes, Pod Security Admission; the standards are `baseline` and `restricted`.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from rehearsal.providers.kubernetes.pods import baseline, restricted
from rehearsal.providers.kubernetes.pods.control import Control, Finding
from rehearsal.providers.kubernetes.pods.pod import Pod

ENFORCE = "pod-security.kubernetes.io/enforce"
CONTROLS: tuple[Control, ...] = (*baseline.CONTROLS, *restricted.CONTROLS)


def violated(pod: Pod, labels: Mapping[str, str], version: str) -> str | None:
    """Why Pod Security refuses the pod in a namespace with these labels, in a cluster of
    `version` (`1.35`); None where it does not."""
    level = labels.get(ENFORCE, "privileged")
    if level == "privileged":
        return None
    pinned = labels.get(f"{ENFORCE}-version", "latest")
    found = list(findings(pod, level, _minor(pinned, version)))
    told = ", ".join(str(one) for one in found)
    return f'violates PodSecurity "{level}:{pinned}": {told}' if found else None


def findings(pod: Pod, level: str, minor: int) -> Iterator[Finding]:
    """What the level has against the pod at a minor version of the standards.

    A level that Kubernetes does not know is taken for `restricted`, as it does.
    """
    judges = [one for one in CONTROLS if one.since <= minor]
    if level == "baseline":
        judges = [one for one in judges if one.level == "baseline"]
    replaced = {one.replaces for one in judges}
    for control in judges:
        if control.name not in replaced and control.applies(pod, minor):
            finding = control.broken(pod)
            if finding:
                yield finding


def _minor(pinned: str, version: str) -> int:
    newest = int(version.partition(".")[2])
    return newest if pinned == "latest" else int(pinned.rpartition(".")[2])
