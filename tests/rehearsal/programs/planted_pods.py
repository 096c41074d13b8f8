"""Planted: pods that Kubernetes refuses or never starts, in a cluster that stands. The setting
`mistake` says which; `none` has them all mended."""

from typing import Any

import pulumi
import pulumi_kubernetes as kubernetes
import yaml

from catalog.charts import CHARTS
from components.services.answers import answers
from components.services.kubernetes_object import KubernetesObject

MISTAKE = pulumi.Config().require("mistake")
SPACE = "team"
IMAGE = f"123456789012.dkr.ecr.us-east-1.amazonaws.com/team/web@sha256:{'0' * 64}"
ASKS = ["--region", "us-east-1", "eks", "get-token", "--cluster-name", "main"]
KUBECONFIG = {"users": [{"user": {"exec": {"args": ASKS}}}]}
provider = kubernetes.Provider("kubernetes", kubeconfig=yaml.safe_dump(KUBECONFIG))


def put(name: str, manifest: Any, *after: pulumi.Resource) -> pulumi.Resource:
    opts = pulumi.ResourceOptions(provider=provider, depends_on=list(after))
    return KubernetesObject(name, manifest, opts)


def thing(kind: str, name: str, **rest: Any) -> dict[str, Any]:
    return {
        "apiVersion": "v1",
        "kind": kind,
        "metadata": {"name": name, "namespace": SPACE},
        **rest,
    }


def namespace(name: str) -> pulumi.Resource:
    level = {"pod-security.kubernetes.io/enforce": "restricted"}
    metadata = {"name": name, "labels": level}
    return put(name, {"apiVersion": "v1", "kind": "Namespace", "metadata": metadata})


def deployment() -> dict[str, Any]:
    token = {"secretKeyRef": {"name": "login", "key": "token"}}
    safe = {"allowPrivilegeEscalation": False, "capabilities": {"drop": ["ALL"]}}
    container = {
        "name": "main",
        "image": IMAGE if MISTAKE == "image" else "registry.k8s.io/pause:3.10",
        "env": [{"name": "TOKEN", "valueFrom": token}],
        "resources": {"requests": {"cpu": "2" if MISTAKE == "quota" else "500m"}},
        "securityContext": {"privileged": True} if MISTAKE == "privileged" else safe,
    }
    spec = {
        "serviceAccountName": "web",
        "securityContext": {"runAsNonRoot": True, "seccompProfile": {"type": "RuntimeDefault"}},
        "containers": [container],
    }
    labels = {"app": "web"}
    template = {"metadata": {"labels": labels}, "spec": spec}
    body = thing(
        "Deployment", "web", spec={"selector": {"matchLabels": labels}, "template": template}
    )
    return {**body, "apiVersion": "apps/v1"}


def gate(chart_name: str) -> None:
    """A release and the job that asks whether it answers: in order, or the other way round."""
    chart = CHARTS[chart_name]
    triggers: list[Any] = [{"type": "cpu", "metadata": {}}]
    target = {"scaleTargetRef": {"name": "x"}, "triggers": triggers}
    metadata = {"name": "probe", "namespace": chart.namespace}
    probe = {"apiVersion": "keda.sh/v1alpha1", "kind": "ScaledObject", "metadata": metadata,
             "spec": target}  # fmt: skip
    space = namespace(chart.namespace)
    parts = answers(
        namespace=chart.namespace, version="1", resource="scaledobjects", probe=probe, after=()
    )
    *before, job = [dict(one.manifest) for one in parts]
    first = [put(f"gate-{one['kind']}", one, space) for one in before]
    if MISTAKE == "probe":
        asked = put("gate", job, *first)
        release(chart_name, asked)
    else:
        put("gate", job, *first, release(chart_name, space))


def release(name: str, *after: pulumi.Resource) -> pulumi.Resource:
    chart = CHARTS[name]
    return kubernetes.helm.v3.Release(
        "release",
        name=name,
        namespace=chart.namespace,
        chart=chart.chart_name,
        version=chart.version,
        opts=pulumi.ResourceOptions(provider=provider, depends_on=list(after)),
    )


space = namespace(SPACE)
there = [put("quota", thing("ResourceQuota", "quota", spec={"hard": {"requests.cpu": "1"}}), space)]
if MISTAKE != "account":
    there.append(put("account", thing("ServiceAccount", "web"), space))
if MISTAKE != "secret":
    there.append(put("secret", thing("Secret", "login", stringData={"token": "t"}), space))
put("web", deployment(), *there)
gate("keda")
