"""cluster-autoscaler: the alternative to Karpenter, within the bounds of the node groups.

It runs on the managed `system` group, which it never empties. Flows would say nothing: its
namespace is kube-system, which is left open.
"""

from __future__ import annotations

from pulumi import Input

from catalog.charts import CHARTS
from components.services.flows import Pods, scraped
from components.services.karpenter import POOL
from components.services.plan import Release, ServicePlan
from components.services.pod import resources, spread

CHART = CHARTS["cluster-autoscaler"]
PODS = Pods(namespace=CHART.namespace, labels={"app.kubernetes.io/name": "aws-cluster-autoscaler"})
METRICS_PORT = 8085


def cluster_autoscaler(cluster_name: Input[str], region: str) -> ServicePlan:
    """Two replicas, of which one leads.

    Groups are found by the tags `k8s.io/cluster-autoscaler/enabled` and `…/<cluster>`, which EKS
    gives to the Auto Scaling group of every managed node group. Source: EKS user guide, managed
    node groups.
    """
    release = Release(
        name="release",
        chart=CHART,
        values={
            "fullnameOverride": CHART.name,
            "autoDiscovery": {"clusterName": cluster_name},
            "awsRegion": region,
            "replicaCount": 2,
            "extraArgs": {
                "balance-similar-node-groups": True,
                "skip-nodes-with-local-storage": False,
                "expander": "least-waste",
            },
            "rbac": {"serviceAccount": {"create": True, "name": CHART.service_accounts[0]}},
            "nodeSelector": {"kubernetes.io/os": "linux", POOL: "system"},
            "resources": resources("100m", "512Mi", memory_limit="1Gi"),
            "topologySpreadConstraints": spread({"app.kubernetes.io/instance": CHART.name}),
            "serviceMonitor": {"enabled": True, "namespace": CHART.namespace},
        },
        uses=("monitoring.coreos.com",),
        after=("@identity/cluster-autoscaler",),
    )
    flows = [scraped("cluster-autoscaler", PODS, METRICS_PORT)]
    return ServicePlan(name="cluster-autoscaler", parts=[release], flows=flows)
