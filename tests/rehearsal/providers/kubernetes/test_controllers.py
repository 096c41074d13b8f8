"""What controllers make in AWS: it goes with what asked for it, and stays where they went first."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from botocore.exceptions import ClientError

from rehearsal.engine.cloud_process import CloudProcess
from rehearsal.providers.aws.clients import Clients
from rehearsal.providers.kubernetes.controllers import Controllers
from rehearsal.providers.kubernetes.objects import Objects
from rehearsal.providers.kubernetes.place import Described
from rehearsal.providers.kubernetes.provider import KubernetesProvider
from rehearsal.providers.kubernetes.releases import TYPE
from rehearsal.providers.plugin import PluginError, Subject
from rehearsal.providers.wire import Props
from tests.rehearsal.cloud.account import Account
from tests.rehearsal.providers.aws.account import SESSION
from tests.rehearsal.providers.kubernetes.test_provider import KUBECONFIG
from tests.rehearsal.providers.kubernetes.test_releases import inputs

CLUSTER = "c"
MARKS = [
    {"Key": "kubernetes.io/role/internal-elb", "Value": "1"},
    {"Key": "kubernetes.io/role/elb", "Value": "1"},
]


@dataclass(frozen=True)
class Cluster:
    """A cluster in the simulated account, and a provider that is connected to it."""

    account: Account
    provider: KubernetesProvider
    subnets: list[str]

    def put(self, body: dict[str, Any]) -> dict[str, Any]:
        """Create the object."""
        self.provider.create(_subject(body), body)
        return body

    def delete(self, body: dict[str, Any]) -> None:
        """Delete it."""
        self.provider.delete(_subject(body), "id", body)

    def install(self, name: str, **values: Any) -> Props:
        """Install a release of the catalogue."""
        asked = inputs(name, values=values)
        self.provider.create(Subject(TYPE, name), asked)
        return asked

    def uninstall(self, name: str, asked: Props) -> None:
        """Uninstall it."""
        self.provider.delete(Subject(TYPE, name), "id", asked)

    def namespace(self, name: str) -> dict[str, Any]:
        """A namespace."""
        return self.put({"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": name}})

    def volumes(self) -> list[Any]:
        """Volumes of claims in the account."""
        return self.account.ec2.describe_volumes()["Volumes"]

    def instances(self) -> list[str]:
        """States of the account's instances."""
        found = self.account.ec2.describe_instances()["Reservations"]
        return [one["State"]["Name"] for each in found for one in each["Instances"]]

    def interfaces(self) -> set[str]:
        """Interfaces in the account's subnets."""
        found = self.account.ec2.describe_network_interfaces()["NetworkInterfaces"]
        return {one["NetworkInterfaceId"] for one in found}


@pytest.fixture
def cluster(
    cloud: CloudProcess, clients: dict[object, object], account: Account, tmp_path: Path
) -> Cluster:
    subnets = account.cluster(CLUSTER)
    account.ec2.create_tags(Resources=subnets, Tags=MARKS)
    objects = Objects(tmp_path / "objects")
    made = Clients("us-east-1", cloud.endpoint, SESSION)

    def addons(region: str, name: str) -> frozenset[str]:
        return frozenset(account.eks.list_addons(clusterName=name)["addons"])

    provider = KubernetesProvider(
        objects,
        lambda region, name: Described("1.35"),
        addons,
        reaction=Controllers(objects, lambda region: made),
    )
    provider.configure({"kubeconfig": KUBECONFIG})
    return Cluster(account, provider, subnets)


def _subject(body: dict[str, Any]) -> Subject:
    return Subject(f"kubernetes:{body['apiVersion']}:{body['kind']}", body["metadata"]["name"])


def _storage_class(key: str, reclaim: str) -> dict[str, Any]:
    return {
        "apiVersion": "storage.k8s.io/v1",
        "kind": "StorageClass",
        "metadata": {"name": "gp3"},
        "provisioner": "ebs.csi.aws.com",
        "reclaimPolicy": reclaim,
        "parameters": {"type": "gp3", "encrypted": "true", "kmsKeyId": key},
    }


def _claim(namespace: str) -> dict[str, Any]:
    return {
        "apiVersion": "v1",
        "kind": "PersistentVolumeClaim",
        "metadata": {"name": "data", "namespace": namespace},
        "spec": {
            "storageClassName": "gp3",
            "accessModes": ["ReadWriteOnce"],
            "resources": {"requests": {"storage": "20Gi"}},
        },
    }


def _driver(account: Account) -> None:
    account.eks.create_addon(clusterName=CLUSTER, addonName="aws-ebs-csi-driver")


def test_a_claim_gets_an_encrypted_volume_that_goes_with_its_namespace(cluster: Cluster) -> None:
    _driver(cluster.account)
    key = cluster.account.key()
    cluster.put(_storage_class(key, "Delete"))
    space = cluster.namespace("team")
    cluster.put(_claim("team"))
    (volume,) = cluster.volumes()
    assert (volume["Size"], volume["Encrypted"], volume["KmsKeyId"]) == (20, True, key)
    assert {"Key": f"kubernetes.io/cluster/{CLUSTER}", "Value": "owned"} in volume["Tags"]
    cluster.delete(space)
    assert cluster.volumes() == []


def test_without_the_driver_a_volume_stays(cluster: Cluster) -> None:
    _driver(cluster.account)
    cluster.put(_storage_class(cluster.account.key(), "Delete"))
    space = cluster.namespace("team")
    cluster.put(_claim("team"))
    cluster.account.eks.delete_addon(clusterName=CLUSTER, addonName="aws-ebs-csi-driver")
    cluster.delete(space)
    assert len(cluster.volumes()) == 1


def test_a_class_that_retains_leaves_its_volumes(cluster: Cluster) -> None:
    _driver(cluster.account)
    cluster.put(_storage_class(cluster.account.key(), "Retain"))
    cluster.namespace("team")
    claim = cluster.put(_claim("team"))
    cluster.delete(claim)
    assert len(cluster.volumes()) == 1


def test_claims_of_stateful_sets_outlive_their_release(cluster: Cluster) -> None:
    _driver(cluster.account)
    cluster.put(_storage_class(cluster.account.key(), "Delete"))
    space = cluster.namespace("monitoring")
    template = {"volumeClaimTemplate": {"spec": _claim("monitoring")["spec"]}}
    specification = {"replicas": 2, "storageSpec": template}
    cluster.install("prometheus-operator-crds")
    asked = cluster.install("kube-prometheus-stack", prometheus={"prometheusSpec": specification})
    assert len(cluster.volumes()) == 2
    cluster.uninstall("kube-prometheus-stack", asked)
    assert len(cluster.volumes()) == 2
    cluster.delete(space)
    assert cluster.volumes() == []


def _karpenter(cluster: Cluster) -> tuple[Props, dict[str, Any], dict[str, Any]]:
    """Karpenter with one pool: the release, the class and the pool."""
    cluster.install("karpenter-crd")
    release = cluster.install("karpenter")
    vpc = cluster.account.eks.describe_cluster(name=CLUSTER)["cluster"]["resourcesVpcConfig"]
    group = cluster.account.group(vpc["vpcId"], "nodes")
    profile = "nodes"
    cluster.account.iam.create_instance_profile(InstanceProfileName=profile)
    disk = {"volumeSize": "100Gi", "volumeType": "gp3", "encrypted": True}
    node_class = cluster.put(
        {
            "apiVersion": "karpenter.k8s.aws/v1",
            "kind": "EC2NodeClass",
            "metadata": {"name": "default"},
            "spec": {
                "amiSelectorTerms": [{"alias": "al2023@latest"}],
                "instanceProfile": profile,
                "subnetSelectorTerms": [{"id": cluster.subnets[0]}],
                "securityGroupSelectorTerms": [{"id": group}],
                "blockDeviceMappings": [{"deviceName": "/dev/xvda", "ebs": disk}],
            },
        }
    )
    return release, node_class, cluster.put(_pool())


def _pool() -> dict[str, Any]:
    families = {"key": "karpenter.k8s.aws/instance-family", "operator": "In", "values": ["m6i"]}
    reference = {"group": "karpenter.k8s.aws", "kind": "EC2NodeClass", "name": "default"}
    return {
        "apiVersion": "karpenter.sh/v1",
        "kind": "NodePool",
        "metadata": {"name": "general"},
        "spec": {"template": {"spec": {"requirements": [families], "nodeClassRef": reference}}},
    }


def test_a_pools_nodes_are_drained_with_it(cluster: Cluster) -> None:
    before = cluster.interfaces()
    _, node_class, pool = _karpenter(cluster)
    assert cluster.instances() == ["running"]
    assert len(cluster.interfaces() - before) == 1
    cluster.delete(pool)
    cluster.delete(node_class)
    assert cluster.instances() == ["terminated"]
    assert cluster.interfaces() == before


def test_without_karpenter_a_pool_never_goes(cluster: Cluster) -> None:
    release, _, pool = _karpenter(cluster)
    cluster.uninstall("karpenter", release)
    with pytest.raises(PluginError, match=r"general: timed out .* karpenter\.sh/termination"):
        cluster.delete(pool)
    assert cluster.instances() == ["running"]


def test_a_cluster_that_goes_first_leaves_its_nodes_in_the_network(cluster: Cluster) -> None:
    _karpenter(cluster)
    cluster.account.eks.delete_cluster(name=CLUSTER)
    assert cluster.instances() == ["running"]
    for refused in (
        lambda: cluster.account.ec2.delete_subnet(SubnetId=cluster.subnets[0]),
        lambda: cluster.account.ec2.delete_vpc(VpcId=_vpc(cluster)),
    ):
        with pytest.raises(ClientError, match="DependencyViolation"):
            refused()


def _vpc(cluster: Cluster) -> str:
    found = cluster.account.ec2.describe_subnets(SubnetIds=cluster.subnets[:1])
    return found["Subnets"][0]["VpcId"]


def _service() -> dict[str, Any]:
    return {
        "apiVersion": "v1",
        "kind": "Service",
        "metadata": {"name": "web", "namespace": "team"},
        "spec": {
            "type": "LoadBalancer",
            "loadBalancerClass": "service.k8s.aws/nlb",
            "ports": [{"port": 443}],
        },
    }


def test_a_service_gets_an_internal_balancer_that_goes_with_it(cluster: Cluster) -> None:
    before = cluster.interfaces()
    cluster.install("aws-load-balancer-controller")
    cluster.namespace("team")
    service = cluster.put(_service())
    (made,) = cluster.account.elbv2.describe_load_balancers()["LoadBalancers"]
    assert (made["Scheme"], made["Type"]) == ("internal", "network")
    assert len(cluster.interfaces() - before) == len(cluster.subnets)
    cluster.delete(service)
    assert cluster.account.elbv2.describe_load_balancers()["LoadBalancers"] == []
    assert cluster.interfaces() == before


def test_a_namespace_with_a_balancer_hangs_where_its_controller_went_first(
    cluster: Cluster,
) -> None:
    release = cluster.install("aws-load-balancer-controller")
    space = cluster.namespace("team")
    cluster.put(_service())
    cluster.uninstall("aws-load-balancer-controller", release)
    with pytest.raises(PluginError, match=r"Service web: timed out .* service\.k8s\.aws/resources"):
        cluster.delete(space)


def _route(name: str, **notes: str) -> dict[str, Any]:
    return {
        "apiVersion": "gateway.networking.k8s.io/v1",
        "kind": "HTTPRoute",
        "metadata": {"name": name, "namespace": "team", "annotations": dict(notes)},
        "spec": {
            "parentRefs": [{"name": "models", "namespace": "team"}],
            "hostnames": [f"{name}.example.com"],
        },
    }


def test_names_of_annotated_routes_get_records_that_go_with_them(cluster: Cluster) -> None:
    zone = cluster.account.zone()
    _definitions(cluster)
    cluster.namespace("external-dns")
    cluster.install(
        "external-dns",
        sources=["gateway-httproute"],
        annotationFilter="mlops/public-name=true",
        txtOwnerId="one",
        txtPrefix="one-",
        domainFilters=["example.com"],
        excludeDomains=["models.example.com"],
        extraArgs={"zone-id-filter": zone},
    )
    cluster.namespace("team")
    target = {"external-dns.alpha.kubernetes.io/target": "models.example.com"}
    metadata = {"name": "models", "namespace": "team", "annotations": target}
    kind = {"apiVersion": "gateway.networking.k8s.io/v1", "kind": "Gateway"}
    cluster.put({**kind, "metadata": metadata, "spec": {"gatewayClassName": "istio"}})
    route = cluster.put(_route("web", **{"mlops/public-name": "true"}))
    cluster.put(_route("silent"))
    assert _names(cluster, zone) == {
        ("web.example.com.", "CNAME"),
        ("one-web.example.com.", "TXT"),
    }
    with pytest.raises(ClientError, match="HostedZoneNotEmpty"):
        cluster.account.route53.delete_hosted_zone(Id=zone)
    cluster.delete(route)
    assert _names(cluster, zone) == set()


def _definitions(cluster: Cluster) -> None:
    """The kinds of the Gateway API, which no release brings."""
    for kind, plural in (("HTTPRoute", "httproutes"), ("Gateway", "gateways")):
        cluster.put(
            {
                "apiVersion": "apiextensions.k8s.io/v1",
                "kind": "CustomResourceDefinition",
                "metadata": {"name": f"{plural}.gateway.networking.k8s.io"},
                "spec": {
                    "group": "gateway.networking.k8s.io",
                    "scope": "Namespaced",
                    "names": {"kind": kind, "plural": plural},
                    "versions": [
                        {
                            "name": "v1",
                            "served": True,
                            "storage": True,
                            "schema": {
                                "openAPIV3Schema": {
                                    "type": "object",
                                    "x-kubernetes-preserve-unknown-fields": True,
                                }
                            },
                        }
                    ],
                },
            }
        )


def _names(cluster: Cluster, zone: str) -> set[tuple[str, str]]:
    found = cluster.account.route53.list_resource_record_sets(HostedZoneId=zone)
    return {
        (one["Name"], one["Type"])
        for one in found["ResourceRecordSets"]
        if one["Type"] not in ("NS", "SOA")
    }
