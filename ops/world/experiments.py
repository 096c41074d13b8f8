"""What MLflow's database knows, and what of it can be compared with objects."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol


@dataclass(frozen=True, kw_only=True)
class Run:
    """A run. `folder`: where its artifacts are, below MLflow's artifact root; `tags` by name."""

    id: str
    name: str
    experiment: str
    folder: str
    tags: dict[str, str]


@dataclass(frozen=True, kw_only=True)
class LoggedModel:
    """A model that a run logged to its end: its folder has a file `MLmodel`."""

    id: str
    name: str
    run_id: str
    folder: str


class ExperimentReads(Protocol):
    """Looking at runs."""

    @property
    def account(self) -> str:
        """The account that the credentials belong to."""
        ...

    def runs(self) -> Sequence[Run]:
        """Runs that began within the time that is looked at."""
        ...

    def logged_models(self) -> Sequence[LoggedModel]:
        """Models that were logged to their end within that time."""
        ...

    def stored(self, folder: str) -> Sequence[str]:
        """Keys of this region's objects below a folder of the artifact root, without the root."""
        ...


class ExperimentVerbs(ExperimentReads, Protocol):
    """Marking runs."""

    def mark(self, run_id: str, tag: str, value: str) -> None:
        """Set a tag of a run; once more is the same."""
        ...
