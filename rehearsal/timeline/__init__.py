"""How long an operation of the engine would take in the real account.

`engine` reads what the engine leaves behind, `graph` turns it into operations and what each
waits for, `durations` times them from the catalogue, `simulation` runs them on a clock.
"""

from rehearsal.timeline.durations import SLOW, TYPICAL, Case, sample
from rehearsal.timeline.graph import Graph, Operation
from rehearsal.timeline.simulation import Schedule, Spread, Timed, simulate, spread

__all__ = [
    "SLOW",
    "TYPICAL",
    "Case",
    "Graph",
    "Operation",
    "Schedule",
    "Spread",
    "Timed",
    "sample",
    "simulate",
    "spread",
]
