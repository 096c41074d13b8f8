"""Alerts about what keeps the platform going: certificates, secrets, scaling, delivery."""

from __future__ import annotations

from catalog.signals.alert import Alert, Proof

_CERTIFICATE = '{exported_namespace="istio-system",name="models-gateway"%s}'
_SYNCED = '{name="db-mlflow",exported_namespace="mlops-platform",condition="Ready",status="%s"}'
_POOL = '{nodepool="gpu",resource_type="nvidia.com/gpu"}'
_SCALER = '{namespace="mlops-platform",horizontalpodautoscaler="mlflow"}'
_APP = '{name="model",namespace="argocd",health_status="%s"}'
DAY = 86_400

OPERATIONS = (
    Alert(
        name="CertificateExpiring",
        expression="certmanager_certificate_expiration_timestamp_seconds - time()"
        f" < 14 * {DAY}",
        severity="warning",
        service="certificates",
        summary="Certificate {{ $labels.exported_namespace }}/{{ $labels.name }} expires in "
        "{{ $value | humanizeDuration }}",
        action="Describe the Certificate and its newest CertificateRequest: it should have been "
        "renewed by now.",
        dashboard="security-events",
        hold=60,
        proof=Proof(
            fires={"certmanager_certificate_expiration_timestamp_seconds" + _CERTIFICATE % "":
                   f"{10 * DAY}x90"},
            quiet={"certmanager_certificate_expiration_timestamp_seconds" + _CERTIFICATE % "":
                   f"{30 * DAY}x90"},
            at=80,
        ),
    ),
    Alert(
        name="PublicCertificateExpiring",
        expression=f"probe_ssl_earliest_cert_expiry - time() < 14 * {DAY}",
        severity="critical",
        service="certificates",
        summary="The certificate of {{ $labels.instance }} expires in "
        "{{ $value | humanizeDuration }}",
        action="See the certificate's renewal in ACM: the validation records must be in the zone.",
        dashboard="security-events",
        hold=60,
        proof=Proof(
            fires={'probe_ssl_earliest_cert_expiry{instance="https://mlflow"}': f"{10 * DAY}x90"},
            quiet={'probe_ssl_earliest_cert_expiry{instance="https://mlflow"}': f"{60 * DAY}x90"},
            at=80,
        ),
    ),
    Alert(
        name="CertificateNotReady",
        expression='certmanager_certificate_ready_status{condition="False"} == 1',
        severity="warning",
        service="certificates",
        summary="Certificate {{ $labels.exported_namespace }}/{{ $labels.name }} is not ready",
        action="Describe the Certificate; its issuer says why.",
        dashboard="security-events",
        hold=15,
        proof=Proof(
            fires={"certmanager_certificate_ready_status"
                   + _CERTIFICATE % ',condition="False"': "1x30"},
            quiet={"certmanager_certificate_ready_status"
                   + _CERTIFICATE % ',condition="True"': "1x30"},
        ),
    ),
    Alert(
        name="SecretNotSynced",
        expression='externalsecret_status_condition{condition="Ready",status="False"} == 1',
        severity="warning",
        service="secrets",
        summary="{{ $labels.exported_namespace }}/{{ $labels.name }} lags behind its source",
        action="Describe the ExternalSecret: the secret has no value yet, lacks a key, or may "
        "not be read.",
        dashboard="security-events",
        hold=15,
        proof=Proof(
            fires={"externalsecret_status_condition" + _SYNCED % "False": "1x30"},
            quiet={"externalsecret_status_condition" + _SYNCED % "True": "1x30"},
        ),
    ),
    Alert(
        name="NodePoolNearLimit",
        expression="karpenter_nodepools_usage / (karpenter_nodepools_limit > 0) > 0.9",
        severity="warning",
        service="scaling",
        summary="Node pool {{ $labels.nodepool }} uses {{ $value | humanizePercentage }} of its "
        "limit of {{ $labels.resource_type }}",
        action="Raise the pool's limit, or find what should not run.",
        dashboard="platform-overview",
        hold=10,
        proof=Proof(
            fires={f"karpenter_nodepools_usage{_POOL}": "8x30",
                   f"karpenter_nodepools_limit{_POOL}": "8x30"},
            quiet={f"karpenter_nodepools_usage{_POOL}": "4x30",
                   f"karpenter_nodepools_limit{_POOL}": "8x30"},
        ),
    ),
    Alert(
        name="NodeLaunchFailures",
        expression="sum by (error) (increase(karpenter_cloudprovider_errors_total[15m])) > 3",
        severity="warning",
        service="scaling",
        summary="AWS refuses nodes: {{ $labels.error }}",
        action="Read Karpenter's log: a quota, a subnet without addresses or no capacity of the "
        "instance types.",
        dashboard="platform-overview",
        proof=Proof(
            fires={'karpenter_cloudprovider_errors_total{error="InsufficientCapacityError"}':
                   "0+1x30"},
            quiet={'karpenter_cloudprovider_errors_total{error="InsufficientCapacityError"}':
                   "0x20 1x10"},
        ),
    ),
    Alert(
        name="SpotInterruptions",
        expression="sum(increase(karpenter_interruption_received_messages_total"
        '{message_type="spot_interrupted"}[15m])) > 0',
        severity="info",
        service="scaling",
        summary="AWS takes spot nodes back",
        action="Nothing, as long as replacements come; with many, allow more instance types.",
        dashboard="platform-overview",
        hold=0,
        proof=Proof(
            fires={'karpenter_interruption_received_messages_total'
                   '{message_type="spot_interrupted"}': "0x10 1x20"},
            quiet={'karpenter_interruption_received_messages_total'
                   '{message_type="state_change"}': "0+1x30"},
        ),
    ),
    Alert(
        name="AutoscalerAtMaximum",
        expression="kube_horizontalpodautoscaler_status_current_replicas"
        " >= kube_horizontalpodautoscaler_spec_max_replicas"
        " and kube_horizontalpodautoscaler_spec_max_replicas"
        " > kube_horizontalpodautoscaler_spec_min_replicas",
        severity="warning",
        service="scaling",
        summary="{{ $labels.namespace }}/{{ $labels.horizontalpodautoscaler }} cannot grow further",
        action="Raise its maximum, or find why each pod does so little.",
        dashboard="platform-overview",
        hold=15,
        proof=Proof(
            fires={f"kube_horizontalpodautoscaler_status_current_replicas{_SCALER}": "10x30",
                   f"kube_horizontalpodautoscaler_spec_max_replicas{_SCALER}": "10x30",
                   f"kube_horizontalpodautoscaler_spec_min_replicas{_SCALER}": "3x30"},
            quiet={f"kube_horizontalpodautoscaler_status_current_replicas{_SCALER}": "4x30",
                   f"kube_horizontalpodautoscaler_spec_max_replicas{_SCALER}": "10x30",
                   f"kube_horizontalpodautoscaler_spec_min_replicas{_SCALER}": "3x30"},
        ),
    ),
    Alert(
        name="EventScalingErrors",
        expression="sum by (exported_namespace, scaledObject)"
        " (increase(keda_scaled_object_errors_total[15m])) > 3",
        severity="warning",
        service="scaling",
        summary="KEDA cannot scale {{ $labels.scaledObject }}",
        action="Describe the ScaledObject: its trigger cannot be read.",
        dashboard="platform-overview",
        proof=Proof(
            fires={'keda_scaled_object_errors_total{exported_namespace="models",scaledObject="a"}':
                   "0+1x30"},
            quiet={'keda_scaled_object_errors_total{exported_namespace="models",scaledObject="a"}':
                   "0x10 1x20"},
        ),
    ),
    Alert(
        name="ApplicationDegraded",
        expression='argocd_app_info{health_status=~"Degraded|Missing"} == 1',
        severity="warning",
        service="argocd",
        summary="Argo CD sees {{ $labels.name }} as {{ $labels.health_status }}",
        action="Open the application in Argo CD; roll it back if its last change broke it.",
        dashboard="platform-overview",
        hold=15,
        proof=Proof(
            fires={"argocd_app_info" + _APP % "Degraded": "1x30"},
            quiet={"argocd_app_info" + _APP % "Healthy": "1x30"},
        ),
    ),
)  # fmt: skip
