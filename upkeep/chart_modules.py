"""Charts whose sources are Go modules: a folder of chart data, as `make charts` reads it.

`python -m upkeep.chart_modules FOLDER` downloads each module and writes, per chart, Chart.yaml,
values.yaml, an index of its CRDs and their schemas, without prose and closed where the API
server prunes.
"""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeAlias, cast

import yaml

NUMBER_OR_TEXT = [{"type": "integer"}, {"type": "string"}]
PROSE = frozenset({"description", "title", "example", "externalDocs"})


@dataclass(frozen=True, kw_only=True)
class Source:
    """Where a chart lies in a module, and where its CRDs lie without templates."""

    name: str
    module: str
    version: str
    chart: str
    crds: str
    below: tuple[Source, ...] = ()
    """Charts that it installs along."""


Downloads: TypeAlias = Callable[[Source], Path]
"""Gives the folder of a source's module."""

JOBSET = Source(
    name="jobset",
    module="sigs.k8s.io/jobset",
    # What the trainer's Chart.yaml depends on.
    version="v0.11.0",
    chart="charts/jobset",
    crds="charts/jobset/crds",
)
SOURCES = (
    Source(
        name="kubeflow-trainer",
        module="github.com/kubeflow/trainer/v2",
        version="v2.2.0",
        chart="charts/kubeflow-trainer",
        crds="charts/kubeflow-trainer/crds",
        below=(JOBSET,),
    ),
    Source(
        name="kueue",
        module="sigs.k8s.io/kueue",
        version="v0.17.0",
        chart="charts/kueue",
        crds="config/components/crd/bases",
    ),
)


def write(source: Source, target: Path, downloaded: Downloads) -> None:
    """Write the chart's data into a folder of its own below `target`."""
    folder = target / source.name
    _copy(source, folder, downloaded)
    for one in source.below:
        _copy(one, folder / "subcharts" / one.name, downloaded)
    definitions = [one for each in (source, *source.below) for one in _read(each, downloaded)]
    index = [entry(one) for one in definitions]
    (folder / "crds.index.json").write_text(json.dumps(index, indent=1), encoding="utf-8")
    for one in definitions:
        _write_schemas(one, folder / "crd-schemas")


def _copy(source: Source, folder: Path, downloaded: Downloads) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    for name in ("Chart.yaml", "values.yaml"):
        text = (downloaded(source) / source.chart / name).read_text(encoding="utf-8")
        (folder / name).write_text(text, encoding="utf-8")


def _read(source: Source, downloaded: Downloads) -> list[dict[str, Any]]:
    files = sorted((downloaded(source) / source.crds).glob("*_*.yaml"))
    return [yaml.safe_load(path.read_text(encoding="utf-8")) for path in files]


def go_modules(source: Source) -> Path:
    """The module's folder, downloaded by the go tool. Raises CalledProcessError as it fails."""
    command = ["go", "mod", "download", "-json", f"{source.module}@{source.version}"]
    done = subprocess.run(command, check=True, capture_output=True, text=True)
    return Path(json.loads(done.stdout)["Dir"])


def entry(definition: Mapping[str, Any]) -> dict[str, Any]:
    """What the index of CRDs says of one."""
    spec = definition["spec"]
    return {
        "crd": definition["metadata"]["name"],
        "group": spec["group"],
        "kind": spec["names"]["kind"],
        "scope": spec["scope"],
        "versions": [
            {"name": one["name"], "served": one["served"], "storage": one["storage"]}
            for one in sorted(spec["versions"], key=lambda one: one["storage"])
        ],
    }


def _write_schemas(definition: Mapping[str, Any], folder: Path) -> None:
    spec = definition["spec"]
    below = folder / spec["group"]
    below.mkdir(parents=True, exist_ok=True)
    for version in (one for one in spec["versions"] if one["served"]):
        schema = closed(version["schema"]["openAPIV3Schema"])
        name = f"{spec['names']['kind'].lower()}_{version['name']}.json"
        (below / name).write_text(json.dumps(schema), encoding="utf-8")


def closed(schema: Mapping[str, Any]) -> dict[str, Any]:
    """The JSON schema of a structural one: what would be pruned is an error, and what may be
    null or a number or text says so in JSON schema's words."""
    made = {key: _inside(key, value) for key, value in schema.items() if key not in PROSE}
    if made.pop("x-kubernetes-int-or-string", False):
        made.pop("type", None)
        made["anyOf"] = NUMBER_OR_TEXT
    if made.pop("nullable", False) and "type" in made:
        made["type"] = [made["type"], "null"]
    open_ended = made.get("x-kubernetes-preserve-unknown-fields") or "additionalProperties" in made
    if made.get("properties") and not open_ended:
        made["additionalProperties"] = False
    return made


def _inside(key: str, value: Any) -> Any:
    if key == "properties":
        return dict(_each(cast("Mapping[str, Any]", value)))
    if key in ("items", "additionalProperties") and isinstance(value, dict):
        return closed(cast("dict[str, Any]", value))
    return value


def _each(properties: Mapping[str, Any]) -> Iterator[tuple[str, Any]]:
    for name, one in properties.items():
        yield name, closed(one)


def main() -> int:
    """Exit status; 2 without a folder."""
    if len(sys.argv) != 2:
        print("chart_modules: expected a folder to write into")
        return 2
    for source in SOURCES:
        write(source, Path(sys.argv[1]), go_modules)
        print(f"{source.name} {source.version}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
