"""Cost: the cluster, the bill of everything, the teams' share, and waste."""

from __future__ import annotations

from catalog.signals.cost import HOURLY, HOURS_PER_MONTH
from catalog.signals.dashboards.panels import Page, Row, figure, panel

MONEY = Page(
    uid="cost-tracking",
    title="Cost",
    rows=[
        Row(
            title="The cluster",
            panels=[
                figure("An hour", "currencyUSD", "Nodes and volumes, at AWS's prices.", HOURLY),
                figure("A month at this rate", "currencyUSD", "730 hours.",
                        f"{HOURLY} * {HOURS_PER_MONTH}"),
                figure("Share of the budget", "percentunit", "The budget is for everything.",
                        f"{HOURLY} * {HOURS_PER_MONTH}"
                        " / on () group_left () platform:budget_monthly_usd", red=1),
                panel("By instance type", "currencyUSD", "An hour.",
                       ("sum by (instance_type) (node_total_hourly_cost)", "{{instance_type}}")),
                panel("GPUs", "currencyUSD", "An hour, by node.",
                       ("node_gpu_hourly_cost > 0", "{{node}}")),
                panel("Balancers", "currencyUSD", "That services made; ours are not among them.",
                       ("sum(kubecost_load_balancer_cost)", "an hour")),
            ],
        ),
        Row(
            title="The bill",
            panels=[
                figure("This month so far", "currencyUSD",
                       "All of AWS; needs billing alerts switched on in the account.",
                       "sum(aws_billing_estimated_charges_maximum)"),
                figure("Beside EC2", "currencyUSD",
                       "This month so far, without what is mostly the nodes and their volumes.",
                       "sum(aws_billing_estimated_charges_maximum"
                       '{dimension_ServiceName!="AmazonEC2"})'),
                panel("By service", "currencyUSD", "This month so far.",
                      (("topk(10, sum by (dimension_ServiceName)"
                       " (aws_billing_estimated_charges_maximum))"), "{{dimension_ServiceName}}")),
            ],
        ),
        Row(
            title="Teams",
            panels=[
                panel("Processors and memory", "currencyUSD", "An hour, by namespace.",
                       (("sum by (namespace) (container_cpu_allocation * on (node) "
                        "group_left () max by (node) (node_cpu_hourly_cost))"
                        " + sum by (namespace) (container_memory_allocation_bytes / 1024 ^ 3"
                        " * on (node) group_left () max by (node) (node_ram_hourly_cost))"),
                        "{{namespace}}")),
                panel("GPUs held", "short", "By namespace.",
                       ("sum by (namespace) (container_gpu_allocation) > 0", "{{namespace}}")),
                panel("Use of quotas", "percentunit", "By namespace.",
                       (('max by (namespace, resource) (kube_resourcequota{type="used"})'
                        " / max by (namespace, resource)"
                        ' (kube_resourcequota{type="hard"} > 0)'),
                        "{{namespace}} {{resource}}"), red=0.9),
            ],
        ),
        Row(
            title="Waste",
            panels=[
                panel("Asked for and had", "percentunit", "Requests as a share of the nodes.",
                       (("sum by (resource) (kube_pod_container_resource_requests"
                        '{resource=~"cpu|memory"}) / sum by (resource) '
                        '(kube_node_status_allocatable{resource=~"cpu|memory"})'),
                        "{{resource}}")),
                panel("GPUs", "percent", "How busy; below 10 % for hours is an alert.",
                       ("DCGM_FI_DEV_GPU_UTIL", "{{Hostname}} {{gpu}}")),
                panel("Buckets", "bytes", "By class of storage.",
                       (("sum by (dimension_BucketName, dimension_StorageType) "
                        "(aws_s3_bucket_size_bytes_average)"),
                        "{{dimension_BucketName}} {{dimension_StorageType}}")),
            ],
        ),
    ],
)  # fmt: skip
