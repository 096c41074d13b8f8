"""Alerts about the cluster: control plane, nodes, pods."""

from __future__ import annotations

from catalog.signals.alert import Alert, Proof

_READY = 'kube_node_status_condition{condition="Ready",status="true",node="%s"}'
_IDLE = 'node_cpu_seconds_total{instance="n",cpu="0",mode="%s"}'
_OURS = 'namespace="mlops-platform",container!=""'
"""The services' own containers, which the runbook is about; cAdvisor also counts whole pods."""
_BY = "namespace, pod, container"
_BUSY = (
    "{{ with $labels.container }}{{ $labels.pod }}/{{ . }}{{ else }}{{ $labels.instance }}{{ end }}"
)
_CONTAINER = '{namespace="mlops-platform",pod="a",container="c"%s}'
_LIMIT = "kube_pod_container_resource_limits" + _CONTAINER.replace("%s", ',resource="%s"')
_POD = '{namespace="models",pod="a",container="c"%s}'
_REQUESTS = 'apiserver_request_total{job="apiserver",code="%s"}'


def _nodes(ready: int, lost: int) -> dict[str, str]:
    states = ["1x20"] * ready + ["0x20"] * lost
    return {_READY % f"n{place}": state for place, state in enumerate(states)}


CLUSTER = (
    Alert(
        name="ClusterUnavailable",
        expression='absent(up{job="apiserver"} == 1)',
        severity="critical",
        service="kubernetes",
        summary="No API server of the cluster answers",
        action="See the cluster's health in the EKS console; what runs goes on, nothing new "
        "starts. A lost region is left with `mlops failover`.",
        dashboard="platform-overview",
        hold=2,
        proof=Proof(
            fires={'up{job="apiserver",instance="a"}': "0x20"},
            quiet={'up{job="apiserver",instance="a"}': "0x20",
                   'up{job="apiserver",instance="b"}': "1x20"},
        ),
    ),
    Alert(
        name="NodesUnhealthy",
        expression='count(kube_node_status_condition{condition="Ready",status="true"} == 0)'
        ' / count(kube_node_status_condition{condition="Ready",status="true"}) > 0.2',
        severity="critical",
        service="kubernetes",
        summary="{{ $value | humanizePercentage }} of the nodes are not ready",
        action="Look whether they share a zone or an instance type; a lost zone is drained, a "
        "bad image is rolled back.",
        dashboard="platform-overview",
        proof=Proof(fires=_nodes(7, 3), quiet=_nodes(9, 1)),
    ),
    Alert(
        name="NodeNotReady",
        expression='kube_node_status_condition{condition="Ready",status="true"} == 0',
        severity="critical",
        service="kubernetes",
        summary="Node {{ $labels.node }} is not ready",
        action="Describe the node; one that stays away is deleted and replaced.",
        dashboard="platform-overview",
        proof=Proof(fires=_nodes(9, 1), quiet=_nodes(10, 0)),
    ),
    Alert(
        name="HighCPUUsage",
        expression=f"sum by ({_BY}) (rate(container_cpu_usage_seconds_total{{{_OURS}}}[5m]))"
        f' / sum by ({_BY}) (kube_pod_container_resource_limits{{{_OURS},resource="cpu"}}) > 0.8',
        or_else=(("1 - avg by (instance)"
                 ' (rate(node_cpu_seconds_total{mode="idle"}[5m])) > 0.8'),),
        severity="warning",
        service="nodes",
        summary=f"{_BUSY} uses {{{{ $value | humanizePercentage }}}} of its processors",
        action="A container wants more replicas or a higher limit. On a node, find the pods that "
        "use most and see whether the autoscaler adds nodes.",
        dashboard="platform-overview",
        hold=10,
        proof=Proof(
            fires={f"container_cpu_usage_seconds_total{_CONTAINER % ''}": "0+54x30",
                   _LIMIT % "cpu": "1x30"},
            also=({_IDLE % "idle": "0+6x30", _IDLE % "user": "0+54x30"},),
            quiet={f"container_cpu_usage_seconds_total{_CONTAINER % ''}": "0+54x30",
                   _LIMIT % "cpu": "2x30",
                   _IDLE % "idle": "0+30x30", _IDLE % "user": "0+30x30"},
            at=25,
        ),
    ),
    Alert(
        name="HighMemoryUsage",
        expression=f"sum by ({_BY}) (container_memory_working_set_bytes{{{_OURS}}})"
        f' / sum by ({_BY}) (kube_pod_container_resource_limits{{{_OURS},resource="memory"}})'
        " > 0.85",
        or_else=("1 - node_memory_MemAvailable_bytes / node_memory_MemTotal_bytes > 0.85",),
        severity="warning",
        service="nodes",
        summary=f"{_BUSY} uses {{{{ $value | humanizePercentage }}}} of its memory",
        action="A container wants a higher limit, or has a leak: restart it and watch. On a node, "
        "find the pods that use most; a high level wants nodes.",
        dashboard="platform-overview",
        hold=10,
        proof=Proof(
            fires={f"container_memory_working_set_bytes{_CONTAINER % ''}": "90x30",
                   _LIMIT % "memory": "100x30"},
            also=({'node_memory_MemAvailable_bytes{instance="n"}': "10x30",
                   'node_memory_MemTotal_bytes{instance="n"}': "100x30"},),
            quiet={f"container_memory_working_set_bytes{_CONTAINER % ''}": "80x30",
                   _LIMIT % "memory": "100x30",
                   'node_memory_MemAvailable_bytes{instance="n"}': "20x30",
                   'node_memory_MemTotal_bytes{instance="n"}': "100x30"},
        ),
    ),
    Alert(
        name="PodRestartLoop",
        expression="increase(kube_pod_container_status_restarts_total[15m]) > 3",
        severity="warning",
        service="pods",
        summary="{{ $labels.namespace }}/{{ $labels.pod }} restarted "
        "{{ $value | humanize }} times in 15 minutes",
        action="Read the log of the container's former run and why it ended: OOMKilled wants "
        "memory, Error wants its log, a failed probe wants patience or a fix.",
        dashboard="platform-overview",
        hold=0,
        proof=Proof(
            fires={f"kube_pod_container_status_restarts_total{_POD % ''}": "0x5 1 2 3 4 5 6 7 8x9"},
            quiet={f"kube_pod_container_status_restarts_total{_POD % ''}": "0x5 1 2x20"},
        ),
    ),
    Alert(
        name="PodCrashLooping",
        expression="max_over_time("
        'kube_pod_container_status_waiting_reason{reason="CrashLoopBackOff"}[5m]) >= 1',
        severity="warning",
        service="pods",
        summary="{{ $labels.namespace }}/{{ $labels.pod }} crashes whenever it starts",
        action="Read the log of the container's former run; what it needs at start is missing.",
        dashboard="platform-overview",
        hold=10,
        proof=Proof(
            fires={"kube_pod_container_status_waiting_reason"
                   + _POD % ',reason="CrashLoopBackOff"': "1 _ _ 1 _ _ 1 _ _ 1 _ _ 1 _ _ 1 _ _ 1"},
            quiet={"kube_pod_container_status_waiting_reason"
                   + _POD % ',reason="ContainerCreating"': "1x30"},
            at=18,
        ),
    ),
    Alert(
        name="PodPending",
        expression='sum by (namespace, pod) (kube_pod_status_phase{phase="Pending"}) > 0',
        severity="warning",
        service="pods",
        summary="{{ $labels.namespace }}/{{ $labels.pod }} waits for more than 5 minutes",
        action="Describe the pod: a quota, a volume, an image or no node that fits; then see "
        "what Karpenter says of it.",
        dashboard="platform-overview",
        proof=Proof(
            fires={'kube_pod_status_phase{namespace="models",pod="a",phase="Pending"}': "1x20"},
            quiet={'kube_pod_status_phase{namespace="models",pod="a",phase="Pending"}': "1x3 0x17",
                   'kube_pod_status_phase{namespace="models",pod="a",phase="Running"}': "0x3 1x17"},
        ),
    ),
    Alert(
        name="PodOutOfMemory",
        expression="increase(kube_pod_container_status_restarts_total[10m]) > 0"
        " and on (namespace, pod, container)"
        ' kube_pod_container_status_last_terminated_reason{reason="OOMKilled"} == 1',
        severity="warning",
        service="pods",
        summary="{{ $labels.namespace }}/{{ $labels.pod }} was killed for want of memory",
        action="Raise the container's memory, or find what makes it grow.",
        dashboard="platform-overview",
        hold=0,
        proof=Proof(
            fires={f"kube_pod_container_status_restarts_total{_POD % ''}": "0x15 1x9",
                   "kube_pod_container_status_last_terminated_reason"
                   + _POD % ',reason="OOMKilled"': "_x15 1x9"},
            quiet={f"kube_pod_container_status_restarts_total{_POD % ''}": "0x15 1x9",
                   "kube_pod_container_status_last_terminated_reason"
                   + _POD % ',reason="Completed"': "_x15 1x9"},
        ),
    ),
    Alert(
        name="KubernetesAPIErrors",
        expression='sum(rate(apiserver_request_total{code=~"5.."}[5m]))'
        " / sum(rate(apiserver_request_total[5m])) > 0.05",
        severity="warning",
        service="kubernetes",
        summary="{{ $value | humanizePercentage }} of the requests to the API server fail",
        action="See which webhook or extension API times out: the API server's metrics name it.",
        dashboard="platform-overview",
        proof=Proof(
            fires={_REQUESTS % "200": "0+90x20", _REQUESTS % "504": "0+10x20"},
            quiet={_REQUESTS % "200": "0+90x20", _REQUESTS % "404": "0+10x20"},
        ),
    ),
)  # fmt: skip
