"""Alerts about the Platform API, MLflow, Feast and the consoles.

Thresholds are those of the alert runbook.
"""

from __future__ import annotations

from catalog.signals.alert import Alert, Proof

API = 'job="platform-api"'
_REQUESTS = 'http_requests_total{job="platform-api",status="%s"}'
_LATENCY = 'http_request_duration_seconds_bucket{job="platform-api",le="%s"}'


def _silent(job: str) -> Proof:
    """No answer, or nobody who asks."""
    return Proof(fires=_down(job, "0x20"), also=({},), quiet=_down(job, "1x20"))


def _down(job: str, value: str) -> dict[str, str]:
    return {f'probe_success{{job="{job}",instance="a"}}': value}


APPLICATIONS = (
    Alert(
        name="HighErrorRate",
        expression=f'sum(rate(http_requests_total{{{API},status=~"5.."}}[5m]))'
        f" / sum(rate(http_requests_total{{{API}}}[5m])) > 0.05",
        severity="critical",
        service="platform-api",
        summary="{{ $value | humanizePercentage }} of the Platform API's requests fail",
        action="Look at the API's latest rollout and at MLflow and PostgreSQL, on which it "
        "depends; roll the API back if the errors began with it.",
        dashboard="platform-overview",
        proof=Proof(
            fires={_REQUESTS % "200": "0+90x20", _REQUESTS % "500": "0+10x20"},
            quiet={_REQUESTS % "200": "0+97x20", _REQUESTS % "500": "0+3x20"},
        ),
    ),
    Alert(
        name="SlowAPIResponse",
        expression="histogram_quantile(0.95, sum by (le)"
        f" (rate(http_request_duration_seconds_bucket{{{API}}}[5m]))) > 2",
        severity="warning",
        service="platform-api",
        summary="The Platform API's 95th percentile is {{ $value | humanizeDuration }}",
        action="Compare the API's processor use with its limits and the models' latency with "
        "the API's own; scale whichever is at its limit.",
        dashboard="platform-overview",
        proof=Proof(
            fires={_LATENCY % "1": "0+10x20", _LATENCY % "5": "0+100x20",
                   _LATENCY % "+Inf": "0+100x20"},
            quiet={_LATENCY % "1": "0+99x20", _LATENCY % "5": "0+100x20",
                   _LATENCY % "+Inf": "0+100x20"},
        ),
    ),
    Alert(
        name="APIPodDown",
        expression=f"up{{{API}}} == 0",
        or_else=(f"absent(up{{{API}}})",),
        severity="critical",
        service="platform-api",
        summary="{{ with $labels.pod }}Pod {{ . }}{{ else }}No pod{{ end }} of the Platform API: "
        "it cannot be reached",
        action="Describe the pod; its events name a failed probe, a lost node or an image that "
        "cannot be pulled. Without any pod, describe the deployment.",
        dashboard="platform-overview",
        hold=2,
        proof=Proof(
            fires={'up{job="platform-api",pod="a"}': "1 0x20"},
            also=({},),
            quiet={'up{job="platform-api",pod="a"}': "1x18 0 1"},
        ),
    ),
    Alert(
        name="MLflowServerDown",
        expression='max(probe_success{job="probe-mlflow"}) < 1',
        or_else=('absent(probe_success{job="probe-mlflow"})',),
        severity="critical",
        service="mlflow",
        summary="MLflow does not answer",
        action="See whether PostgreSQL is up, then describe MLflow's pods; its migration job "
        "runs before them.",
        dashboard="platform-overview",
        proof=_silent("probe-mlflow"),
    ),
    Alert(
        name="FeatureServerDown",
        expression='max(probe_success{job="probe-feast"}) < 1',
        or_else=('absent(probe_success{job="probe-feast"})',),
        severity="critical",
        service="feast",
        summary="Feast's feature server does not answer",
        action="See whether the online store and PostgreSQL answer, then describe Feast's pods.",
        dashboard="platform-overview",
        proof=_silent("probe-feast"),
    ),
    Alert(
        name="WebUIDown",
        expression='max(probe_success{job="probe-web-ui"}) < 1',
        or_else=('absent(probe_success{job="probe-web-ui"})',),
        severity="warning",
        service="web-ui",
        summary="The web UI does not answer",
        action="Describe its pods; roll it back if its last image broke it.",
        dashboard="platform-overview",
        proof=_silent("probe-web-ui"),
    ),
    Alert(
        name="ConsoleUnreachable",
        expression='probe_success{job="probe-consoles"} == 0',
        severity="warning",
        service="consoles",
        summary="{{ $labels.instance }} does not answer at its public name",
        action="See whether its target group has healthy targets; with none, look at the pods, "
        "with some, at the certificate and the name.",
        dashboard="platform-overview",
        proof=Proof(fires=_down("probe-consoles", "0x20"), quiet=_down("probe-consoles", "1x20")),
    ),
)  # fmt: skip
