"""The timeline's geometry."""

from __future__ import annotations

from rehearsal.report.gantt import Chart, chart
from rehearsal.report.recording import resource_records, simulated
from rehearsal.timeline import TYPICAL, simulate
from tests.rehearsal.timeline import recorded


def drawn() -> Chart:
    typical = simulated(simulate(recorded.up(), 32, TYPICAL))
    return chart(typical, resource_records(recorded.state("up")))


def test_bars_are_grouped_by_the_outermost_component():
    lanes = {lane.name: lane for lane in drawn().lanes}
    assert {"network", "database", "cluster", "keys", "buckets"} <= lanes.keys()
    names = {bar.operation.name for bar in lanes["cluster"].bars}
    # The role is a child of a component within the cluster's.
    assert "cluster-eksRole-role" in names


def test_no_bar_leaves_the_chart():
    for lane in drawn().lanes:
        for bar in lane.bars:
            assert 0 <= bar.left <= bar.left + bar.width <= 100.01


def test_text_stays_inside_near_the_right_edge():
    bars = [bar for lane in drawn().lanes for bar in lane.bars]
    late = next(bar for bar in bars if bar.operation.name == "database-address")
    assert late.from_the_right
    assert late.anchor > 99


def test_the_axis_has_a_readable_number_of_ticks():
    assert drawn().ticks == tuple(float(at) for at in range(0, 883, 120))


def test_the_critical_path_is_marked():
    critical = {
        bar.operation.name for lane in drawn().lanes for bar in lane.bars if bar.operation.critical
    }
    assert critical == {"keys-data", "database-instance", "database-address"}
