"""Every resource type and function that the simulated provider knows."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from rehearsal.providers.aws import (
    cluster_access,
    cluster_addons,
    clusters,
    database_backups,
    database_groups,
    databases,
    ebs_defaults,
    flow_logs,
    gateways,
    keys,
    launch_templates,
    lookups,
    managed_policies,
    network_acls,
    node_groups,
    roles,
    routes,
    secret_versions,
    security_group_rules,
    security_groups,
    vault_secrets,
    vpc,
    vpc_endpoints,
)
from rehearsal.providers.aws.resource import Function, Resource

RESOURCES: Sequence[Resource] = (
    *keys.RESOURCES,
    *managed_policies.RESOURCES,
    *roles.RESOURCES,
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
    *databases.RESOURCES,
    *database_groups.RESOURCES,
    *database_backups.RESOURCES,
    *vault_secrets.RESOURCES,
    *secret_versions.RESOURCES,
)
FUNCTIONS: Mapping[str, Function] = {**lookups.FUNCTIONS}
