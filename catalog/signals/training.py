"""Alerts about training: workflows, jobs and GPUs."""

from __future__ import annotations

from catalog.signals.alert import Alert, Proof

_RUNS = 'argo_workflows_total_count{namespace="training",phase="%s"}'
_USED = 'DCGM_FI_DEV_FB_USED{gpu="0",Hostname="n"}'
_FREE = 'DCGM_FI_DEV_FB_FREE{gpu="0",Hostname="n"}'
_PENDING = 'kueue_pending_workloads{cluster_queue="training",status="inadmissible"}'
_ADMITTED = 'kueue_admitted_workloads_total{cluster_queue="training"}'
_ACTIVE = 'kueue_cluster_queue_status{cluster_queue="training",status="active"}'


def _jobs(failed: int) -> dict[str, str]:
    """Jobs that began with the hour and gave up."""
    return {
        series: values
        for place in range(failed)
        for series, values in (
            (f'kube_job_failed{{namespace="training",job_name="fit-{place}",condition="true"}}',
             "1x30"),
            (f'kube_job_status_start_time{{namespace="training",job_name="fit-{place}"}}',
             "60x30"),
        )
    }  # fmt: skip


TRAINING = (
    Alert(
        name="TrainingJobFailures",
        expression='(sum(increase(argo_workflows_total_count{phase=~"Failed|Error"}[1h]))'
        " or vector(0)) + (count(kube_job_failed"
        '{namespace="training",condition="true"} == 1 and on (namespace, job_name)'
        " (time() - kube_job_status_start_time < 3600)) or vector(0)) > 5",
        severity="critical",
        service="training",
        summary="{{ $value | humanize }} training jobs failed within the hour",
        action="Read the first failed workflow's log in Argo; many at once point at what they "
        "share: data, GPU nodes, MLflow.",
        dashboard="platform-overview",
        hold=0,
        proof=Proof(
            fires={_RUNS % "Failed": "0x5 1 2 3 4 5 6 7 8x20", _RUNS % "Succeeded": "0+1x60"},
            also=(_jobs(6), {_RUNS % "Failed": "0x5 1 2 3 3x20", **_jobs(3)}),
            quiet={_RUNS % "Failed": "0x5 1 2 3 3x20", _RUNS % "Succeeded": "0+9x60",
                   **_jobs(1)},
        ),
    ),
    Alert(
        name="WorkflowControllerErrors",
        expression="sum(increase(argo_workflows_error_count[15m])) > 0",
        severity="warning",
        service="argo-workflows",
        summary="Argo's workflow controller reports errors",
        action="Read the controller's log in the namespace argo.",
        dashboard="platform-overview",
        proof=Proof(
            fires={'argo_workflows_error_count{cause="OperationPanic"}': "0x5 1 2+1x20"},
            quiet={'argo_workflows_error_count{cause="OperationPanic"}': "4x30"},
        ),
    ),
    Alert(
        name="TrainingQueueStuck",
        expression="sum by (cluster_queue) (kueue_pending_workloads) > 0 and on (cluster_queue)"
        " (sum by (cluster_queue) (increase(kueue_admitted_workloads_total[2h])) or"
        " sum by (cluster_queue) (kueue_pending_workloads) * 0) == 0",
        severity="warning",
        service="kueue",
        summary="{{ $value | humanize }} jobs wait in the queue of {{ $labels.cluster_queue }}, "
        "and none was let in for two hours",
        action="Ask Kueue why the first one waits (kubectl describe workload): it asks for more "
        "than the queue may borrow, or others hold what is lent.",
        dashboard="platform-overview",
        hold=120,
        proof=Proof(
            fires={_PENDING: "2x300", _ADMITTED: "7x300"},
            quiet={_PENDING: "2x300", _ADMITTED: "7+0.05x300"},
            also=({_PENDING: "2x300"},),
            at=250,
        ),
    ),
    Alert(
        name="TrainingQueueInactive",
        expression='max by (cluster_queue) (kueue_cluster_queue_status{status="active"}) == 0',
        severity="warning",
        service="kueue",
        summary="The queue of {{ $labels.cluster_queue }} lets nothing in",
        action="Read the condition Active of the ClusterQueue: it names the flavor or the check "
        "that is missing.",
        dashboard="platform-overview",
        hold=15,
        proof=Proof(
            fires={_ACTIVE: "1 0x30"},
            quiet={_ACTIVE: "1x30"},
        ),
    ),
    Alert(
        name="GPUMemoryExhausted",
        expression="DCGM_FI_DEV_FB_USED / (DCGM_FI_DEV_FB_USED + DCGM_FI_DEV_FB_FREE) > 0.95",
        severity="warning",
        service="gpu",
        summary="GPU {{ $labels.gpu }} of {{ $labels.Hostname }} has "
        "{{ $value | humanizePercentage }} of its memory in use: the next allocation fails",
        action="Lower the batch size, share the GPU among fewer, or move to a larger one.",
        dashboard="model-serving",
        hold=10,
        proof=Proof(
            fires={_USED: "15700x30", _FREE: "300x30"}, quiet={_USED: "9000x30", _FREE: "7000x30"}
        ),
    ),
    Alert(
        name="GPUErrors",
        expression="DCGM_FI_DEV_XID_ERRORS > 0",
        severity="warning",
        service="gpu",
        summary="GPU {{ $labels.gpu }} of {{ $labels.Hostname }} reports Xid {{ $value }}",
        action="Drain the node and let Karpenter or the node group replace it; NVIDIA lists what "
        "each Xid means.",
        dashboard="model-serving",
        proof=Proof(
            fires={'DCGM_FI_DEV_XID_ERRORS{gpu="0",Hostname="n"}': "31x30"},
            quiet={'DCGM_FI_DEV_XID_ERRORS{gpu="0",Hostname="n"}': "0x30"},
        ),
    ),
)  # fmt: skip
