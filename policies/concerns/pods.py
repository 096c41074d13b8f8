"""Pods: what they may do on their node, what they run, and what they ask for."""

from __future__ import annotations

from collections.abc import Iterator

from policies.finding import Broken, must_be
from policies.kubernetes_objects import (
    GPU,
    TEMPLATES,
    containers_of,
    is_long_running,
    kind_of,
    may_use_host,
    pod_of,
    runs_pods,
)
from policies.properties import Properties
from policies.repair import Draft
from policies.rule import ResourceRule, Rule
from policies.subject import Subject

DOCS = "https://kubernetes.io/docs"
STANDARDS = f"{DOCS}/concepts/security/pod-security-standards/"
HOST = ("hostNetwork", "hostPID", "hostIPC")
PROFILES = ("RuntimeDefault", "Localhost")
ESCALATION = "securityContext.allowPrivilegeEscalation"
PROFILE = "securityContext.seccompProfile.type"
NON_ROOT = "securityContext.runAsNonRoot"


def _on_the_host(one: Subject) -> Iterator[Broken]:
    if may_use_host(one):
        return
    pod = pod_of(one)
    for key in HOST:
        if pod.flag(key):
            yield Broken(pod.at(key), pod.shown(key), "false")
    for volume in pod.each("volumes"):
        if volume.has("hostPath"):
            yield Broken(volume.at("hostPath"), volume.shown("hostPath"), "another volume")
    for container in containers_of(one):
        if container.flag("securityContext.privileged"):
            at = container.at("securityContext.privileged")
            yield Broken(at, container.shown("securityContext.privileged"), "false")


def _unrestricted(one: Subject) -> Iterator[Broken]:
    if may_use_host(one):
        return
    pod = pod_of(one)
    for container in containers_of(one):
        yield from must_be(container, ESCALATION, False)
        yield from _kept_capabilities(container)
        if not (container.flag(NON_ROOT) or (_left(container, NON_ROOT) and pod.flag(NON_ROOT))):
            yield Broken(container.at(NON_ROOT), container.shown(NON_ROOT), "true")
        if (container.text(PROFILE) or pod.text(PROFILE)) not in PROFILES:
            yield Broken(container.at(PROFILE), container.shown(PROFILE), " or ".join(PROFILES))


def _left(of: Properties, key: str) -> bool:
    return not of.has(key)


def _kept_capabilities(container: Properties) -> Iterator[Broken]:
    dropped = "securityContext.capabilities.drop"
    if "ALL" not in container.texts(dropped):
        yield Broken(container.at(dropped), container.shown(dropped), "ALL")
    added = "securityContext.capabilities.add"
    if set(container.texts(added)) - {"NET_BIND_SERVICE"}:
        yield Broken(container.at(added), container.shown(added), "NET_BIND_SERVICE at most")


def _restricted(one: Subject, draft: Draft) -> None:
    """Only containers are set: what they do not say they take from their pod."""
    if may_use_host(one):
        return
    base = TEMPLATES[kind_of(one.type)].split(".")
    pod = pod_of(one)
    for key in ("initContainers", "containers", "ephemeralContainers"):
        for index, container in enumerate(pod.each(key)):
            at = [*base, key, index, "securityContext"]
            draft.put(at, "allowPrivilegeEscalation", False)
            if list(_kept_capabilities(container)):
                draft.put(at, "capabilities", {"drop": ["ALL"]})
            if not (
                container.flag(NON_ROOT) or (_left(container, NON_ROOT) and pod.flag(NON_ROOT))
            ):
                draft.put(at, "runAsNonRoot", True)
            if (container.text(PROFILE) or pod.text(PROFILE)) not in PROFILES:
                draft.put(at, "seccompProfile", {"type": PROFILES[0]})


def _unbounded(one: Subject) -> Iterator[Broken]:
    for container in containers_of(one):
        for key in ("requests.cpu", "requests.memory", "limits.memory"):
            asked = f"resources.{key}"
            if not container.has(asked):
                yield Broken(container.at(asked), "nothing", "an amount")


def _careless_with_gpus(one: Subject) -> Iterator[Broken]:
    pod = pod_of(one)
    wanting = False
    for container in containers_of(one):
        requests, limits = (container.under(f"resources.{key}") for key in ("requests", "limits"))
        asked, most = requests.scalar(GPU), limits.scalar(GPU)
        wanting = wanting or bool(asked or most)
        if asked and asked != most:
            yield Broken(limits.at(GPU), limits.shown(GPU), f"{asked}, as requested")
    if wanting and not any(_tolerates_gpu(one) for one in pod.each("tolerations")):
        yield Broken(pod.at("tolerations"), pod.shown("tolerations"), f"one of {GPU}")


def _tolerates_gpu(toleration: Properties) -> bool:
    everything = toleration.text("operator") == "Exists" and not toleration.text("key")
    return everything or toleration.text("key") == GPU


def _unpinned(one: Subject) -> Iterator[Broken]:
    registry = f"{one.settings.account_id}.dkr.ecr."
    for container in containers_of(one):
        image = container.text("image")
        name, _, digest = image.partition("@")
        tag = name.rpartition("/")[2].partition(":")[2]
        if not digest and tag in ("", "latest"):
            yield Broken(container.at("image"), container.shown("image"), "a version or a digest")
        elif not digest and image.startswith(registry):
            yield Broken(container.at("image"), container.shown("image"), "a digest")


def _without_digest(one: Subject) -> Iterator[Broken]:
    registry = f"{one.settings.account_id}.dkr.ecr."
    for container in containers_of(one):
        image = container.text("image")
        if "@sha256:" not in image and not image.startswith(registry):
            yield Broken(container.at("image"), container.shown("image"), "a digest")


def _unprobed(one: Subject) -> Iterator[Broken]:
    for container in pod_of(one).each("containers"):
        for key in ("readinessProbe", "livenessProbe"):
            if not container.has(key):
                yield Broken(container.at(key), "nothing", "a probe")


def _holding_a_token(one: Subject) -> Iterator[Broken]:
    yield from must_be(pod_of(one), "automountServiceAccountToken", False)


def _with_secrets_in_environment(one: Subject) -> Iterator[Broken]:
    for container in containers_of(one):
        for entry in container.each("env"):
            if entry.has("valueFrom.secretKeyRef"):
                yield Broken(entry.at("valueFrom.secretKeyRef"), "a secret", "a mounted file")
        for source in container.each("envFrom"):
            if source.has("secretRef"):
                yield Broken(source.at("secretRef"), "a secret", "a mounted file")


RULES: tuple[Rule, ...] = (
    ResourceRule(
        number=107,
        name="pod-off-the-host",
        because="A pod that owns its node owns everyone's pods on it.",
        fix="Drop privileged, hostNetwork, hostPID, hostIPC and hostPath, or put the pod into a "
        "namespace that is declared for it.",
        severity="critical",
        reference=STANDARDS,
        applies=runs_pods,
        broken=_on_the_host,
    ),
    ResourceRule(
        number=108,
        name="pod-restricted",
        because="What a container cannot do, whoever breaks into it cannot do either.",
        fix="Set runAsNonRoot, allowPrivilegeEscalation: false, drop all capabilities, and the "
        "seccomp profile RuntimeDefault.",
        severity="high",
        reference=STANDARDS,
        applies=runs_pods,
        broken=_unrestricted,
        repair=_restricted,
    ),
    ResourceRule(
        number=109,
        name="pod-requests-and-limits",
        because="A pod without them starves others, or is evicted first.",
        fix="Request processor and memory, and limit memory, in each container.",
        severity="medium",
        reference=f"{DOCS}/concepts/configuration/manage-resources-containers/",
        applies=runs_pods,
        broken=_unbounded,
    ),
    ResourceRule(
        number=110,
        name="pod-gpus-matched",
        because="GPUs cannot be overcommitted, and without the toleration the pod never starts.",
        fix="Limit nvidia.com/gpu to what is requested, and tolerate the taint nvidia.com/gpu.",
        severity="medium",
        reference=f"{DOCS}/tasks/manage-gpus/scheduling-gpus/",
        applies=runs_pods,
        broken=_careless_with_gpus,
    ),
    ResourceRule(
        number=111,
        name="pod-image-pinned",
        because="A tag that moves runs something else tomorrow, and own images are scanned by "
        "digest.",
        fix="Name a version, and for images of the account's registry the digest.",
        severity="high",
        reference=f"{DOCS}/concepts/containers/images/",
        applies=runs_pods,
        broken=_unpinned,
    ),
    ResourceRule(
        number=111,
        name="pod-image-digest",
        level="advisory",
        because="A version can be pushed anew; a digest cannot.",
        fix="Name the digest, for example through services.mirror.images.",
        severity="low",
        reference=f"{DOCS}/concepts/containers/images/#image-names",
        applies=runs_pods,
        broken=_without_digest,
    ),
    ResourceRule(
        number=112,
        name="pod-probed",
        level="advisory",
        because="Without probes traffic goes to pods that do not answer.",
        fix="Give each container a readinessProbe and a livenessProbe.",
        severity="medium",
        reference=f"{DOCS}/tasks/configure-pod-container/configure-liveness-readiness-startup-probes/",
        applies=is_long_running,
        broken=_unprobed,
    ),
    ResourceRule(
        number=113,
        name="pod-without-token",
        level="advisory",
        because="A token in a pod lets whoever breaks into it speak to the API server.",
        fix="Set automountServiceAccountToken to false where the pod does not speak to it.",
        severity="medium",
        reference=f"{DOCS}/tasks/configure-pod-container/configure-service-account/",
        applies=runs_pods,
        broken=_holding_a_token,
    ),
    ResourceRule(
        number=117,
        name="pod-secrets-mounted",
        level="advisory",
        because="Variables end up in logs, dumps and child processes.",
        fix="Mount the secret as a file.",
        severity="low",
        reference=f"{DOCS}/concepts/configuration/secret/",
        applies=runs_pods,
        broken=_with_secrets_in_environment,
    ),
)
