"""EKS control planes. Each setting has a call of its own and EKS refuses two updates at once,
so changes are made one after the other, each awaited."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar

from rehearsal.providers.aws import tagging, tags
from rehearsal.providers.aws.lookup import gone_is_none
from rehearsal.providers.aws.resource import Aws, Resource
from rehearsal.providers.aws.shapes import reported, request
from rehearsal.providers.wire import Props, as_list, as_object

_LOGS = "enabledClusterLogTypes"
_MEMBERS = {"vpcConfig": "resourcesVpcConfig", _LOGS: "logging"}


class Cluster(Resource):
    """The ID is the name. `defaultAddonsToRemoves` and Auto Mode are not offered."""

    token: ClassVar[str] = "aws:eks/cluster:Cluster"
    inputs: ClassVar[frozenset[str]] = frozenset(
        {
            "name",
            "roleArn",
            "version",
            "vpcConfig",
            "accessConfig",
            "bootstrapSelfManagedAddons",
            "deletionProtection",
            "enabledClusterLogTypes",
            "encryptionConfig",
            "forceUpdateVersion",
            "kubernetesNetworkConfig",
            "upgradePolicy",
            "zonalShiftConfig",
            "tags",
        }
    )
    required: ClassVar[frozenset[str]] = frozenset({"roleArn", "vpcConfig"})
    replaces: ClassVar[frozenset[str]] = frozenset(
        {"name", "roleArn", "bootstrapSelfManagedAddons", "encryptionConfig"}
        | {"kubernetesNetworkConfig"}
    )
    autoname: ClassVar[str | None] = "name"
    computed_parts: ClassVar[Mapping[str, frozenset[str]]] = {
        "vpcConfig": frozenset({"clusterSecurityGroupId", "vpcId"})
    }

    def create(self, aws: Aws, props: Props) -> str:
        plain = {k: v for k, v in props.items() if k not in _ELSEWHERE}
        asked = request("eks", "CreateCluster", plain, rename=_MEMBERS)
        if _LOGS in props:
            asked["logging"] = _logging(props[_LOGS])
        if "encryptionConfig" in props:
            asked["encryptionConfig"] = [props["encryptionConfig"]]
        aws.client("eks").create_cluster(
            **asked, **tagging.given(aws, "eks", "CreateCluster", props)
        )
        return props["name"]

    def configure(self, aws: Aws, id_: str, props: Props) -> None:
        aws.client("eks").get_waiter("cluster_active").wait(name=id_, WaiterConfig=_POLL)

    @gone_is_none("ResourceNotFoundException")
    def read(self, aws: Aws, id_: str, props: Props) -> Props | None:
        cluster = aws.client("eks").describe_cluster(name=id_)["cluster"]
        shown = {
            **cluster,
            "vpcConfig": cluster["resourcesVpcConfig"],
            "encryptionConfig": next(iter(as_list(cluster.get("encryptionConfig"))), None),
            "tags": tags.own_map(aws, cluster.get("tags")),
            _LOGS: _enabled(as_object(cluster.get("logging"))),
        }
        found = reported(props, shown, _SHOWN)
        made = {
            key: cluster["resourcesVpcConfig"].get(key)
            for key in ("clusterSecurityGroupId", "vpcId")
        }
        return {**found, "vpcConfig": {**found["vpcConfig"], **made}, **_outputs(cluster)}

    def update(self, aws: Aws, id_: str, old: Props, new: Props) -> None:
        if new.get("deletionProtection") != old.get("deletionProtection"):
            _configure(aws, id_, deletionProtection=bool(new.get("deletionProtection")))
        for key in ("accessConfig", "upgradePolicy", "zonalShiftConfig"):
            if key in new and new[key] != old.get(key):
                _configure(aws, id_, **request("eks", "UpdateClusterConfig", {key: new[key]}))
        if new.get(_LOGS) != old.get(_LOGS):
            _configure(aws, id_, logging=_logging(as_list(new.get(_LOGS))))
        for part in _network_changes(old["vpcConfig"], new["vpcConfig"]):
            _configure(aws, id_, resourcesVpcConfig=part)
        if new.get("version") and new["version"] != old.get("version"):
            _upgrade(aws, id_, new)
        tagging.retag(aws, "eks", aws.arn("eks", f"cluster/{id_}"), old, new)

    def delete(self, aws: Aws, id_: str, props: Props) -> None:
        eks = aws.client("eks")
        eks.delete_cluster(name=id_)
        eks.get_waiter("cluster_deleted").wait(name=id_, WaiterConfig=_POLL)


_ELSEWHERE = frozenset({"tags", "forceUpdateVersion", _LOGS, "encryptionConfig"})
_SHOWN = (
    *("name", "roleArn", "version", "vpcConfig", "accessConfig", "deletionProtection"),
    *("upgradePolicy", "kubernetesNetworkConfig", "encryptionConfig", "tags", _LOGS),
)
_POLL = {"Delay": 1, "MaxAttempts": 60}
_ALL_LOGS = ("api", "audit", "authenticator", "controllerManager", "scheduler")


def _logging(wanted: list[str]) -> dict[str, Any]:
    """Every type is named, on or off: one that is left out would keep its setting."""
    off = [kind for kind in _ALL_LOGS if kind not in wanted]
    setup = [{"types": sorted(wanted), "enabled": True}] if wanted else []
    return {"clusterLogging": [*setup, *([{"types": off, "enabled": False}] if off else [])]}


def _enabled(logging: Mapping[str, Any]) -> list[str]:
    setups = as_list(logging.get("clusterLogging"))
    return sorted(kind for one in setups if one["enabled"] for kind in one.get("types", ()))


def _network_changes(old: Props, new: Props) -> list[Props]:
    """EKS takes endpoint access and subnets in separate calls."""
    access = ("endpointPrivateAccess", "endpointPublicAccess", "publicAccessCidrs")
    groups = (access, ("subnetIds", "securityGroupIds"))
    changed = [
        {key: new[key] for key in group if key in new}
        for group in groups
        if any(old.get(key) != new.get(key) for key in group)
    ]
    return [part for part in changed if part]


def _configure(aws: Aws, name: str, **what: Any) -> None:
    eks = aws.client("eks")
    eks.update_cluster_config(name=name, **what)
    eks.get_waiter("cluster_active").wait(name=name, WaiterConfig=_POLL)


def _upgrade(aws: Aws, name: str, new: Props) -> None:
    eks = aws.client("eks")
    force = {"force": True} if new.get("forceUpdateVersion") else {}
    eks.update_cluster_version(name=name, version=new["version"], **force)
    eks.get_waiter("cluster_active").wait(name=name, WaiterConfig=_POLL)


def _outputs(cluster: Mapping[str, Any]) -> Props:
    """What the official provider computes; `identities` and `oidcs` are lists of one there."""
    issuer = as_object(cluster.get("identity")).get("oidc", {}).get("issuer")
    certificate = as_object(cluster.get("certificateAuthority")).get("data")
    return {
        "arn": cluster["arn"],
        "endpoint": cluster.get("endpoint"),
        "status": cluster["status"],
        "platformVersion": cluster.get("platformVersion"),
        "createdAt": str(cluster.get("createdAt")),
        "certificateAuthority": {"data": certificate},
        "identities": [{"oidcs": [{"issuer": issuer}]}] if issuer else [],
    }


RESOURCES: tuple[Resource, ...] = (Cluster(),)
