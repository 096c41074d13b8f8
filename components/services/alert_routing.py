"""Alertmanager's configuration: who hears of what, as the runbooks route it.

Receivers read their secrets from files that external-secrets keeps up to date; without a value
there, Alertmanager reports the failed notification and goes on.
"""

from __future__ import annotations

from typing import Any

SECRETS_FOLDER = "/etc/alertmanager/secrets"
PAGER, WARNINGS, FINOPS, GENERAL = "pagerduty", "slack-warnings", "slack-finops", "slack-general"
"""Receivers."""


def alertmanager_config() -> dict[str, Any]:
    """Critical alerts page and go on to the channel; warnings and costs have channels."""
    return {
        "global": {"resolve_timeout": "5m"},
        "route": {
            "receiver": GENERAL,
            "group_by": ["alertname", "cluster", "service"],
            "group_wait": "10s",
            "group_interval": "5m",
            "repeat_interval": "4h",
            "routes": [
                _route(FINOPS, 'alert_type="cost"'),
                _route(PAGER, 'severity="critical"', goes_on=True),
                _route(GENERAL, 'severity="critical"'),
                _route(WARNINGS, 'severity="warning"'),
            ],
        },
        "inhibit_rules": [
            {
                "source_matchers": ['severity="critical"'],
                "target_matchers": ['severity="warning"'],
                "equal": ["alertname", "namespace", "service"],
            }
        ],
        "receivers": [
            {"name": PAGER, "pagerduty_configs": [_pager()]},
            {"name": GENERAL, "slack_configs": [_slack("alerts-slack", "#mlops-alerts")]},
            {"name": WARNINGS, "slack_configs": [_slack("alerts-slack", "#mlops-warnings")]},
            {"name": FINOPS, "slack_configs": [_slack("alerts-finops", "#mlops-finops")]},
        ],
    }


def _route(receiver: str, matcher: str, *, goes_on: bool = False) -> dict[str, Any]:
    return {"receiver": receiver, "matchers": [matcher], "continue": goes_on}


def _pager() -> dict[str, Any]:
    return {
        "routing_key_file": f"{SECRETS_FOLDER}/alerts-pagerduty/routing-key",
        "send_resolved": True,
        "severity": "{{ .CommonLabels.severity }}",
    }


def _slack(secret: str, channel: str) -> dict[str, Any]:
    return {
        "api_url_file": f"{SECRETS_FOLDER}/{secret}/webhook-url",
        "channel": channel,
        "send_resolved": True,
        "title": "{{ .CommonLabels.alertname }} ({{ .Status }})",
        "text": "{{ range .Alerts }}{{ .Annotations.summary }} {{ .Annotations.runbook_url }}\n"
        "{{ end }}",
    }
