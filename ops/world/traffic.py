"""The public names as runbooks see them: where they lead, and whether somebody answers."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol


class TrafficReads(Protocol):
    """Looking at traffic."""

    def platform_answers(self) -> bool:
        """Whether the public names are answered, from wherever they lead to."""
        ...

    def moved(self) -> bool:
        """Whether the metric that moves traffic here was published within some minutes."""
        ...

    def kept_moved(self) -> bool:
        """Whether something goes on publishing it without this program."""
        ...

    def arrived(self) -> bool:
        """Whether the public names lead to this region's balancers, as seen from here."""
        ...


class TrafficVerbs(TrafficReads, Protocol):
    """Moving traffic: writes to this region's data plane, none to Route 53."""

    def move(self) -> None:
        """Publish the metric, and see to it that it goes on being published."""
        ...

    def move_back(self) -> None:
        """End that, and publish that traffic belongs to the primary region."""
        ...


class ProbeReads(Protocol):
    """Looking at what the services of this region did when they were tried."""

    def unready_models(self, names: Sequence[str]) -> Sequence[str]:
        """Those of the models that this region's gateway does not answer for."""
        ...

    def passed(self, epoch: int) -> bool:
        """Whether a run of this epoch was logged here and its artifact read again."""
        ...


class ProbeVerbs(ProbeReads, Protocol):
    """Trying the services as their users do, through this region's balancers."""

    def log_run(self, epoch: int) -> None:
        """Log a run, store an artifact, read it again, and mark the run as passed."""
        ...
