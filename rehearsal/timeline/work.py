"""Which row of the catalogue's timings an operation takes, judged from the resource's inputs."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from math import ceil
from typing import Any, TypeAlias, cast

from catalog import timings
from rehearsal.timeline.engine import Inputs

Describe: TypeAlias = "Callable[[str, Inputs, Inputs], Work]"


@dataclass(frozen=True, kw_only=True)
class Work:
    """An operation in the catalogue's terms, done `times` times in a row."""

    operation: str
    variant: str = ""
    times: int = 1


def work(resource_type: str, verb: str, before: Inputs, after: Inputs) -> Work:
    """`verb` is create, update, delete, …; the inputs are those it had and those it gets."""
    describe = _DESCRIBED.get(resource_type)
    return describe(verb, before, after) if describe else Work(operation=verb)


def _addon(verb: str, before: Inputs, after: Inputs) -> Work:
    return Work(operation=verb, variant=_text(after or before, "addonName"))


def _endpoint(verb: str, before: Inputs, after: Inputs) -> Work:
    # AWS's own default when no type is given.
    return Work(operation=verb, variant=_text(after or before, "vpcEndpointType") or "Gateway")


def _cluster(verb: str, before: Inputs, after: Inputs) -> Work:
    if verb == "update" and _text(before, "version") != _text(after, "version"):
        return Work(operation="update-version")
    return Work(operation=verb)


def _node_group(verb: str, before: Inputs, after: Inputs) -> Work:
    rolling = ("version", "releaseVersion", "launchTemplate")
    if verb != "update" or all(before.get(key) == after.get(key) for key in rolling):
        return Work(operation=verb)
    return Work(operation="update-per-batch", times=_batches(after))


def _batches(inputs: Inputs) -> int:
    """How many rounds a rolling update takes: EKS replaces one node at a time by default."""
    nodes = _number(_mapping(inputs, "scalingConfig"), "desiredSize")
    update = _mapping(inputs, "updateConfig")
    percentage = _number(update, "maxUnavailablePercentage")
    at_once = _number(update, "maxUnavailable") or ceil(nodes * percentage / 100) or 1
    return max(1, ceil(nodes / at_once))


def _database(verb: str, before: Inputs, after: Inputs) -> Work:
    if verb == "create":
        return Work(operation=_database_creation(after))
    if verb == "update" and before.get("replicateSourceDb") and not after.get("replicateSourceDb"):
        return Work(operation="promote")
    return Work(operation=verb)


def _database_creation(inputs: Inputs) -> str:
    if inputs.get("snapshotIdentifier") or inputs.get("restoreToPointInTime"):
        return "restore-snapshot"
    # A source in another region is named by its ARN, one in the same region by its name.
    if _text(inputs, "replicateSourceDb").startswith("arn:"):
        return "create-replica-cross-region"
    return "create-multi-az" if inputs.get("multiAz") is True else "create-single-az"


def _release(verb: str, before: Inputs, after: Inputs) -> Work:
    return Work(operation=verb, variant=_chart(after or before))


def _chart(inputs: Inputs) -> str:
    """The row of a chart: its own, or of the family it belongs to (`istiod`: `istio`)."""
    chart = _text(inputs, "chart").rstrip("/").rpartition("/")[2].lower()
    if chart.endswith(("-crd", "-crds")):
        return chart
    repository = _text(_mapping(inputs, "repositoryOpts"), "repo")
    if chart in {"base", "cni", "gateway", "ztunnel"} and "istio" in repository:
        return "istio"
    known = timings.variants("kubernetes:helm.sh/v3:Release") - {""}
    return max((name for name in known if chart.startswith(name)), key=len, default=chart)


_DESCRIBED: Mapping[str, Describe] = {
    "aws:eks/addon:Addon": _addon,
    "aws:ec2/vpcEndpoint:VpcEndpoint": _endpoint,
    "aws:eks/cluster:Cluster": _cluster,
    "aws:eks/nodeGroup:NodeGroup": _node_group,
    "aws:rds/instance:Instance": _database,
    "kubernetes:helm.sh/v3:Release": _release,
}


def _text(inputs: Inputs, key: str) -> str:
    value = inputs.get(key)
    return value if isinstance(value, str) else ""


def _number(inputs: Inputs, key: str) -> float:
    value = inputs.get(key)
    return float(value) if isinstance(value, int | float) else 0.0


def _mapping(inputs: Inputs, key: str) -> Inputs:
    value = inputs.get(key)
    return cast("dict[str, Any]", value) if isinstance(value, dict) else {}
