"""The AWS Load Balancer Controller: a balancer with a security group for each service of type
LoadBalancer that asks for it, and for each ingress of its class."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping
from typing import Any

from rehearsal.providers.aws.clients import Clients
from rehearsal.providers.kubernetes.controllers.cluster import (
    Cluster,
    private_subnets,
    public_subnets,
)
from rehearsal.providers.kubernetes.objects import Object
from rehearsal.providers.wire import as_object

CLASS = "service.k8s.aws/nlb"
INGRESS_CLASS = "alb"
NOTE = "service.beta.kubernetes.io/aws-load-balancer-"
INGRESS_NOTE = "alb.ingress.kubernetes.io/"
FINALIZERS: Mapping[str, str] = {
    "Service": "service.k8s.aws/resources",
    "Ingress": "ingress.k8s.aws/resources",
}


class Balancers:
    """Balancers by the object that asks for one; a record of each tells which are there."""

    name = "aws-load-balancer-controller"
    is_addon = False
    of_releases = False
    watches = frozenset({"Service", "Ingress", "TargetGroupBinding"})

    def finalizer(self, body: Mapping[str, Any]) -> str | None:
        """Balancers and targets go before the object that asked for them."""
        if body.get("kind") == "TargetGroupBinding":
            return "elbv2.k8s.aws/resources"
        if not _asks(body):
            return None
        return FINALIZERS[str(body["kind"])]

    def settle(self, cluster: Cluster, aws: Clients) -> None:
        """A balancer per object that asks, and none without."""
        wanted = {_name(one): one for one in _asking(cluster)}
        there = {one["metadata"]["name"]: one for one in cluster.of_kind("LoadBalancerRecord")}
        for name in sorted(wanted.keys() - there.keys()):
            cluster.put(_made(cluster, aws, name, wanted[name]))
        for name in sorted(there.keys() - wanted.keys()):
            _remove(cluster, aws, there[name])


def _asking(cluster: Cluster) -> Iterator[Object]:
    for kind in FINALIZERS:
        yield from (one for one in cluster.of_kind(kind) if _asks(one))


def _asks(body: Mapping[str, Any]) -> bool:
    """Whether the object wants a balancer of this controller."""
    spec = as_object(body.get("spec"))
    if body.get("kind") == "Ingress":
        return spec.get("ingressClassName") == INGRESS_CLASS
    notes = as_object(as_object(body.get("metadata")).get("annotations"))
    external = notes.get(f"{NOTE}type") in ("external", "nlb-ip")
    chosen = external or spec.get("loadBalancerClass") == CLASS
    return body.get("kind") == "Service" and spec.get("type") == "LoadBalancer" and chosen


def _name(body: Object) -> str:
    """`k8s-<namespace>-<name>-<hash>`, as the controller shortens it."""
    metadata = body["metadata"]
    whole = f"{body['kind']}/{metadata['namespace']}/{metadata['name']}"
    digest = hashlib.sha256(whole.encode()).hexdigest()[:10]
    return f"k8s-{metadata['namespace'][:8]}-{metadata['name'][:8]}-{digest}"


def _made(cluster: Cluster, aws: Clients, name: str, body: Object) -> Object:
    ec2, elb = aws.get("ec2"), aws.get("elbv2")
    public = _is_public(body)
    group = ec2.create_security_group(
        GroupName=name, Description="[k8s] managed", VpcId=cluster.vpc_id
    )["GroupId"]
    made = elb.create_load_balancer(
        Name=name,
        Type="application" if body["kind"] == "Ingress" else "network",
        Scheme="internet-facing" if public else "internal",
        Subnets=public_subnets(cluster, ec2) if public else private_subnets(cluster, ec2),
        SecurityGroups=[group],
        Tags=[{"Key": "elbv2.k8s.aws/cluster", "Value": cluster.name}],
    )
    return {
        "apiVersion": "elbv2.k8s.aws/v1beta1",
        "kind": "LoadBalancerRecord",
        # Of the cluster, not of the namespace: it must outlive the object that asked.
        "metadata": {"name": name},
        "spec": {"arn": made["LoadBalancers"][0]["LoadBalancerArn"], "group": group},
    }


def _is_public(body: Object) -> bool:
    notes = as_object(body["metadata"].get("annotations"))
    prefix = INGRESS_NOTE if body["kind"] == "Ingress" else NOTE
    return notes.get(f"{prefix}scheme") == "internet-facing"


def _remove(cluster: Cluster, aws: Clients, record: Object) -> None:
    aws.get("elbv2").delete_load_balancer(LoadBalancerArn=record["spec"]["arn"])
    aws.get("ec2").delete_security_group(GroupId=record["spec"]["group"])
    cluster.drop(record)
