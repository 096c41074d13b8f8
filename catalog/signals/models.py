"""Alerts about served models: what the models' gateway sees, and their rollouts."""

from __future__ import annotations

from catalog.signals.alert import Alert, Proof

GATEWAY = 'job="model-gateway"'
_SEEN = (
    'istio_requests_total{job="model-gateway",destination_service_namespace="risk",'
    'destination_service_name="churn",response_code="%s"}'
)
_TOOK = (
    'istio_request_duration_milliseconds_bucket{job="model-gateway",'
    'destination_service_namespace="risk",destination_service_name="churn",le="%s"}'
)
_DOOR = 'probe_success{job="probe-models",instance="https://models.example.com"}'
_DEPLOYMENT = '{namespace="risk",deployment="churn-predictor"}'
_FAILED = (
    'kube_deployment_status_condition{namespace="risk",deployment="churn-predictor",'
    'condition="Progressing",status="false"}'
)

SERVERS = 'deployment=~".+-(predictor|transformer|explainer)"'
"""Deployments that KServe makes of models, in whatever namespace: teams serve in their own."""
BY = "destination_service_namespace, destination_service_name"
"""What tells models apart: two teams may give theirs one name."""
MODEL = "{{ $labels.destination_service_namespace }}/{{ $labels.destination_service_name }}"

MODELS = (
    Alert(
        name="ModelGatewayUnreachable",
        expression='max(probe_success{job="probe-models"}) < 1',
        or_else=('absent(probe_success{job="probe-models"})',),
        severity="critical",
        service="kserve",
        summary="The models' gateway does not answer at its public name",
        action="See whether its target group has healthy targets; with none, look at the "
        "gateway's pods in istio-system, with some, at the certificate and the name.",
        dashboard="model-serving",
        proof=Proof(
            fires={_DOOR: "0x20"}, also=({},), quiet={_DOOR: "1x20"},
        ),
    ),
    Alert(
        name="HighInferenceLatency",
        expression=f"histogram_quantile(0.95, sum by (le, {BY})"
        f" (rate(istio_request_duration_milliseconds_bucket{{{GATEWAY}}}[5m]))) > 1000",
        severity="warning",
        service="kserve",
        summary=f"{MODEL}: 95th percentile is {{{{ $value }}}} ms",
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
        expression=f"sum by ({BY})"
        f' (rate(istio_requests_total{{{GATEWAY},response_code=~"5.."}}[5m]))'
        f" / sum by ({BY}) (rate(istio_requests_total{{{GATEWAY}}}[5m]))"
        " > 0.05",
        severity="critical",
        service="kserve",
        summary=f"{MODEL}: {{{{ $value | humanizePercentage }}}} of the predictions fail",
        action="Roll a canary back to the former model; without one, read the model server's log.",
        dashboard="model-serving",
        proof=Proof(
            fires={_SEEN % "200": "0+80x20", _SEEN % "503": "0+20x20"},
            quiet={_SEEN % "200": "0+99x20", _SEEN % "503": "0+1x20"},
        ),
    ),
    Alert(
        name="ModelUnavailable",
        expression=f"kube_deployment_status_replicas_available{{{SERVERS}}} == 0"
        f" and kube_deployment_spec_replicas{{{SERVERS}}} > 0",
        needs=("model-server",),
        severity="critical",
        service="kserve",
        summary="{{ $labels.namespace }}/{{ $labels.deployment }} has no pod that serves",
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
        f'{{{SERVERS},condition="Progressing",status="false"}} == 1',
        needs=("model-server",),
        severity="warning",
        service="kserve",
        summary="The rollout of {{ $labels.namespace }}/{{ $labels.deployment }} does not proceed",
        action="Describe the newest pods of the deployment; the former ones keep serving.",
        dashboard="model-serving",
        proof=Proof(fires={_FAILED: "1x20"}, quiet={_FAILED: "0x20"}),
    ),
)  # fmt: skip
