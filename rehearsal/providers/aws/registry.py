"""Every resource type and function that the simulated provider knows."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from rehearsal.providers.aws import (
    cluster_access,
    cluster_addons,
    clusters,
    ebs_defaults,
    flow_logs,
    gateways,
    launch_templates,
    lookups,
    network_acls,
    node_groups,
    routes,
    security_group_rules,
    security_groups,
    vpc,
    vpc_endpoints,
)
from rehearsal.providers.aws.resource import Function, Resource

RESOURCES: Sequence[Resource] = (
    *vpc.RESOURCES,
    *gateways.RESOURCES,
    *routes.RESOURCES,
    *vpc_endpoints.RESOURCES,
    *flow_logs.RESOURCES,
    *security_groups.RESOURCES,
    *security_group_rules.RESOURCES,
    *network_acls.RESOURCES,
    *launch_templates.RESOURCES,
    *ebs_defaults.RESOURCES,
    *cluster_access.RESOURCES,
    *cluster_addons.RESOURCES,
    *clusters.RESOURCES,
    *node_groups.RESOURCES,
)
FUNCTIONS: Mapping[str, Function] = {**lookups.FUNCTIONS}
