"""Alerts about served models: what the models' gateway sees, and their rollouts."""

from __future__ import annotations

from catalog.signals.alert import Alert, Proof

GATEWAY = 'job="model-gateway"'
_SEEN = (
    'istio_requests_total{job="model-gateway",destination_service_name="churn",response_code="%s"}'
)
_TOOK = (
    'istio_request_duration_milliseconds_bucket{job="model-gateway",'
    'destination_service_name="churn",le="%s"}'
)
_DEPLOYMENT = '{namespace="models",deployment="churn-predictor"}'
_FAILED = (
    'kube_deployment_status_condition{namespace="models",deployment="churn-predictor",'
    'condition="Progressing",status="false"}'
)

MODELS = (
    Alert(
        name="HighInferenceLatency",
        expression="histogram_quantile(0.95, sum by (le, destination_service_name)"
        f" (rate(istio_request_duration_milliseconds_bucket{{{GATEWAY}}}[5m]))) > 1000",
        severity="warning",
        service="kserve",
        summary="{{ $labels.destination_service_name }}: 95th percentile is {{ $value }} ms",
        action="Look for a saturated GPU or processor of the model's pods; raise its replicas, "
        "or roll a canary back.",
        dashboard="model-serving",
        proof=Proof(
            fires={_TOOK % "500": "0+10x20", _TOOK % "2500": "0+100x20",
                   _TOOK % "+Inf": "0+100x20"},
            quiet={_TOOK % "500": "0+99x20", _TOOK % "2500": "0+100x20",
                   _TOOK % "+Inf": "0+100x20"},
        ),
    ),
    Alert(
        name="ModelErrorRate",
        expression="sum by (destination_service_name)"
        f' (rate(istio_requests_total{{{GATEWAY},response_code=~"5.."}}[5m]))'
        f" / sum by (destination_service_name) (rate(istio_requests_total{{{GATEWAY}}}[5m]))"
        " > 0.05",
        severity="critical",
        service="kserve",
        summary="{{ $labels.destination_service_name }}: {{ $value | humanizePercentage }} of "
        "the predictions fail",
        action="Roll a canary back to the former model; without one, read the model server's log.",
        dashboard="model-serving",
        proof=Proof(
            fires={_SEEN % "200": "0+80x20", _SEEN % "503": "0+20x20"},
            quiet={_SEEN % "200": "0+99x20", _SEEN % "503": "0+1x20"},
        ),
    ),
    Alert(
        name="ModelUnavailable",
        expression='kube_deployment_status_replicas_available{namespace="models"} == 0'
        ' and kube_deployment_spec_replicas{namespace="models"} > 0',
        severity="critical",
        service="kserve",
        summary="{{ $labels.deployment }} has no pod that serves",
        action="Describe the InferenceService and its pods: a model that cannot be read from S3 "
        "and a GPU that is not there are the usual causes.",
        dashboard="model-serving",
        proof=Proof(
            fires={f"kube_deployment_status_replicas_available{_DEPLOYMENT}": "0x20",
                   f"kube_deployment_spec_replicas{_DEPLOYMENT}": "2x20"},
            quiet={f"kube_deployment_status_replicas_available{_DEPLOYMENT}": "0x20",
                   f"kube_deployment_spec_replicas{_DEPLOYMENT}": "0x20"},
        ),
    ),
    Alert(
        name="ModelRolloutStuck",
        expression="kube_deployment_status_condition"
        '{namespace="models",condition="Progressing",status="false"} == 1',
        severity="warning",
        service="kserve",
        summary="The rollout of {{ $labels.deployment }} does not proceed",
        action="Describe the newest pods of the deployment; the former ones keep serving.",
        dashboard="model-serving",
        proof=Proof(fires={_FAILED: "1x20"}, quiet={_FAILED: "0x20"}),
    ),
)  # fmt: skip
