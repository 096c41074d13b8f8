"""Alerts about who tries what at the cluster's door."""

from __future__ import annotations

from catalog.signals.alert import Alert, Proof

_CALLS = 'apiserver_request_total{job="apiserver",code="%s"}'
_DENIED = (
    'apiserver_validating_admission_policy_check_total{enforcement_action="%s",'
    'policy="no-privileged"}'
)

SECURITY = (
    Alert(
        name="RefusedRequestsSurge",
        expression='sum(rate(apiserver_request_total{code=~"401|403"}[10m]))'
        " / sum(rate(apiserver_request_total[10m])) > 0.1",
        severity="warning",
        service="security",
        summary="The API server refuses {{ $value | humanizePercentage }} of the requests",
        action="Ask the audit log in CloudWatch who is refused: a broken controller is common, "
        "a stranger is an incident.",
        dashboard="security-events",
        hold=10,
        proof=Proof(
            fires={_CALLS % "200": "0+80x30", _CALLS % "403": "0+20x30"},
            quiet={_CALLS % "200": "0+99x30", _CALLS % "403": "0+1x30"},
        ),
    ),
    Alert(
        name="FailedAuthentication",
        expression='sum(increase(authentication_attempts{result="failure"}[10m])) > 100',
        severity="warning",
        service="security",
        summary="{{ $value | humanize }} callers failed to authenticate within 10 minutes",
        action="Ask the audit log in CloudWatch where they come from.",
        dashboard="security-events",
        hold=0,
        proof=Proof(
            fires={'authentication_attempts{result="failure"}': "0+30x30"},
            quiet={'authentication_attempts{result="failure"}': "0+1x30",
                   'authentication_attempts{result="success"}': "0+900x30"},
        ),
    ),
    Alert(
        name="AdmissionDenied",
        expression="sum by (policy) (increase(apiserver_validating_admission_policy_check_total"
        '{enforcement_action="deny"}[15m])) > 0',
        severity="info",
        service="security",
        summary="Policy {{ $labels.policy }} refused objects",
        action="Tell whoever deployed; the refusal names the fix.",
        dashboard="security-events",
        hold=0,
        proof=Proof(
            fires={_DENIED % "deny": "0x10 2x20"}, quiet={_DENIED % "allow": "0+5x30"}
        ),
    ),
)  # fmt: skip
