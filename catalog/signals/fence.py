"""Alerts about the fence: a lease that nobody renews, agents and guards that are missing."""

from __future__ import annotations

from catalog.signals.alert import Alert, Proof

AGENT = 'job="lease-agent"'
SKEW_SECONDS = 0.5
"""Half of what two clocks may differ by (`lease.budget`)."""
_POD = '{job="lease-agent",pod="%s"}'
_HELD, _LEFT = f"lease_held{_POD}", f"lease_seconds_left{_POD}"
_FENCED, _GUARDED = f"lease_fenced{_POD}", f"lease_guarded{_POD}"
_AHEAD = f"lease_database_clock_ahead_seconds{_POD}"
_UP = f"up{_POD}"
_TROUBLE = 'lease_looks_total{job="lease-agent",pod="a",outcome="trouble"}'

FENCE = (
    Alert(
        name="LeaseNotRenewed",
        # After a take it is held for half a minute before it can be renewed.
        expression="max(lease_held) == 1 and max(lease_seconds_left) == 0",
        severity="critical",
        service="fence",
        summary="This region holds the lease and no agent renews it: MLflow, Feast and Argo "
        "Workflows cannot write",
        action="Read the agents' log: it names what they cannot reach, the table or the database. "
        "Writers are told that password authentication failed; their passwords are right.",
        dashboard="platform-overview",
        hold=2,
        proof=Proof(
            fires={
                _HELD % "a": "1x20",
                _HELD % "b": "1x20",
                _LEFT % "a": "0x20",
                _LEFT % "b": "0x20",
            },
            # One of two renews; and another region's lease is nobody's here to renew.
            quiet={
                _HELD % "a": "1x20",
                _HELD % "b": "1x20",
                _LEFT % "a": "0x20",
                _LEFT % "b": "22x20",
            },
        ),
    ),
    Alert(
        name="LeaseAgentMissing",
        expression=f"absent(up{{{AGENT}}} == 1)",
        severity="critical",
        service="fence",
        summary="No lease agent answers: the guard closes the database at the end of the lease",
        action="See the pods of lease-agent in mlops-platform; describe one that does not start.",
        dashboard="platform-overview",
        hold=1,
        proof=Proof(
            fires={_UP % "a": "0x20"},
            quiet={_UP % "a": "0x20", _UP % "b": "1x20"},
        ),
    ),
    Alert(
        name="LeaseAgentAlone",
        expression=f"count(up{{{AGENT}}} == 1) == 1",
        severity="warning",
        service="fence",
        summary="One lease agent is left: losing its zone closes the database",
        action="Describe the other pod: a zone without room for it is the usual cause.",
        dashboard="platform-overview",
        hold=15,
        proof=Proof(
            fires={_UP % "a": "1x30", _UP % "b": "0x30"},
            quiet={_UP % "a": "1x30", _UP % "b": "1x30"},
        ),
    ),
    Alert(
        name="FenceUnguarded",
        expression="max(lease_fenced) == 0 and max(lease_guarded) == 0",
        severity="critical",
        service="fence",
        summary="The database may be open and no agent sees a guard that would close it in time",
        action="Read the agents' log and the database's; `CALL fence.guard(250)` shows why it "
        "does not start.",
        dashboard="platform-overview",
        hold=2,
        proof=Proof(
            fires={_FENCED % "a": "0x20", _GUARDED % "a": "0x20"},
            # Closed needs no guard, and one that an agent of two sees is enough.
            quiet={
                _FENCED % "a": "0x20",
                _GUARDED % "a": "0x20",
                _FENCED % "b": "0x20",
                _GUARDED % "b": "1x20",
            },
        ),
    ),
    Alert(
        name="LeaseClocksApart",
        expression=f"max(abs(lease_database_clock_ahead_seconds)) > {SKEW_SECONDS}",
        severity="warning",
        service="fence",
        summary="The database's clock and an agent's differ by {{ $value | humanizeDuration }}",
        action="See the node's chrony: beyond a second the fence no longer keeps two writers "
        "apart.",
        dashboard="platform-overview",
        proof=Proof(fires={_AHEAD % "a": "-0.7x20"}, quiet={_AHEAD % "a": "-0.2x20"}),
    ),
    Alert(
        name="LeaseAgentInTrouble",
        expression='sum by (pod) (rate(lease_looks_total{outcome="trouble"}[5m])) > 0.1',
        severity="warning",
        service="fence",
        summary="{{ $labels.pod }} has had trouble in most rounds for ten minutes",
        action="Read its log: each kind of trouble has a line.",
        dashboard="platform-overview",
        hold=10,
        proof=Proof(fires={_TROUBLE: "0+30x30"}, quiet={_TROUBLE: "0+1x30"}),
    ),
)
