"""Scaling the writers to zero and back, interrupted anywhere."""

from __future__ import annotations

from dataclasses import dataclass, field

import pytest

from lease.writers import ClusterError, Deployment, Writers

MLFLOW = Deployment(namespace="mlflow", name="mlflow")
FEAST = Deployment(namespace="feast", name="registry")
BOTH = (MLFLOW, FEAST)


@dataclass
class MemoryCluster:
    """Deployments and what is remembered of them; `breaks_at` the call of that number."""

    counts: dict[Deployment, int]
    kept: dict[str, int] = field(default_factory=dict[str, int])
    breaks_at: int = -1
    calls: int = 0

    def replicas(self, deployment: Deployment) -> int | None:
        self._call()
        return self.counts.get(deployment)

    def scale(self, deployment: Deployment, replicas: int) -> None:
        self._call()
        self.counts[deployment] = replicas

    def remembered(self) -> dict[str, int]:
        self._call()
        return dict(self.kept)

    def remember(self, changes: dict[str, int | None]) -> None:
        self._call()
        for key, count in changes.items():
            self.kept.pop(key, None)
            if count is not None:
                self.kept[key] = count

    def _call(self) -> None:
        self.calls += 1
        if self.calls == self.breaks_at:
            raise ClusterError("killed")


def test_they_come_back_as_many_as_they_were() -> None:
    cluster = MemoryCluster({MLFLOW: 3, FEAST: 2})
    writers = Writers(cluster, BOTH)
    writers.stop()
    assert cluster.counts == {MLFLOW: 0, FEAST: 0}
    writers.start()
    assert cluster.counts == {MLFLOW: 3, FEAST: 2}
    assert cluster.kept == {}


@pytest.mark.parametrize("breaks_at", range(1, 16))
def test_an_agent_that_is_killed_anywhere_leaves_the_next_one_what_it_needs(
    breaks_at: int,
) -> None:
    cluster = MemoryCluster({MLFLOW: 3, FEAST: 2}, breaks_at=breaks_at)
    for work in (Writers(cluster, BOTH).stop, Writers(cluster, BOTH).start):
        try:
            work()
        except ClusterError:
            work()
    assert cluster.counts == {MLFLOW: 3, FEAST: 2}


def test_one_that_was_at_zero_before_stays_there() -> None:
    cluster = MemoryCluster({MLFLOW: 0, FEAST: 2})
    Writers(cluster, BOTH).stop()
    Writers(cluster, BOTH).start()
    assert cluster.counts == {MLFLOW: 0, FEAST: 2}


def test_one_that_somebody_scales_up_while_closed_is_stopped_again() -> None:
    cluster = MemoryCluster({MLFLOW: 3, FEAST: 2})
    writers = Writers(cluster, BOTH)
    writers.stop()
    cluster.counts[MLFLOW] = 1
    writers.stop()
    assert cluster.counts == {MLFLOW: 0, FEAST: 0}


def test_one_that_is_not_there_is_passed_over() -> None:
    cluster = MemoryCluster({FEAST: 2})
    Writers(cluster, BOTH).stop()
    assert cluster.counts == {FEAST: 0}
