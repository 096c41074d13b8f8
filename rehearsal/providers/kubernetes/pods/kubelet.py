"""What keeps the containers of a pod that was let in from starting."""

from __future__ import annotations

from collections.abc import Iterator

from rehearsal.providers.kubernetes.pods.images import unpulled
from rehearsal.providers.kubernetes.pods.needs import needs
from rehearsal.providers.kubernetes.pods.pod import Pod
from rehearsal.providers.kubernetes.pods.references import References


def unstartable(pod: Pod, references: References) -> str | None:
    """The kubelet's words for why the pod does not start; None where it does."""
    return next(_problems(pod, references), None)


def _problems(pod: Pod, references: References) -> Iterator[str]:
    """In the kubelet's order: volumes, then images, then what containers read."""
    wrong = [
        (need, problem)
        for need in needs(pod)
        if (problem := references.problem(need.kind, need.name, need.key))
    ]
    for need, problem in wrong:
        if need.volume:
            told = f'MountVolume.SetUp failed for volume "{need.volume}"'
            yield f"[FailedMount] {told}: {problem}"
    for container in pod.containers:
        told = unpulled(str(container.get("image")), references.account)
        if told:
            yield f"{_unready(str(container['name']))} -- [ImagePullBackOff] {told}"
    for need, problem in wrong:
        yield f"{_unready(need.container)} -- [CreateContainerConfigError] {problem}"


def _unready(container: str) -> str:
    return f"containers with unready status: [{container}]"
