"""What proves the rules about pods."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from tests.policies.scene import (
    PLAINTEXT,
    UNKNOWN,
    Cases,
    Described,
    fails,
    passes,
    recorded,
    secret,
)

DEPLOYMENT = recorded("kubernetes:apps/v1:Deployment")
SPEC = "spec.template.spec"
FIRST = f"{SPEC}.containers.0"
AT = f"{SPEC}.containers[0]"
OWN = "123456789012.dkr.ecr.us-east-1.amazonaws.com/platform-api"
DIGEST = "@sha256:" + "a" * 64
GPU = "nvidia.com/gpu"


def _container(**changes: Any) -> Described:
    """The deployment with its container's `a__b` set to what is given; None leaves it out."""
    return DEPLOYMENT.but({f"{FIRST}.{k.replace('__', '.')}": v for k, v in changes.items()})


def _pod(**changes: Any) -> Described:
    return DEPLOYMENT.but({f"{SPEC}.{k.replace('__', '.')}": v for k, v in changes.items()})


def _made(type_: str, spec: Mapping[str, Any], namespace: str = "models") -> Described:
    metadata = {"name": "made", "namespace": namespace}
    return Described(
        type=f"kubernetes:{type_}", name="made", properties={"metadata": metadata, "spec": spec}
    )


def _gpu(requests: Any, limits: Any, *tolerations: Mapping[str, Any]) -> Described:
    sizes = {
        key: {"cpu": 1, "memory": "1Gi"} | ({} if value is None else {GPU: value})
        for key, value in (("requests", requests), ("limits", limits))
    }
    return _container(resources=sizes).but({f"{SPEC}.tolerations": list(tolerations)})


TOLERATED = {"key": GPU, "operator": "Exists", "effect": "NoSchedule"}
SAFE = {
    "runAsNonRoot": True,
    "allowPrivilegeEscalation": False,
    "capabilities": {"drop": ["ALL"]},
    "seccompProfile": {"type": "RuntimeDefault"},
}
BARE = {"name": "a", "image": "quay.io/a/b:1"}
PROBED: dict[str, Any] = {"readinessProbe": {"exec": {}}, "livenessProbe": {"exec": {}}}

CASES = {
    "pod-off-the-host": Cases(
        failing=(
            fails(_pod(hostNetwork=True), at=f"{SPEC}.hostNetwork", wanted="false"),
            fails(_pod(hostPID=True), at=f"{SPEC}.hostPID"),
            fails(_pod(hostIPC=True), at=f"{SPEC}.hostIPC"),
            fails(
                _container(securityContext__privileged=True),
                at=f"{AT}.securityContext.privileged",
                wanted="false",
            ),
            fails(
                _pod(volumes=[{"name": "a", "hostPath": {"path": "/"}}]),
                at=f"{SPEC}.volumes[0].hostPath",
                wanted="another volume",
            ),
            fails(
                _made(
                    "core/v1:Pod", {"initContainers": [{"securityContext": {"privileged": True}}]}
                ),
                at="spec.initContainers[0].securityContext.privileged",
            ),
            fails(
                _made(
                    "core/v1:Pod",
                    {"ephemeralContainers": [{"securityContext": {"privileged": True}}]},
                ),
                at="spec.ephemeralContainers[0].securityContext.privileged",
            ),
            fails(
                _made(
                    "batch/v1:CronJob",
                    {"jobTemplate": {"spec": {"template": {"spec": {"hostPID": True}}}}},
                ),
                at="spec.jobTemplate.spec.template.spec.hostPID",
            ),
        ),
        passing=(
            passes(DEPLOYMENT),
            passes(_made("core/v1:Pod", {"hostNetwork": True}, "node-metrics")),
            passes(_made("example.com/v1:Deployment", {"hostNetwork": True})),
            passes(_pod(hostNetwork=False)),
        ),
        unknown=passes(_pod(hostNetwork=UNKNOWN)),
        secret=fails(_pod(hostNetwork=secret(value=True)), at=f"{SPEC}.hostNetwork"),
    ),
    "pod-restricted": Cases(
        failing=(
            fails(
                _container(securityContext__allowPrivilegeEscalation=None),
                at=f"{AT}.securityContext.allowPrivilegeEscalation",
                wanted="false",
            ),
            fails(
                _container(securityContext__capabilities=None),
                at=f"{AT}.securityContext.capabilities.drop",
                wanted="ALL",
            ),
            fails(
                _container(securityContext__capabilities={"drop": ["ALL"], "add": ["SYS_ADMIN"]}),
                at=f"{AT}.securityContext.capabilities.add",
                wanted="NET_BIND_SERVICE at most",
            ),
            fails(
                _container(securityContext__runAsNonRoot=None).but(
                    {f"{SPEC}.securityContext.runAsNonRoot": None}
                ),
                at=f"{AT}.securityContext.runAsNonRoot",
                wanted="true",
            ),
            fails(
                _container(securityContext__runAsNonRoot=False),
                at=f"{AT}.securityContext.runAsNonRoot",
            ),
            fails(
                _container(securityContext__seccompProfile=None).but(
                    {f"{SPEC}.securityContext.seccompProfile": None}
                ),
                at=f"{AT}.securityContext.seccompProfile.type",
                wanted="RuntimeDefault or Localhost",
            ),
            fails(
                _container(securityContext__seccompProfile={"type": "Unconfined"}),
                at=f"{AT}.securityContext.seccompProfile.type",
            ),
            fails(
                _made(
                    "batch/v1:Job",
                    {
                        "template": {
                            "spec": {
                                "initContainers": [
                                    BARE
                                    | {"securityContext": SAFE | {"allowPrivilegeEscalation": True}}
                                ],
                                "containers": [BARE | {"securityContext": SAFE}],
                            }
                        }
                    },
                ),
                at="spec.template.spec.initContainers[0].securityContext.allowPrivilegeEscalation",
            ),
        ),
        passing=(
            passes(DEPLOYMENT),
            passes(
                _container(securityContext__runAsNonRoot=None, securityContext__seccompProfile=None)
            ),
            passes(
                _container(
                    securityContext__capabilities={"drop": ["ALL"], "add": ["NET_BIND_SERVICE"]}
                )
            ),
            passes(_made("core/v1:Pod", {"containers": [BARE | {"securityContext": SAFE}]})),
            passes(
                _made(
                    "core/v1:Pod",
                    {
                        "containers": [
                            BARE
                            | {"securityContext": SAFE | {"seccompProfile": {"type": "Localhost"}}}
                        ]
                    },
                )
            ),
            passes(_made("core/v1:Pod", {"containers": [BARE]}, "logging")),
        ),
        unknown=passes(_container(securityContext__allowPrivilegeEscalation=UNKNOWN)),
        secret=fails(
            _container(securityContext__allowPrivilegeEscalation=secret(value=True)),
            at=f"{AT}.securityContext.allowPrivilegeEscalation",
        ),
    ),
    "pod-requests-and-limits": Cases(
        failing=(
            fails(_container(resources__requests__cpu=None), at=f"{AT}.resources.requests.cpu"),
            fails(
                _container(resources__requests__memory=None), at=f"{AT}.resources.requests.memory"
            ),
            fails(
                _container(resources__limits__memory=None),
                at=f"{AT}.resources.limits.memory",
                wanted="an amount",
            ),
        ),
        passing=(
            passes(DEPLOYMENT),
            passes(_container(resources__requests__cpu=1, resources__limits__cpu=None)),
        ),
        unknown=passes(_container(resources__requests__cpu=UNKNOWN)),
        unknown_is="passing",
    ),
    "pod-gpus-matched": Cases(
        failing=(
            fails(
                _gpu(1, 2, TOLERATED), at=f"{AT}.resources.limits.{GPU}", wanted="1, as requested"
            ),
            fails(_gpu(1, None, TOLERATED), at=f"{AT}.resources.limits.{GPU}"),
            fails(_gpu(None, 1), at=f"{SPEC}.tolerations", wanted=GPU),
            fails(_gpu(1, 1, {"key": "other", "operator": "Exists"}), at=f"{SPEC}.tolerations"),
            fails(_gpu(1, 1, {"key": "other", "operator": "Equal"}), at=f"{SPEC}.tolerations"),
        ),
        passing=(
            passes(DEPLOYMENT),
            passes(_gpu(1, "1", TOLERATED)),
            passes(_gpu(None, 1, TOLERATED)),
            passes(_gpu(1, 1, {"operator": "Exists"})),
            passes(_gpu(1, 1, {"key": "a"}, {"key": GPU, "value": "present"})),
        ),
        unknown=passes(_gpu(UNKNOWN, 1, TOLERATED)),
        secret=fails(_gpu(secret(1), 2, TOLERATED), at=f"{AT}.resources.limits.{GPU}"),
    ),
    "pod-image-pinned": Cases(
        failing=(
            fails(
                _container(image="quay.io/a/b"), at=f"{AT}.image", wanted="a version or a digest"
            ),
            fails(_container(image="quay.io/a/b:latest"), at=f"{AT}.image"),
            fails(_container(image="quay.io:443/a/b"), at=f"{AT}.image"),
            fails(_container(image=f"{OWN}:1.2.3"), at=f"{AT}.image", wanted="a digest"),
            fails(
                _made("core/v1:Pod", {"initContainers": [{"image": "a"}]}),
                at="spec.initContainers[0].image",
            ),
        ),
        passing=(
            passes(DEPLOYMENT),
            passes(_container(image=f"{OWN}{DIGEST}")),
            passes(_container(image=f"quay.io/a/b:latest{DIGEST}")),
            passes(_container(image="quay.io/123456789012.dkr.ecr.x/b:1")),
        ),
        unknown=passes(_container(image=UNKNOWN)),
        secret=fails(_container(image=secret(PLAINTEXT)), at=f"{AT}.image"),
    ),
    "pod-image-digest": Cases(
        failing=(
            fails(_container(image="quay.io/a/b:1"), at=f"{AT}.image", wanted="a digest"),
            fails(_container(image="b"), at=f"{AT}.image"),
        ),
        passing=(
            passes(_container(image=f"quay.io/a/b:1{DIGEST}")),
            # Those of the account are another rule's.
            passes(_container(image=f"{OWN}:1")),
        ),
        unknown=passes(_container(image=UNKNOWN)),
        secret=fails(_container(image=secret(PLAINTEXT)), at=f"{AT}.image"),
    ),
    "pod-probed": Cases(
        failing=(
            fails(_container(readinessProbe=None), at=f"{AT}.readinessProbe", wanted="a probe"),
            fails(_container(livenessProbe=None), at=f"{AT}.livenessProbe"),
            fails(
                _made(
                    "apps/v1:StatefulSet",
                    {"template": {"spec": {"containers": [{"readinessProbe": {"exec": {}}}]}}},
                ),
                at="spec.template.spec.containers[0].livenessProbe",
            ),
        ),
        passing=(
            passes(DEPLOYMENT),
            passes(_made("batch/v1:Job", {"template": {"spec": {"containers": [BARE]}}})),
            passes(
                _made(
                    "apps/v1:DaemonSet",
                    {"template": {"spec": {"initContainers": [BARE], "containers": [PROBED]}}},
                )
            ),
        ),
        unknown=passes(_container(readinessProbe=UNKNOWN)),
        unknown_is="passing",
    ),
    "pod-without-token": Cases(
        failing=(
            fails(
                _pod(automountServiceAccountToken=True),
                at=f"{SPEC}.automountServiceAccountToken",
                wanted="false",
            ),
            fails(
                _pod(automountServiceAccountToken=None), at=f"{SPEC}.automountServiceAccountToken"
            ),
        ),
        passing=(
            passes(_pod(automountServiceAccountToken=False)),
            passes(_made("core/v1:Pod", {"automountServiceAccountToken": False})),
        ),
        unknown=passes(_pod(automountServiceAccountToken=UNKNOWN)),
        secret=fails(
            _pod(automountServiceAccountToken=secret(value=True)),
            at=f"{SPEC}.automountServiceAccountToken",
        ),
    ),
    "pod-secrets-mounted": Cases(
        failing=(
            fails(
                _container(env=[{"name": "A"}, {"valueFrom": {"secretKeyRef": {"name": "a"}}}]),
                at=f"{AT}.env[1].valueFrom.secretKeyRef",
                wanted="a mounted file",
            ),
            fails(
                _container(envFrom=[{"secretRef": {"name": "a"}}]),
                at=f"{AT}.envFrom[0].secretRef",
                wanted="a mounted file",
            ),
        ),
        passing=(
            passes(_container(env=[{"name": "A", "value": "b"}])),
            passes(_container(env=[], envFrom=[{"configMapRef": {"name": "a"}}])),
        ),
        unknown=passes(_container(env=UNKNOWN)),
    ),
}
