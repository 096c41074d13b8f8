"""EKS clusters, their add-ons and access entries."""

from __future__ import annotations

import ipaddress
import json

from catalog.kubernetes import RELEASES, minor_of
from rehearsal.cloud.call import Call
from rehearsal.cloud.lookups import (
    absent_group,
    absent_role,
    absent_subnet,
    key_problem,
    principal_exists,
    subnets,
    trusts,
    zones,
)
from rehearsal.cloud.operations import eks_addons
from rehearsal.cloud.operations.eks_records import ADDONS, CLUSTERS, NODEGROUPS, key, of_cluster
from rehearsal.cloud.plain import mapping
from rehearsal.cloud.refusals.rule import Rule
from rehearsal.cloud.state import Record

DOCS = "https://docs.aws.amazon.com/eks/latest/userguide"
API = "https://docs.aws.amazon.com/eks/latest/APIReference"
SERVICE_RANGES = ("10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16")
NODE_TYPES = ("EC2_LINUX", "EC2_WINDOWS", "FARGATE_LINUX", "HYBRID_LINUX")


def _cluster(call: Call) -> Record | None:
    name = call.params.get("clusterName") or call.params.get("name") or ""
    return call.here.table(CLUSTERS).get(name)


def _version(call: Call) -> str | None:
    version = call.params.get("version")
    if version and version not in RELEASES:
        return f"unsupported Kubernetes version {version}: supported are {', '.join(RELEASES)}"
    return None


def _role(call: Call) -> str | None:
    arn = call.params["roleArn"]
    if absent_role(call, arn):
        return f"The role with name {arn.rpartition('/')[2]} cannot be found."
    if not trusts(call, arn, "eks.amazonaws.com"):
        return f"Role with arn: {arn}, could not be assumed because it does not trust EKS"
    return None


def _subnets(call: Call) -> str | None:
    ids = call.listed("resourcesVpcConfig.subnetIds")
    missing = absent_subnet(call, ids)
    if missing:
        return f"The subnet ID '{missing}' does not exist"
    if len(zones(call.here, ids)) < 2:
        return "Subnets specified must be in at least two different AZs"
    if len({subnets(call.here)[each].vpc_id for each in ids}) > 1:
        return "Subnets specified must belong to the same VPC"
    missing = absent_group(call, call.listed("resourcesVpcConfig.securityGroupIds"))
    return f"The security group '{missing}' does not exist" if missing else None


def _endpoints(call: Call) -> str | None:
    record = _cluster(call)
    before = mapping(record["resourcesVpcConfig"]) if record else {}
    config = {"endpointPublicAccess": True, "endpointPrivateAccess": False}
    config |= {name: before[name] for name in config if name in before}
    given = call.mapped("resourcesVpcConfig")
    config |= {name: given[name] for name in config if given.get(name) is not None}
    if given and not any(config.values()):
        return "Private and public endpoint access cannot be false"
    return None


def _service_range(call: Call) -> str | None:
    block = call.get("kubernetesNetworkConfig.serviceIpv4Cidr")
    if not block:
        return None
    network = ipaddress.IPv4Network(block, strict=False)
    private = any(network.subnet_of(ipaddress.IPv4Network(each)) for each in SERVICE_RANGES)
    if str(network) != block or not private or not 12 <= network.prefixlen <= 24:
        return f"serviceIpv4Cidr {block} must be a private block between /12 and /24"
    known = subnets(call.here)
    for each in call.listed("resourcesVpcConfig.subnetIds"):
        vpc = call.here.moto("ec2").vpcs.get(known[each].vpc_id) if each in known else None
        if vpc and network.overlaps(ipaddress.ip_network(vpc.cidr_block)):
            return f"serviceIpv4Cidr {block} overlaps with the VPC's {vpc.cidr_block}"
    return None


def _secrets_key(call: Call) -> str | None:
    for config in call.listed("encryptionConfig"):
        problem = key_problem(call, config.get("provider", {}).get("keyArn"))
        if problem:
            return f"Encryption config is not valid: {problem}"
    return None


def _upgrade(call: Call) -> str | None:
    record = _cluster(call)
    if record is None or call.params["version"] not in RELEASES:
        return None
    step = minor_of(call.params["version"]) - minor_of(record["version"])
    if step < 0:
        return f"Kubernetes version {call.params['version']} is older than the cluster's"
    if step > 1:
        wanted = call.params["version"]
        return f"Unsupported minor version update from {record['version']} to {wanted}"
    return None if step else "Cluster is already at the desired configuration"


def _has_nodegroups(call: Call) -> str | None:
    record = _cluster(call)
    if record and of_cluster(call.here, NODEGROUPS, record["name"]):
        return "Cluster has nodegroups attached"
    return None


def _protected(call: Call) -> str | None:
    record = _cluster(call)
    if record and record["deletionProtection"]:
        return f"Cluster {record['name']} has deletion protection on: turn it off first"
    return None


def _authentication_mode(call: Call) -> str | None:
    record, wanted = _cluster(call), call.get("accessConfig.authenticationMode")
    order = ["CONFIG_MAP", "API_AND_CONFIG_MAP", "API"]
    if record is None or wanted is None:
        return None
    before = record["accessConfig"]["authenticationMode"]
    if order.index(wanted) < order.index(before):
        return f"Unsupported authentication mode update from {before} to {wanted}"
    return None


def _addon_name(call: Call) -> str | None:
    name = call.params["addonName"]
    if _cluster(call) is not None and name not in eks_addons.known():
        return f"Addon {name} specified is not supported"
    return None


def _addon_version(call: Call) -> str | None:
    record, version = _cluster(call), call.params.get("addonVersion")
    fits = eks_addons.known().get(call.params["addonName"], {})
    if record is None or version is None or record["version"] in fits.get(version, []):
        return None
    return (
        f"Addon version specified is not supported: {call.params['addonName']} {version} does"
        f" not fit Kubernetes {record['version']}"
    )


def _addon_twice(call: Call) -> str | None:
    record = _cluster(call)
    if record and key(record["name"], call.params["addonName"]) in call.here.table(ADDONS):
        return "Addon already exists."
    return None


def _addon_configuration(call: Call) -> str | None:
    text = call.params.get("configurationValues")
    if not text:
        return None
    try:
        valid = isinstance(json.loads(text), dict)
    except ValueError:
        valid = ": " in text and not text.lstrip().startswith("{")
    return None if valid else "ConfigurationValue provided in request is not supported: not JSON"


def _entry_principal(call: Call) -> str | None:
    arn = call.params["principalArn"]
    if not principal_exists(call, arn):
        return f"The specified principalArn is invalid: {arn} does not exist"
    return None


def _entry_of_nodes(call: Call) -> str | None:
    given = call.params.get("kubernetesGroups") or call.params.get("username")
    if call.params.get("type") in NODE_TYPES and given:
        return f"Groups and username cannot be set for an entry of type {call.params['type']}"
    return None


RULES = (
    Rule(
        name="a cluster's Kubernetes version is supported",
        service="eks",
        operations=("CreateCluster", "UpdateClusterVersion", "CreateNodegroup"),
        code="InvalidParameterException",
        url=f"{DOCS}/kubernetes-versions.html",
        broken=_version,
    ),
    Rule(
        name="a cluster's role exists and trusts EKS",
        service="eks",
        operations=("CreateCluster",),
        code="InvalidParameterException",
        url=f"{DOCS}/cluster-iam-role.html",
        broken=_role,
    ),
    Rule(
        name="a cluster's subnets exist, in one VPC and at least two zones",
        service="eks",
        operations=("CreateCluster",),
        code="InvalidParameterException",
        url=f"{DOCS}/network-reqs.html",
        broken=_subnets,
    ),
    Rule(
        name="a cluster has a public or a private endpoint",
        service="eks",
        operations=("CreateCluster", "UpdateClusterConfig"),
        code="InvalidParameterException",
        url=f"{DOCS}/cluster-endpoint.html",
        broken=_endpoints,
    ),
    Rule(
        name="a cluster's service range is private and outside the VPC",
        service="eks",
        operations=("CreateCluster",),
        code="InvalidParameterException",
        url=f"{API}/API_KubernetesNetworkConfigRequest.html",
        broken=_service_range,
    ),
    Rule(
        name="the key of a cluster's secrets exists",
        service="eks",
        operations=("CreateCluster", "AssociateEncryptionConfig"),
        code="InvalidParameterException",
        url=f"{DOCS}/enable-kms.html",
        broken=_secrets_key,
    ),
    Rule(
        name="a control plane goes up one minor version at a time",
        service="eks",
        operations=("UpdateClusterVersion",),
        code="InvalidParameterException",
        url=f"{DOCS}/update-cluster.html",
        broken=_upgrade,
    ),
    Rule(
        name="a cluster with node groups stays",
        service="eks",
        operations=("DeleteCluster",),
        code="ResourceInUseException",
        url=f"{DOCS}/delete-cluster.html",
        broken=_has_nodegroups,
    ),
    Rule(
        name="a cluster under deletion protection stays",
        service="eks",
        operations=("DeleteCluster",),
        code="InvalidRequestException",
        url=f"{DOCS}/deletion-protection.html",
        broken=_protected,
    ),
    Rule(
        name="an authentication mode does not go back",
        service="eks",
        operations=("UpdateClusterConfig",),
        code="InvalidParameterException",
        url=f"{DOCS}/setting-up-access-entries.html",
        broken=_authentication_mode,
    ),
    Rule(
        name="an add-on is one that EKS offers",
        service="eks",
        operations=("CreateAddon",),
        code="InvalidParameterException",
        url=f"{DOCS}/eks-add-ons.html",
        broken=_addon_name,
    ),
    Rule(
        name="an add-on's version fits the cluster's",
        service="eks",
        operations=("CreateAddon", "UpdateAddon"),
        code="InvalidParameterException",
        url=f"{DOCS}/addon-compat.html",
        broken=_addon_version,
    ),
    Rule(
        name="a cluster has an add-on once",
        service="eks",
        operations=("CreateAddon",),
        code="ResourceInUseException",
        url=f"{API}/API_CreateAddon.html",
        broken=_addon_twice,
    ),
    Rule(
        name="an add-on's configuration is JSON or YAML",
        service="eks",
        operations=("CreateAddon", "UpdateAddon"),
        code="InvalidParameterException",
        url=f"{DOCS}/updating-an-add-on.html",
        broken=_addon_configuration,
    ),
    Rule(
        name="an access entry's principal exists",
        service="eks",
        operations=("CreateAccessEntry",),
        code="InvalidParameterException",
        url=f"{DOCS}/creating-access-entries.html",
        broken=_entry_principal,
    ),
    Rule(
        name="an access entry for nodes names no groups",
        service="eks",
        operations=("CreateAccessEntry",),
        code="InvalidParameterException",
        url=f"{API}/API_CreateAccessEntry.html",
        broken=_entry_of_nodes,
    ),
)
