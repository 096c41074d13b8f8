"""The recovery time that the catalogue promises, and the targets that it is held to."""

from __future__ import annotations

from ops.failback.steps import failback_steps
from ops.failover.steps import failover_steps
from ops.recovery_time import Spread, outage_told, recovery_time, told, write_outage
from tests.ops.memory.platform import returning
from tests.ops.memory.region import wanted

MINUTE = 60.0


def test_a_failover_keeps_the_targets_over_a_thousand_samples() -> None:
    found = recovery_time(failover_steps(wanted(), installed=True))
    assert found.everything.median <= 15 * MINUTE
    assert found.everything.p95 <= 25 * MINUTE
    assert found.inference.p95 <= 6 * MINUTE


def test_cold_models_are_stated_and_wait_for_nodes_and_images() -> None:
    found = recovery_time(failover_steps(wanted(), installed=True))
    assert found.cold_inference.median > found.inference.median + 5 * MINUTE


def test_the_same_seed_gives_the_same_figures() -> None:
    steps = failover_steps(wanted(), installed=True)
    assert recovery_time(steps, samples=50) == recovery_time(steps, samples=50)
    assert recovery_time(steps, samples=50, seed=1) != recovery_time(steps, samples=50)


def test_a_standby_without_mlflow_waits_for_its_deployment() -> None:
    with_it = recovery_time(failover_steps(wanted(), installed=True), samples=50)
    without = recovery_time(failover_steps(wanted(), installed=False), samples=50)
    assert without.everything.median > with_it.everything.median + 9 * MINUTE
    assert isinstance(without.inference, Spread)
    assert without.inference == with_it.inference


def test_a_target_that_is_missed_is_told() -> None:
    found = recovery_time(failover_steps(wanted(), installed=False), samples=50)
    assert "BEYOND recovery.rto_minutes (15)" in told(found, 900)[-1]
    assert "within recovery.rto_minutes (120)" in told(found, 7200)[-1]


def test_a_failback_interrupts_writes_for_less_than_a_failover_does() -> None:
    found = write_outage(failback_steps(returning()))
    assert found.median < 12 * MINUTE
    assert found.p95 < 17 * MINUTE
    assert "within recovery.rto_minutes (30)" in outage_told(found, 1_800)[1]


def test_making_the_copy_is_no_part_of_the_outage() -> None:
    steps = failback_steps(returning())
    first = next(place for place, step in enumerate(steps) if step.interrupts)
    assert write_outage(steps, samples=50) == write_outage(steps[first:], samples=50)
