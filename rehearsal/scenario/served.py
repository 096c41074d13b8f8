"""What came of a stack's services: looks at the objects of its cluster, at the public zone and at
the certificates, each held to what the stack file says."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from rehearsal.engine.workspace import Settings
from rehearsal.providers.kubernetes.objects import Object, Objects
from rehearsal.providers.kubernetes.place import stored_as
from rehearsal.scenario.operator import digest
from rehearsal.scenario.verdict import Check
from rehearsal.scenario.world import World

MODELS = "models"
"""Namespace of the platform's own models."""
APPLICATIONS: Mapping[str, str] = {"platform_api": "platform-api", "web_ui": "web-ui"}
"""Key in the stack file → name in the cluster and the registry."""


class Cluster:
    """A stack's cluster as its objects show it."""

    def __init__(self, world: World, stack: str) -> None:
        name = str(world.settings(stack)["prefix"])
        eks = world.account.client("eks", world.regions[stack][0])
        made = eks.describe_cluster(name=name)["cluster"]["createdAt"]
        self._stored = stored_as(name, str(made))
        self._objects = Objects(world.workspace.objects)

    def named(self, kind: str) -> dict[str, Object]:
        """Objects of a kind by name."""
        return {one["metadata"]["name"]: one for one in self.of_kind(kind)}

    def of_kind(self, kind: str) -> list[Object]:
        """Objects of a kind."""
        return list(self._objects.of_kind(self._stored, kind))


def applications(world: World, stack: str) -> list[Check]:
    """Each application that the stack file names runs the image that was pushed, and is scaled."""
    cluster = Cluster(world, stack)
    wrong = list(_wrong_applications(world.settings(stack), cluster))
    name = "applications run the images that were pushed, with a scaler each"
    return [_check(name, wrong, f"{len(APPLICATIONS)} applications")]


def _wrong_applications(settings: Settings, cluster: Cluster) -> Iterator[str]:
    deployments, scalers = cluster.named("Deployment"), cluster.named("HorizontalPodAutoscaler")
    for key, name in APPLICATIONS.items():
        if not settings["services"]["applications"].get(key):
            continue
        if name not in deployments:
            yield f"no deployment {name}"
            continue
        (container,) = deployments[name]["spec"]["template"]["spec"]["containers"]
        if not container["image"].endswith(
            f"/{settings['registry']['namespace']}/{name}@{digest(name)}"
        ):
            yield f"{name} runs {container['image']}"
        if name not in scalers or not _scales(scalers[name], name):
            yield f"nothing scales {name}"


def _scales(scaler: Object, name: str) -> bool:
    return scaler["spec"]["scaleTargetRef"]["name"] == name


def models(world: World, stack: str) -> list[Check]:
    """Each model and canary has its scaler, and the requests are divided as was asked for."""
    cluster, wanted = Cluster(world, stack), _models(world.settings(stack))
    counted = list(_wrong_scalers(wanted, cluster))
    divided = list(_wrong_weights(wanted, cluster))
    shares = ", ".join(f"{one['name']} {_percent(one) or 0} %" for one in wanted)
    return [
        _check("models are scaled by what they chose", counted, f"{len(wanted)} models"),
        _check("canaries get their percent of the requests", divided, shares),
    ]


def _models(settings: Settings) -> list[dict[str, Any]]:
    return settings["services"]["serving"]["models"]


def _percent(model: Mapping[str, Any]) -> int | None:
    canary = model.get("canary")
    return int(canary["percent"]) if canary else None


def _wrong_scalers(wanted: Sequence[Mapping[str, Any]], cluster: Cluster) -> Iterator[str]:
    scalers = {kind: cluster.named(kind) for kind in ("HorizontalPodAutoscaler", "ScaledObject")}
    expected: dict[str, str] = {}
    for model in wanted:
        keda = model.get("autoscaler", {}).get("kind") == "keda"
        kind = "ScaledObject" if keda else "HorizontalPodAutoscaler"
        for suffix in ("", "-canary") if model.get("canary") else ("",):
            expected[f"{model['name']}{suffix}-predictor"] = kind
    for name, kind in expected.items():
        found = scalers[kind].get(name)
        if found is None or not _scales(found, name):
            yield f"no {kind} scales {name}"
        elif kind == "ScaledObject" and not found["spec"]["triggers"]:
            yield f"{name} is scaled by nothing"
    for kind, there in scalers.items():
        for name, one in there.items():
            if one["metadata"]["namespace"] == MODELS and expected.get(name) != kind:
                yield f"{kind} {name} is left over"


def _wrong_weights(wanted: Sequence[Mapping[str, Any]], cluster: Cluster) -> Iterator[str]:
    routes, services = cluster.named("HTTPRoute"), cluster.named("Service")
    for model in wanted:
        name, percent = model["name"], _percent(model)
        route = routes.get(f"{name}-weighted")
        if percent is None:
            if route is not None:
                yield f"{name} has no canary, and still a weighted route"
            continue
        found = _weights(route) if route else {}
        expected = {
            f"{name}-predictor": 100 - percent,
            f"{name}-canary-predictor": percent,
        }
        if found != expected:
            yield f"{name}: expected {expected}, found {found}"
        yield from (f"{name}: no service {one}" for one in expected if one not in services)


def _weights(route: Object) -> dict[str, int]:
    return {
        backend["name"]: backend["weight"]
        for rule in route["spec"]["rules"]
        for backend in rule["backendRefs"]
    }


def names(world: World, stack: str) -> list[Check]:
    """Each public name of a route has a record in the zone, and a certificate that was issued."""
    domain = str(world.settings(stack)["dns"]["domain"])
    hosts = sorted(
        {
            str(host)
            for route in Cluster(world, stack).of_kind("HTTPRoute")
            for host in route["spec"].get("hostnames", ())
            if str(host).endswith(f".{domain}")
        }
    )
    records = _records(world.account.client("route53", world.regions[stack][0]), domain)
    issued = _issued(world.account.client("acm", world.regions[stack][0]))
    lost = [host for host in hosts if not _covered(host, records)]
    bare = [host for host in hosts if not _covered(host, issued)]
    return [
        _check("public names have a record", lost, ", ".join(hosts)),
        _check("public names have a certificate", bare, ", ".join(hosts)),
    ]


def _records(route53: Any, domain: str) -> set[str]:
    zones = route53.list_hosted_zones_by_name(DNSName=domain)["HostedZones"]
    public = (one["Id"] for one in zones if not one["Config"].get("PrivateZone"))
    pages = route53.get_paginator("list_resource_record_sets").paginate(HostedZoneId=next(public))
    return {
        one["Name"].rstrip(".").replace("\\052", "*")
        for page in pages
        for one in page["ResourceRecordSets"]
        if one["Type"] in ("A", "AAAA", "CNAME")
    }


def _issued(acm: Any) -> set[str]:
    found = acm.list_certificates(CertificateStatuses=["ISSUED"])["CertificateSummaryList"]
    return {
        name
        for one in found
        for name in acm.describe_certificate(CertificateArn=one["CertificateArn"])["Certificate"][
            "SubjectAlternativeNames"
        ]
    }


def _covered(host: str, known: set[str]) -> bool:
    """By its own name, or by a wildcard in place of its first label."""
    return host in known or f"*.{host.partition('.')[2]}" in known


def _check(name: str, wrong: Sequence[str], told: str) -> Check:
    return Check(name, not wrong, "; ".join(wrong) or told)
