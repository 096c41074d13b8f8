"""MLflow's runs and what is stored of them, in memory."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from ops.world.experiments import LoggedModel, Run


@dataclass
class MemoryExperiments:
    """`known` by ID; `there` are keys of the artifact root."""

    account: str
    known: dict[str, Run] = field(default_factory=dict[str, Run])
    models: list[LoggedModel] = field(default_factory=list[LoggedModel])
    there: set[str] = field(default_factory=set[str])

    def log(self, run_id: str, *models: str, came: bool = True) -> None:
        """For tests: a run with models, whose files came over or did not."""
        folder = f"1/{run_id}/artifacts"
        self.known[run_id] = Run(
            id=run_id, name=f"{run_id}-name", experiment="churn", folder=folder, tags={}
        )
        for name in models:
            place = f"1/models/m-{name}/artifacts"
            self.models.append(LoggedModel(id=f"m-{name}", name=name, run_id=run_id, folder=place))
            if came:
                self.there |= {f"{place}/MLmodel", f"{place}/model.pkl", f"{folder}/metrics.png"}

    def runs(self) -> Sequence[Run]:
        return list(self.known.values())

    def logged_models(self) -> Sequence[LoggedModel]:
        return self.models

    def stored(self, folder: str) -> Sequence[str]:
        return sorted(key for key in self.there if key.startswith(f"{folder}/"))

    def mark(self, run_id: str, tag: str, value: str) -> None:
        run = self.known[run_id]
        self.known[run_id] = replace(run, tags={**run.tags, tag: value})
