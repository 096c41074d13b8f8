"""EKS add-ons as pulumi-eks registers them: `Addon`, `VpcCniAddon` and the cluster's own."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from rehearsal.providers.eks.component import Blueprint, resource_outputs
from rehearsal.providers.eks.monitor import Registered
from rehearsal.providers.eks.traced import Traced, combined
from rehearsal.providers.wire import UNKNOWN, Props, as_object, is_object, plain

_CNI_ENVIRONMENT = {
    "AWS_VPC_ENI_MTU": "9001",
    "AWS_VPC_K8S_CNI_CUSTOM_NETWORK_CFG": "false",
    "AWS_VPC_K8S_CNI_EXTERNALSNAT": "false",
    "AWS_VPC_K8S_CNI_LOGLEVEL": "DEBUG",
    "AWS_VPC_K8S_CNI_LOG_FILE": "/host/var/log/aws-routed-eni/ipamd.log",
    "AWS_VPC_K8S_CNI_VETHPREFIX": "eni",
    "AWS_VPC_K8S_PLUGIN_LOG_FILE": "/var/log/aws-routed-eni/plugin.log",
    "AWS_VPC_K8S_PLUGIN_LOG_LEVEL": "DEBUG",
    "ENABLE_POD_ENI": "false",
    "WARM_ENI_TARGET": "1",
}


def addon_inputs(name: str, cluster_name: Traced, options: Traced, tags: Traced) -> dict[str, Any]:
    """Inputs of an add-on that the cluster component installs by itself."""
    overwrite = Traced("OVERWRITE")
    values = options["configurationValues"]
    return {
        "addonName": name,
        "clusterName": cluster_name,
        "addonVersion": options["version"],
        "configurationValues": combined(json.dumps, values) if values.given else None,
        "preserve": True,
        "resolveConflictsOnCreate": _or(options["resolveConflictsOnCreate"], overwrite),
        "resolveConflictsOnUpdate": _or(options["resolveConflictsOnUpdate"], overwrite),
        "tags": tags,
    }


def vpc_cni(
    plan: Blueprint, own: Registered, cluster: Registered, depends_on: tuple[str, ...]
) -> None:
    """`eks:index:VpcCniAddon`, which waits until somebody may enter the cluster."""
    options = plan["vpcCniOptions"]
    name = f"{plan.name}-vpc-cni"
    component = plan.monitor.component(
        "eks:index:VpcCniAddon", name, plan.under(own, depends_on=depends_on)
    )
    overwrite = Traced("OVERWRITE")
    addon = plan.monitor.resource(
        "aws:eks/addon:Addon",
        name,
        {
            "addonName": "vpc-cni",
            "clusterName": cluster["name"],
            "addonVersion": options["addonVersion"],
            "configurationValues": combined(_cni_configuration, options),
            "preserve": True,
            "resolveConflictsOnCreate": _or(options["resolveConflictsOnCreate"], overwrite),
            "resolveConflictsOnUpdate": _or(options["resolveConflictsOnUpdate"], overwrite),
            "serviceAccountRoleArn": options["serviceAccountRoleArn"],
            "tags": plan["tags"],
        },
        plan.under(component, depends_on=depends_on),
    )
    plan.monitor.finish(component, {"addon": addon.reference})


def construct(plan: Blueprint) -> tuple[Registered, Props]:
    """`eks:index:Addon`: one add-on of a cluster that is given as a resource."""
    own = replace(plan, options=replace(plan.options, parent=_parent(plan))).own()
    values = plan["configurationValues"]
    plan.monitor.resource(
        "aws:eks/addon:Addon",
        plan.name,
        {
            "addonName": plan["addonName"],
            "clusterName": cluster_name(plan),
            "addonVersion": plan["addonVersion"],
            "configurationValues": combined(json.dumps, values) if values.given else None,
            **{
                key: plan[key]
                for key in (
                    "preserve",
                    "resolveConflictsOnCreate",
                    "resolveConflictsOnUpdate",
                    "serviceAccountRoleArn",
                )
            },
            "tags": _merged_tags(plan["tags"]),
        },
        plan.under(own),
    )
    return own, plan.monitor.finish(own, {})


def _parent(plan: Blueprint) -> str:
    """The cluster, unless the program put the add-on somewhere else than under the stack."""
    given, cluster = plan.options.parent, plan["cluster"].value
    under_stack = not given or given.split("::")[-2] == "pulumi:pulumi:Stack"
    return str(cluster["urn"]) if under_stack and is_object(cluster) else given


def cluster_name(plan: Blueprint) -> Traced:
    """The name of the cluster given by name, as a component or as its core data."""
    if plan["clusterName"].given:
        return plan["clusterName"]
    reference = plan["cluster"]
    outputs = resource_outputs(plan.monitor, reference)
    cluster = as_object(outputs.get("core") or outputs).get("cluster")
    if not is_object(cluster):
        return Traced(UNKNOWN, reference.urns)
    named = resource_outputs(plan.monitor, Traced(cluster)).get("name")
    return Traced(named or UNKNOWN, reference.urns | {cluster["urn"]})


def _cni_configuration(options: Props | None) -> str:
    given = options or {}
    configuration: Props = {
        "env": dict(_CNI_ENVIRONMENT),
        "init": {"env": {"DISABLE_TCP_EARLY_DEMUX": "false"}},
    }
    if plain(given.get("enableNetworkPolicy")):
        configuration["enableNetworkPolicy"] = "true"
    if plain(given.get("enablePrefixDelegation")):
        configuration["env"]["ENABLE_PREFIX_DELEGATION"] = "true"
    configuration |= as_object(given.get("configurationValues"))
    return json.dumps(configuration, sort_keys=True, separators=(",", ":"))


def _merged_tags(tags: Traced) -> Traced | None:
    """The official component takes a list of maps."""
    if not tags.given:
        return None
    return combined(_merged, tags)


def _merged(maps: Sequence[Props]) -> Props:
    return {key: value for one in maps for key, value in one.items()}


def _or(value: Traced, default: Traced) -> Traced:
    return value if value.given else default
