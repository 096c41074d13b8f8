"""What keeps the containers of a pod that was let in from starting."""

from __future__ import annotations

from rehearsal.providers.kubernetes.pods.needs import needs
from rehearsal.providers.kubernetes.pods.pod import Pod
from rehearsal.providers.kubernetes.pods.references import References


def unstartable(pod: Pod, references: References) -> str | None:
    """The kubelet's words for why the pod does not start; None where it does."""
    for need in needs(pod):
        problem = references.problem(need.kind, need.name, need.key)
        if problem and need.volume:
            told = f'MountVolume.SetUp failed for volume "{need.volume}"'
            return f"[FailedMount] {told}: {problem}"
        if problem:
            waiting = f"containers with unready status: [{need.container}]"
            return f"{waiting} -- [CreateContainerConfigError] {problem}"
    return None
