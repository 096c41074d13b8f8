"""What became of the rows: what clients were told, against what both databases have."""

from __future__ import annotations

from dataclasses import dataclass

from ops.journal import Entry
from ops.report import LAG_FACT, RPO_FACT
from tests.drills.clients import Row, written
from tests.drills.server import Server


@dataclass(frozen=True, kw_only=True)
class Account:
    """Of a failover. Moments are seconds since 1970, by the clock of who committed."""

    lost: set[Row]
    """Acknowledged, and not in the new primary."""
    at_risk: set[Row]
    """Committed by the old primary within the lag that the runbook measured as it began."""
    strayed: set[Row]
    """Lost, although a later row of the same client arrived."""
    risk_seconds: float
    """What the runbook said may be lost, at most."""
    loss_seconds: float
    """From the last row that arrived to the last that was lost."""
    old_ended: float
    """When the old primary committed its last row."""
    new_began: float
    """When the new one committed its first."""

    def __str__(self) -> str:
        return (
            f"{len(self.lost)} acknowledged rows lost of {len(self.at_risk)} at risk, "
            f"{self.loss_seconds:.2f} s of {self.risk_seconds:.2f} s told; the new primary "
            f"wrote {self.new_began - self.old_ended:.2f} s after the old one"
        )


def account(begun: Entry, acknowledged: set[Row], old: Server, new: Server) -> Account:
    """Of the failover whose journal began with `begun`."""
    before, after = written_before(old), written(new)
    last_known = begun.at - begun.facts[LAG_FACT]
    lost = acknowledged - after.keys()
    arrived = {row: before[row] for row in after.keys() & before.keys()}
    newest = {client: max(n for name, n in arrived if name == client) for client, _ in arrived}
    return Account(
        lost=lost,
        at_risk={row for row, moment in before.items() if moment >= last_known},
        strayed={(client, number) for client, number in lost if number < newest[client]},
        risk_seconds=begun.facts[RPO_FACT],
        loss_seconds=max(before[row] for row in lost) - max(arrived.values()) if lost else 0.0,
        old_ended=max(before.values()),
        new_began=min(after[row] for row in after.keys() - before.keys()),
    )


def written_before(old: Server) -> dict[Row, float]:
    """Also by a server that was killed: it is started where no client can reach it."""
    if old.process:
        return written(old)
    old.start({"listen_addresses": ""})
    rows = written(old)
    old.kill()
    return rows
