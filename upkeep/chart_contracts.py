"""catalog/charts/data: what each pinned chart takes as values, learnt from the chart itself.

`make charts DATA=<folder>` reads, per chart, `Chart.yaml`, `values.yaml`, the values of its
sub-charts, `values.schema.json` and `crds.index.json`, and writes facts only: key paths, types
and, where the chart has a schema to merge them into, defaults.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any, cast

import yaml

from catalog.charts import CHARTS, Chart
from catalog.charts.contracts import Tree
from catalog.charts.learnt import DATA
from upkeep.chart_images import app_versions, image_places

FREE = frozenset(
    {"annotations", "labels", "resources", "affinity", "tolerations", "nodeSelector", "env",
     "securityContext", "podSecurityContext", "containerSecurityContext", "podAnnotations",
     "podLabels", "extraEnvVars", "extraFlags", "grafana.ini", "meshConfig", "matchLabels",
     "livenessProbe", "readinessProbe", "startupProbe", "strategy", "updateStrategy",
     "deploymentStrategy", "limits", "requests", "commonLabels", "configuration", "config",
     "cm", "params", "rbac.config", "datasources", "route", "receivers", "global.config",
     "schedules", "extraArgs", "extraObjects", "modules", "volumeClaimTemplate", "tlsConfig"}
)  # fmt: skip
"""Keys whose maps take any key: Kubernetes' own types, or a program's own configuration."""

TAKEN: Mapping[str, tuple[str, ...]] = {
    "istiod": ("seccompProfile", "podDisruptionBudget", "resources"),
}
"""Keys that a chart's templates read and its values.yaml does not name."""

LISTED_WITH: Mapping[str, str] = {"prometheus-operator-crds": "kube-prometheus-stack"}
"""Charts whose definitions the data lists with another chart, where they also stand."""

KUBERNETES = re.compile(r"^>= ?v?(?P<oldest>1\.\d+)\.\d+-0$")
"""What charts ask for: a version or later."""
KEY = re.compile(r"^(?P<indent> *)(?P<comment># ?)?(?P<key>[a-zA-Z][\w./-]*):(?: |$)")
WRAPPED = "_internal_defaults_do_not_set"


class _Loader(yaml.SafeLoader):
    """Reads a bare `=`, which YAML 1.1 gives a type that PyYAML cannot make."""


_Loader.add_constructor("tag:yaml.org,2002:value", lambda _, node: str(node.value))


def contract(chart: Chart, folder: Path) -> dict[str, Any]:
    """The contract of `chart` from its `folder`. Raises ValueError for another version."""
    described = _read(folder / "Chart.yaml")
    if str(described["version"]).lstrip("v") != chart.version.lstrip("v"):
        raise ValueError(
            f"{chart.name}: the data is of {described['version']}, the pin is {chart.version}"
        )
    text = (folder / "values.yaml").read_text(encoding="utf-8")
    values = _unwrapped(yaml.load(text, _Loader) or {})  # noqa: S506 - a SafeLoader
    made: dict[str, Any] = {
        "chart": chart.chart_name,
        "version": str(described["version"]),
        "app": str(described.get("appVersion") or described["version"]),
        "kubernetes": required(chart, described.get("kubeVersion")),
        "values": _tree(values) | _subcharts(folder, values) | _taken(chart),
        "crds": _crds(folder.parent / LISTED_WITH.get(chart.name, chart.name)),
        "images": image_places(values, _values_below(folder)),
        "apps": app_versions(folder),
    }
    _add_commented(made["values"], commented(text))
    schema = folder / "values.schema.json"
    if schema.exists():
        made |= {"schema": _bare(json.loads(schema.read_text())), "defaults": values}
    return made


def required(chart: Chart, asked: str | None) -> str | None:
    """The oldest Kubernetes that the chart takes, or None where it does not say.

    Raises ValueError for a constraint of another form.
    """
    if not asked:
        return None
    match = KUBERNETES.match(asked)
    if match is None:
        raise ValueError(f"{chart.name}: kubeVersion {asked!r}, expected such as '>=1.25.0-0'")
    return match["oldest"]


def write(data: Path, names: Iterable[str] = CHARTS) -> list[str]:
    """Write the contract of every named chart that `data` has; names of those it lacks."""
    missing: list[str] = []
    for name in names:
        if not (data / name / "values.yaml").exists():
            missing.append(name)
            continue
        text = json.dumps(
            contract(CHARTS[name], data / name), sort_keys=True, separators=(",", ":")
        )
        (DATA / f"{name}.json").write_text(text + "\n", encoding="utf-8")
    return missing


def commented(text: str) -> list[tuple[str, ...]]:
    """Paths of keys that stand in comments, each below the key that its indent says."""
    stack: list[tuple[int, str]] = []
    found: list[tuple[str, ...]] = []
    for line in text.splitlines():
        match = KEY.match(line)
        if match is None:
            continue
        indent, key = len(match["indent"]), match["key"]
        stack = [level for level in stack if level[0] < indent]
        if match["comment"]:
            found.append((*(name for _, name in stack), key))
        else:
            stack.append((indent, key))
    return found


def _add_commented(tree: dict[str, Tree], paths: Iterable[tuple[str, ...]]) -> None:
    for *above, key in paths:
        here: Tree | None = tree
        for name in above:
            here = here.get(name) if isinstance(here, dict) else None
        if isinstance(here, dict):
            here.setdefault(key, "any")


def _tree(values: Mapping[str, Any]) -> dict[str, Tree]:
    return {str(key): _type(str(key), value) for key, value in values.items()}


def _type(key: str, value: Any) -> Tree:
    if isinstance(value, dict):
        known = cast("dict[str, Any]", value)
        return "map" if not known or key in FREE else _tree(known)
    for kind, name in ((bool, "boolean"), (int, "integer"), (float, "number"), (list, "list")):
        if isinstance(value, kind):
            return name
    return "string" if value else "any"


def _taken(chart: Chart) -> dict[str, Tree]:
    return dict.fromkeys(TAKEN.get(chart.name, ()), "any")


def _values_below(folder: Path) -> dict[str, dict[str, Any]]:
    """Values of the sub-charts, by name."""
    return {
        below.parent.name: yaml.load(below.read_text(encoding="utf-8"), _Loader) or {}  # noqa: S506
        for below in sorted((folder / "subcharts").glob("*/values.yaml"))
    }


def _subcharts(folder: Path, values: Mapping[str, Any]) -> dict[str, Tree]:
    """Values of sub-charts, with what the chart itself sets there, and `global`."""
    trees: dict[str, Tree] = {"global": "map"}
    for below in sorted((folder / "subcharts").glob("*/values.yaml")):
        text = below.read_text(encoding="utf-8")
        tree = _tree(yaml.load(text, _Loader) or {})  # noqa: S506 - a SafeLoader
        _add_commented(tree, commented(text))
        own = _tree(values.get(below.parent.name) or {})
        trees[below.parent.name] = _joined(tree, own) | {"enabled": "boolean"}
    return trees


def _joined(one: dict[str, Tree], other: Mapping[str, Tree]) -> dict[str, Tree]:
    joined = dict(one)
    for key, tree in other.items():
        below = joined.get(key)
        if isinstance(below, dict) and isinstance(tree, dict):
            joined[key] = _joined(below, tree)
        else:
            joined.setdefault(key, tree)
    return joined


def _unwrapped(values: dict[str, Any]) -> dict[str, Any]:
    """Istio keeps its values under a key that users never write."""
    inner: dict[str, Any] | None = values.get(WRAPPED)
    return inner if inner is not None else values


def _crds(folder: Path) -> list[dict[str, Any]]:
    index = folder / "crds.index.json"
    if not index.exists():
        return []
    return [
        {
            "name": one["crd"],
            "group": one["group"],
            "kind": one["kind"],
            "scope": one["scope"],
            "versions": [v["name"] for v in one["versions"] if v["served"]],
        }
        for one in json.loads(index.read_text())
    ]


def _bare(schema: Any) -> Any:
    """The schema without prose."""
    if isinstance(schema, dict):
        known = cast("dict[str, Any]", schema)
        prose = ("description", "title", "examples", "default", "$comment")
        return {k: _bare(v) for k, v in known.items() if k not in prose or isinstance(v, dict)}
    if isinstance(schema, list):
        return [_bare(one) for one in cast("list[Any]", schema)]
    return schema


def _read(path: Path) -> dict[str, Any]:
    return yaml.safe_load(path.read_text(encoding="utf-8"))
