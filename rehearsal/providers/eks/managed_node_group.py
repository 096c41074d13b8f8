"""`eks:index:ManagedNodeGroup`: an EKS node group, with a launch template where the
component makes its own."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from rehearsal.providers.eks.addons import cluster_name
from rehearsal.providers.eks.component import Blueprint, resource_outputs
from rehearsal.providers.eks.monitor import Registered
from rehearsal.providers.eks.traced import Traced
from rehearsal.providers.plugin import PluginError
from rehearsal.providers.wire import UNKNOWN, Props, plain

PASSED_ON = (
    "amiType",
    "capacityType",
    "diskSize",
    "forceUpdateVersion",
    "instanceTypes",
    "labels",
    "launchTemplate",
    "nodeGroupName",
    "nodeGroupNamePrefix",
    "releaseVersion",
    "remoteAccess",
    "scalingConfig",
    "subnetIds",
    "taints",
    "version",
    "tags",
)
NOT_SIMULATED = (
    "amiId",
    "bootstrapExtraArgs",
    "bottlerocketSettings",
    "enableEfaSupport",
    "gpu",
    "kubeletExtraArgs",
    "nodeadmExtraOptions",
    "placementGroupAvailabilityZone",
    "userData",
)
"""Inputs from which the official component derives user data or a placement group."""


def construct(plan: Blueprint) -> tuple[Registered, Props]:
    """Register the component, its launch template when IMDSv2 is asked of it, the group."""
    asked = [key for key in NOT_SIMULATED if plan[key].value not in (None, False)]
    if asked:
        raise PluginError(
            f"{plan.name}: the simulated eks:index:ManagedNodeGroup does not carry out "
            f"{', '.join(asked)}"
        )
    own = plan.own()
    inputs: dict[str, Any] = {key: plan[key] for key in PASSED_ON}
    inputs |= {"clusterName": cluster_name(plan), "nodeRoleArn": _role_arn(plan)}
    if plain(plan["enableIMDSv2"].value) and not plan["launchTemplate"].given:
        template = _launch_template(plan, own)
        inputs["launchTemplate"] = {"id": template.identifier, "version": template["latestVersion"]}
    group = plan.monitor.resource(
        "aws:eks/nodeGroup:NodeGroup", plan.name, inputs, _options(plan, own)
    )
    return own, plan.monitor.finish(own, {"nodeGroup": group.reference, "placementGroupName": ""})


def _options(plan: Blueprint, own: Registered) -> Any:
    options = plan.under(own)
    if plain(plan["ignoreScalingChanges"].value):
        return replace(options, ignore_changes=("scalingConfig.desiredSize",))
    return options


def _role_arn(plan: Blueprint) -> Traced:
    if plan["nodeRoleArn"].given:
        return plan["nodeRoleArn"]
    role = plan["nodeRole"]
    if not role.given:
        raise PluginError(f"{plan.name}: a node group needs nodeRole or nodeRoleArn")
    return Traced(resource_outputs(plan.monitor, role).get("arn") or UNKNOWN, role.urns)


def _launch_template(plan: Blueprint, own: Registered) -> Registered:
    options = {"httpEndpoint": "enabled", "httpPutResponseHopLimit": 2, "httpTokens": "required"}
    return plan.monitor.resource(
        "aws:ec2/launchTemplate:LaunchTemplate",
        f"{plan.name}-launchTemplate",
        {"metadataOptions": options},
        plan.under(own),
    )
