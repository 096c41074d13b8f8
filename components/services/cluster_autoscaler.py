"""cluster-autoscaler: the alternative to Karpenter, within the bounds of the node groups."""

from __future__ import annotations

from pulumi import Input

from catalog.charts import CHARTS
from components.services.flows import Pods, scraped
from components.services.plan import Release, ServicePlan
from components.services.pod import resources, spread

CHART = CHARTS["cluster-autoscaler"]
PODS = Pods(namespace=CHART.namespace, labels={"app.kubernetes.io/name": "aws-cluster-autoscaler"})
METRICS_PORT = 8085


def cluster_autoscaler(cluster_name: Input[str], region: str) -> ServicePlan:
    """Two replicas, of which one leads; groups are found by the tags that EKS gives them."""
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
            "resources": resources("100m", "512Mi", memory_limit="1Gi"),
            "topologySpreadConstraints": spread({"app.kubernetes.io/instance": CHART.name}),
            "serviceMonitor": {"enabled": True, "namespace": CHART.namespace},
        },
        uses=("monitoring.coreos.com",),
        after=("@identity/cluster-autoscaler",),
    )
    flows = [scraped("cluster-autoscaler", PODS, METRICS_PORT)]
    return ServicePlan(name="cluster-autoscaler", parts=[release], flows=flows)
