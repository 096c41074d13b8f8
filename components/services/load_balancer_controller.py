"""AWS Load Balancer Controller: it only registers pods in target groups that are declared.

Its service mutator would claim every Service of type LoadBalancer, and its IngressClass make
balancers that nobody declared: both are off.
"""

from __future__ import annotations

from dataclasses import dataclass

from pulumi import Input

from catalog.charts import CHARTS
from components.services.answers import answers
from components.services.flows import Pods, scraped
from components.services.plan import Release, ServicePlan
from components.services.pod import resources

CHART = CHARTS["aws-load-balancer-controller"]
PODS = Pods(namespace=CHART.namespace, labels={"app.kubernetes.io/name": CHART.name})
METRICS_PORT = 8080


@dataclass(frozen=True, kw_only=True)
class LoadBalancerControllerArgs:
    """Where it works; it must not ask the instance metadata, which pods cannot reach."""

    cluster_name: Input[str]
    region: str
    vpc_id: Input[str]


def load_balancer_controller(args: LoadBalancerControllerArgs) -> ServicePlan:
    """The controller, and the proof that its webhook answers."""
    release = Release(
        name="controller",
        chart=CHART,
        values={
            "clusterName": args.cluster_name,
            "region": args.region,
            "vpcId": args.vpc_id,
            "replicaCount": 2,
            "enableServiceMutatorWebhook": False,
            "createIngressClassResource": False,
            "ingressClassParams": {"create": False},
            "enableShield": False,
            "enableWaf": False,
            "enableWafv2": False,
            "disableRestrictedSecurityGroupRules": False,
            # Otherwise each upgrade makes a new certificate, and the webhook fails meanwhile.
            "keepTLSSecret": True,
            "podDisruptionBudget": {"maxUnavailable": 1},
            "serviceAccount": {"create": True, "name": CHART.service_accounts[0]},
            "resources": resources("100m", "256Mi"),
            "serviceMonitor": {"enabled": True},
        },
        uses=("monitoring.coreos.com",),
        after=("@identity/load-balancer-controller",),
    )
    probe = {
        "apiVersion": "elbv2.k8s.aws/v1beta1",
        "kind": "TargetGroupBinding",
        "metadata": {"name": "probe", "namespace": CHART.namespace},
        "spec": {
            "serviceRef": {"name": "probe", "port": 80},
            "targetGroupARN": PROBE_ARN,
            "targetType": "ip",
        },
    }
    gate = answers(
        namespace=CHART.namespace,
        version=CHART.version,
        resource="targetgroupbindings",
        probe=probe,
        after=("controller",),
    )
    return ServicePlan(
        name="load-balancer-controller",
        parts=[release, *gate],
        provides={"elbv2.k8s.aws": "answers"},
        flows=[scraped("load-balancer-controller", PODS, METRICS_PORT)],
    )


PROBE_ARN = "arn:aws:elasticloadbalancing:us-east-1:000000000000:targetgroup/probe/0000000000000000"
"""Only its shape is checked: the object is never stored."""
