"""What proves the rules about namespaces, flows, roles, entrances and releases."""

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

NAMESPACE = recorded("kubernetes:core/v1:Namespace")
RELEASE = recorded("kubernetes:helm.sh/v3:Release")
ROLE = recorded("kubernetes:rbac.authorization.k8s.io/v1:Role")
ENFORCE = "pod-security.kubernetes.io/enforce"
LEVEL = f"metadata.labels.{ENFORCE}"
SCHEME = "service.beta.kubernetes.io/aws-load-balancer-scheme"
INTERNAL = "service.beta.kubernetes.io/aws-load-balancer-internal"
ALB = "alb.ingress.kubernetes.io/scheme"


def _object(
    token: str, namespace: str | None = "models", name: str = "a", **more: Any
) -> Described:
    metadata = {"name": name} | ({} if namespace is None else {"namespace": namespace})
    return Described(
        type=f"kubernetes:{token}", name=name, properties={"metadata": metadata, **more}
    )


def _namespace(level: Any, name: str = "models") -> Described:
    labels = {"team": "a"} | ({} if level is None else {ENFORCE: level})
    return NAMESPACE.but({"metadata": {"name": name, "labels": labels}})


def _flow(namespace: str = "models", **changes: Any) -> Described:
    spec: dict[str, Any] = {"podSelector": {}, "policyTypes": ["Ingress", "Egress"], **changes}
    return _object("networking.k8s.io/v1:NetworkPolicy", namespace, spec=spec)


def _role(**changes: Any) -> Described:
    rule = {"apiGroups": [""], "resources": ["pods"], "verbs": ["get"], **changes}
    return ROLE.but({"rules": [rule]})


def _service(notes: Mapping[str, Any], type_: Any = "LoadBalancer", name: str = "a") -> Described:
    made = _object("core/v1:Service", name=name, spec={"type": type_})
    return made.but({"metadata": {"name": name, "namespace": "models", "annotations": notes}})


def _ingress(notes: Mapping[str, Any]) -> Described:
    made = _object("networking.k8s.io/v1:Ingress", spec={})
    return made.but({"metadata": {"name": "a", "namespace": "models", "annotations": notes}})


LABELS = {"app": "a", "tier": "web"}


def _deployment(replicas: Any = 2) -> Described:
    spec = {"replicas": replicas, "template": {"metadata": {"labels": LABELS}}}
    return _object("apps/v1:Deployment", spec=spec)


def _budget(labels: Mapping[str, Any], namespace: str = "models") -> Described:
    spec = {"maxUnavailable": 1, "selector": {"matchLabels": labels}}
    return _object("policy/v1:PodDisruptionBudget", namespace, "budget", spec=spec)


def _scaler(least: Any, target: str = "a", namespace: str = "models") -> Described:
    spec = {"scaleTargetRef": {"kind": "Deployment", "name": target}, "minReplicas": least}
    return _object("autoscaling/v2:HorizontalPodAutoscaler", namespace, "scaler", spec=spec)


BUDGET = _budget({"app": "a"})

CASES = {
    "namespace-pod-security": Cases(
        failing=(
            fails(_namespace(None), at=LEVEL, wanted="restricted or baseline"),
            fails(_namespace("none"), at=LEVEL),
            fails(_namespace("privileged"), at=LEVEL),
        ),
        passing=(
            passes(NAMESPACE),
            passes(_namespace("baseline")),
            passes(_namespace("privileged", "logging")),
            passes(_namespace("restricted", "logging")),
        ),
        unknown=passes(_namespace(UNKNOWN)),
        secret=fails(_namespace(secret(PLAINTEXT)), at=LEVEL),
    ),
    "namespace-default-deny": Cases(
        failing=(
            fails(_namespace("restricted"), at="metadata.name", wanted="denies all by default"),
            fails(_namespace("restricted"), _flow("other"), at="metadata.name"),
            fails(
                _namespace("restricted"),
                _flow(podSelector={"matchLabels": {"a": "b"}}),
                at="metadata.name",
            ),
            fails(_namespace("restricted"), _flow(policyTypes=["Ingress"]), at="metadata.name"),
            fails(_namespace("restricted"), _flow(policyTypes=["Egress"]), at="metadata.name"),
            fails(_namespace("restricted"), _flow(ingress=[{}]), at="metadata.name"),
            fails(_namespace("restricted"), _flow(egress=[{}]), at="metadata.name"),
        ),
        passing=(
            passes(_namespace("restricted"), _flow()),
            passes(_namespace("restricted"), _flow(ingress=[{}]), _flow(ingress=[], egress=[])),
        ),
        unknown=passes(_namespace("restricted"), _flow(ingress=UNKNOWN)),
        secret=fails(
            _namespace("restricted"), _flow(policyTypes=[secret("Ingress")]), at="metadata.name"
        ),
    ),
    "nothing-in-default": Cases(
        failing=(
            fails(
                _object("core/v1:ConfigMap", "default"),
                at="metadata.namespace",
                wanted="a namespace of its own",
            ),
            fails(_object("core/v1:ConfigMap", None), at="metadata.namespace"),
            fails(_object("keda.sh/v1alpha1:ScaledObject", None), at="metadata.namespace"),
        ),
        passing=(
            passes(_object("core/v1:ConfigMap", "models")),
            passes(NAMESPACE),
            passes(_object("scheduling.k8s.io/v1:PriorityClass", None)),
            passes(RELEASE.but({"namespace": "default"})),
        ),
        unknown=passes(_object("core/v1:ConfigMap", UNKNOWN)),
        secret=fails(
            _object("core/v1:ConfigMap", "x").but({"metadata.namespace": secret("default")}),
            at="metadata.namespace",
        ),
    ),
    "role-without-wildcards": Cases(
        failing=(
            fails(_role(apiGroups=["*"]), at="rules[0].apiGroups", wanted="by name"),
            fails(_role(resources=["pods", "*"]), at="rules[0].resources"),
            fails(_role(verbs=["*"]), at="rules[0].verbs"),
            fails(
                _role(verbs=["get", "escalate"]),
                at="rules[0].verbs",
                wanted="none of bind, escalate, impersonate",
            ),
            fails(_role(verbs=["bind"]), at="rules[0].verbs"),
            fails(
                _object(
                    "rbac.authorization.k8s.io/v1:ClusterRole",
                    None,
                    rules=[{"verbs": ["impersonate"]}],
                ),
                at="rules[0].verbs",
            ),
        ),
        passing=(
            passes(ROLE),
            passes(_role()),
            passes(_object("example.com/v1:Role", rules=[{"verbs": ["*"]}])),
            passes(_object("rbac.authorization.k8s.io/v1:RoleBinding", rules=[{"verbs": ["*"]}])),
        ),
        unknown=passes(_role(verbs=UNKNOWN)),
        secret=fails(_role(verbs=secret(["*", PLAINTEXT])), at="rules[0].verbs"),
    ),
    "deployment-survives-a-drain": Cases(
        failing=(
            fails(_deployment(1), BUDGET, at="spec.replicas", wanted="2 or more"),
            fails(_deployment(None).but({"spec.replicas": None}), BUDGET, at="spec.replicas"),
            fails(_deployment(), at="metadata.name", wanted="a disruption budget"),
            fails(_deployment(), _budget({"app": "b"}), at="metadata.name"),
            fails(_deployment(), _budget({"app": "a", "tier": "b"}), at="metadata.name"),
            fails(_deployment(), _budget({}), at="metadata.name"),
            fails(_deployment(), _budget({"app": "a"}, "other"), at="metadata.name"),
            fails(_deployment(3), _scaler(1), BUDGET, at="spec.replicas"),
            fails(_deployment(3), _scaler(None), BUDGET, at="spec.replicas"),
            fails(_deployment(1), _scaler(3, "b"), BUDGET, at="spec.replicas"),
            fails(_deployment(1), _scaler(3, "a", "other"), BUDGET, at="spec.replicas"),
        ),
        passing=(
            passes(_deployment(), BUDGET),
            passes(_deployment(), _budget(LABELS)),
            passes(_deployment(1), _scaler(2), BUDGET),
            # At zero it is meant to be away.
            passes(_deployment(0), BUDGET),
        ),
        unknown=passes(_deployment(UNKNOWN), BUDGET),
        secret=fails(_deployment(secret(1)), BUDGET, at="spec.replicas"),
    ),
    "entrance-internal": Cases(
        failing=(
            fails(_service({}), at=f"metadata.annotations.{SCHEME}", wanted="internal"),
            fails(_service({SCHEME: "internet-facing"}), at=f"metadata.annotations.{SCHEME}"),
            fails(_service({INTERNAL: "false"}), at=f"metadata.annotations.{SCHEME}"),
            fails(_ingress({}), at=f"metadata.annotations.{ALB}", wanted="internal"),
            fails(
                _ingress({}),
                at=f"metadata.annotations.{ALB}",
                settings={"public_services": ("other/a", "models/b")},
            ),
            fails(_ingress({ALB: "internet-facing"}), at=f"metadata.annotations.{ALB}"),
        ),
        passing=(
            passes(_service({}, "ClusterIP")),
            passes(_service({SCHEME: "internal"})),
            passes(_service({INTERNAL: "true"})),
            passes(_ingress({ALB: "internal"})),
            passes(_service({}), settings={"public_services": ("models/a",)}),
            passes(_ingress({}), settings={"public_services": ("models/a",)}),
        ),
        unknown=passes(_service({SCHEME: UNKNOWN})),
        secret=fails(_service({SCHEME: secret(PLAINTEXT)}), at=f"metadata.annotations.{SCHEME}"),
    ),
    "release-atomic-and-pinned": Cases(
        failing=(
            fails(RELEASE.but({"atomic": None}), at="atomic", wanted="true"),
            fails(RELEASE.but({"atomic": False}), at="atomic"),
            fails(RELEASE.but({"timeout": None}), at="timeout", wanted="seconds"),
            fails(RELEASE.but({"timeout": 0}), at="timeout"),
            fails(RELEASE.but({"skipAwait": True}), at="skipAwait", wanted="false"),
            *(
                fails(
                    RELEASE.but({"version": version}),
                    at="version",
                    wanted="one exact version",
                    repairable=False,
                )
                for version in (
                    None,
                    "",
                    "^1.2",
                    "~1",
                    "1.*",
                    "> 1",
                    "<2",
                    "1,2",
                    "1 2",
                    "1.x",
                    "1.X",
                    "1 || 2",
                    "latest",
                )
            ),
        ),
        passing=(
            passes(RELEASE),
            passes(RELEASE.but({"timeout": 30, "skipAwait": None, "version": "v1.2.3-rc.1"})),
        ),
        unknown=passes(RELEASE.but({"atomic": UNKNOWN})),
        secret=fails(RELEASE.but({"atomic": secret(value=False)}), at="atomic"),
    ),
}
