"""Alerts about logs: lines that are lost, late or missing. `name` is the stream they belong to."""

from __future__ import annotations

from catalog.signals.alert import Alert, Proof

_OUTPUT = '{job="fluent-bit",pod="fluent-bit-a",name="platform"}'
_SENT = f"fluentbit_output_proc_records_total{_OUTPUT}"
_NODES = 'kube_node_status_condition{node="%s",condition="Ready",status="true"}'
_UP = 'up{job="fluent-bit",pod="%s"}'

LOGS = (
    Alert(
        name="LogLinesLost",
        expression="sum by (name) (increase(fluentbit_output_dropped_records_total[15m])"
        " + increase(fluentbit_output_retries_failed_total[15m])) > 0",
        severity="warning",
        service="logs",
        summary="Lines of the stream {{ $labels.name }} are lost",
        action="Read the collector's own log (`kubectl logs -n logging ds/fluent-bit`): CloudWatch "
        "refused them for an hour, or the node's buffer is full. The files on the nodes still "
        "have the newest lines.",
        dashboard="platform-overview",
        hold=0,
        proof=Proof(
            fires={f"fluentbit_output_dropped_records_total{_OUTPUT}": "0x10 50x20",
                   f"fluentbit_output_retries_failed_total{_OUTPUT}": "0x30"},
            quiet={f"fluentbit_output_dropped_records_total{_OUTPUT}": "50x30",
                   f"fluentbit_output_retries_failed_total{_OUTPUT}": "1x30"},
        ),
    ),
    Alert(
        name="LogDeliveryFailing",
        expression="sum by (name) (increase(fluentbit_output_retries_total[15m])"
        " + increase(fluentbit_output_errors_total[15m])) > 10",
        severity="warning",
        service="logs",
        summary="CloudWatch does not take the stream {{ $labels.name }}",
        action="Read the collector's own log: credentials (the association of `fluent-bit`), the "
        "group's key, throttling, or no way to CloudWatch. Lines wait on the nodes for an hour.",
        dashboard="platform-overview",
        hold=10,
        proof=Proof(
            fires={f"fluentbit_output_retries_total{_OUTPUT}": "0+2x40",
                   f"fluentbit_output_errors_total{_OUTPUT}": "0x40"},
            quiet={f"fluentbit_output_retries_total{_OUTPUT}": "0x20 3x20",
                   f"fluentbit_output_errors_total{_OUTPUT}": "0x40"},
            at=35,
        ),
    ),
    Alert(
        name="LogsMissing",
        expression="(sum(rate(fluentbit_output_proc_records_total[15m])) or vector(0)) == 0",
        severity="warning",
        service="logs",
        summary="Nothing has reached CloudWatch for a quarter of an hour",
        action="See whether the pods of `fluent-bit` run; then read their log.",
        dashboard="platform-overview",
        hold=15,
        proof=Proof(
            fires={_SENT: "1000x60"},
            also=({},),
            quiet={_SENT: "0+100x60"},
            at=50,
        ),
    ),
    Alert(
        name="LogCollectorMissing",
        expression='(count(up{job="fluent-bit"} == 1) or vector(0)) < '
        'sum(kube_node_status_condition{condition="Ready",status="true"})',
        severity="warning",
        service="logs",
        summary="Only {{ $value }} nodes have a log collector",
        action="Find the node without a pod of `fluent-bit`, and describe the pod that waits.",
        dashboard="platform-overview",
        hold=15,
        proof=Proof(
            fires={_NODES % "a": "1x40", _NODES % "b": "1x40", _UP % "a": "1x40",
                   _UP % "b": "0x40"},
            also=({_NODES % "a": "1x40"},),
            quiet={_NODES % "a": "1x40", _NODES % "b": "1x40", _UP % "a": "1x40",
                   _UP % "b": "1x40"},
            at=30,
        ),
    ),
)  # fmt: skip
