"""Alertmanager's configuration: who hears of what, as the runbooks route it.

Receivers read their secrets from files that external-secrets keeps up to date; without a value
there, Alertmanager reports the failed notification and goes on.
"""

from __future__ import annotations

from typing import Any

SECRETS_FOLDER = "/etc/alertmanager/secrets"
PAGER, WARNINGS, FINOPS, GENERAL = "pagerduty", "slack-warnings", "slack-finops", "slack-general"
HEARTBEAT, NOBODY = "heartbeat", "nobody"
"""Receivers."""
WATCHDOG = "Watchdog"
"""Alert of the chart that always fires: whoever misses it knows that nobody here can tell."""
WITHOUT_NEWS = "InfoInhibitor"
"""Alert of the chart that fires only to hold others back."""


_BEAT = {"group_wait": "0s", "group_interval": "30s", "repeat_interval": "1m"}
"""Once a minute: the service at the other end rings when a few are missing."""


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
                {**_route(HEARTBEAT, f'alertname="{WATCHDOG}"'), **_BEAT},
                _route(NOBODY, f'alertname="{WITHOUT_NEWS}"'),
                _route(FINOPS, 'alert_type="cost"'),
                _route(PAGER, 'severity="critical"', goes_on=True),
                _route(GENERAL, 'severity="critical"'),
                _route(WARNINGS, 'severity="warning"'),
            ],
        },
        "inhibit_rules": [
            # What is critical is not told a second time as a warning.
            _held_back('severity="critical"', 'severity="warning"', "alertname", "service"),
            # A full volume is also a filling one; its claim has one name.
            _held_back(
                'alertname="StorageFull"',
                'alertname="StorageFilling"',
                "namespace",
                "persistentvolumeclaim",
            ),
            # Without its database MLflow cannot answer; without an API server all figures age.
            _held_back('alertname="PostgreSQLDown"', 'alertname="MLflowServerDown"', "cluster"),
            _held_back('alertname="ClusterUnavailable"', 'severity="warning"', "cluster"),
            _held_back('alertname="NodesUnhealthy"', 'alertname="NodeNotReady"', "cluster"),
            _held_back('alertname="InfoInhibitor"', 'severity="info"', "namespace"),
        ],
        "receivers": [
            {"name": NOBODY},
            {"name": HEARTBEAT, "webhook_configs": [_heartbeat()]},
            {"name": PAGER, "pagerduty_configs": [_pager()]},
            {"name": GENERAL, "slack_configs": [_slack("alerts-slack", "#mlops-alerts")]},
            {"name": WARNINGS, "slack_configs": [_slack("alerts-slack", "#mlops-warnings")]},
            {"name": FINOPS, "slack_configs": [_slack("alerts-finops", "#mlops-finops")]},
        ],
    }


def _route(receiver: str, matcher: str, *, goes_on: bool = False) -> dict[str, Any]:
    return {"receiver": receiver, "matchers": [matcher], "continue": goes_on}


def _held_back(source: str, target: str, *equal: str) -> dict[str, Any]:
    return {"source_matchers": [source], "target_matchers": [target], "equal": list(equal)}


def _heartbeat() -> dict[str, Any]:
    return {
        "url_file": f"{SECRETS_FOLDER}/alerts-heartbeat/url",
        # That it ends is what the other end finds out by itself.
        "send_resolved": False,
    }


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
