"""Security events: who is refused, findings, certificates and secrets, and security alerts."""

from __future__ import annotations

from catalog.signals.dashboards.panels import Page, Row, figure, panel

DOORS = Page(
    uid="security-events",
    title="Security events",
    rows=[
        Row(
            title="Who is refused",
            panels=[
                panel("Refused requests", "reqps", "At the API server.",
                       ('sum by (code) (rate(apiserver_request_total{code=~"401|403"}[5m]))',
                        "{{code}}")),
                panel("Authentication", "reqps", "Attempts by result.",
                       ("sum by (result) (rate(authentication_attempts[5m]))", "{{result}}")),
                panel("Admission policies", "short", "Objects refused within the hour.",
                       (("sum by (policy) (increase("
                        "apiserver_validating_admission_policy_check_total"
                        '{enforcement_action="deny"}[1h]))'), "{{policy}}")),
                panel("Pod Security", "short", "Pods refused within the hour.",
                       (("sum by (policy_level) (increase(pod_security_evaluations_total"
                        '{decision="deny"}[1h]))'), "{{policy_level}}")),
                panel("Consoles", "short", "Requests, and those that failed.",
                       ("sum(aws_applicationelb_request_count_sum)", "all"),
                       ("sum(aws_applicationelb_httpcode_target_5_xx_count_sum)", "failed")),
            ],
        ),
        Row(
            title="Findings",
            panels=[
                panel("Serious findings", "short",
                      "Of GuardDuty from severity 7 on, and of Security Hub from HIGH on, within "
                      "the hour. Neither has a metric: EventBridge counts what it passes on.",
                      (("sum by (dimension_RuleName) (sum_over_time(aws_events_matched_events_sum"
                       '{dimension_RuleName=~".+-findings-.+"}[1h]) / 5)'),
                       "{{dimension_RuleName}}"), red=1),
            ],
        ),
        Row(
            title="Certificates and secrets",
            panels=[
                panel("Certificates in the cluster", "s", "Until each expires.",
                       ("certmanager_certificate_expiration_timestamp_seconds - time()",
                        "{{exported_namespace}}/{{name}}")),
                panel("Public certificates", "s", "Until each expires.",
                       ("probe_ssl_earliest_cert_expiry - time()", "{{instance}}")),
                figure("Secrets that do not follow", "short", "Secrets Manager.",
                        'sum(externalsecret_status_condition{condition="Ready",status="False"})'
                        " or vector(0)", red=1),
                figure("Certificates that are not ready", "short", "In the cluster.",
                        'sum(certmanager_certificate_ready_status{condition="False"})'
                        " or vector(0)", red=1),
                panel("Interruption queue", "s", "Age of its oldest message.",
                       ("aws_sqs_approximate_age_of_oldest_message_maximum", "{{name}}"),
                       red=300),
            ],
        ),
        Row(
            title="Alerts",
            panels=[
                panel("Firing", "short", "Security alerts, by name.",
                       (('count by (alertname) (ALERTS{alertstate="firing",'
                        'service=~"security|certificates|secrets"})'), "{{alertname}}")),
            ],
        ),
    ],
)  # fmt: skip
