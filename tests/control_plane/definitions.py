"""The charts' kinds as an API server takes them: with the schemas and CEL rules of their CRDs.

The catalogue keeps JSON schemas; a CustomResourceDefinition takes only structural ones, which
say the same with Kubernetes' own words for what may be null, or a number or text.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, cast

from catalog.charts import CHARTS
from catalog.charts.crds import schema, schema_file
from catalog.charts.learnt import contract

SNAPSHOT = {
    "name": "volumesnapshotclasses.snapshot.storage.k8s.io",
    "group": "snapshot.storage.k8s.io",
    "kind": "VolumeSnapshotClass",
    "scope": "Cluster",
    "versions": ["v1"],
}
"""Brought by the snapshot controller's add-on, not by a chart."""

NUMBER_OR_TEXT = [{"type": "integer"}, {"type": "string"}]
JUNCTORS = ("allOf", "anyOf", "oneOf")
OUTSIDE_JUNCTORS = ("type", "default", "additionalProperties", "nullable", "description")
"""Keys that a structural schema says once, outside of `anyOf` and its like."""
OPEN = {"type": "object", "x-kubernetes-preserve-unknown-fields": True}

Schema = dict[str, Any]


def definitions() -> Iterator[dict[str, Any]]:
    """A definition for each kind of the charts that are installed, each once."""
    seen: set[str] = set()
    for name, chart in CHARTS.items():
        if chart.crds != "none" and not chart.skip_crds:
            for one in contract(name)["crds"]:
                if one["name"] not in seen:
                    seen.add(one["name"])
                    yield definition(one)
    yield definition(SNAPSHOT)


def definition(one: Mapping[str, Any]) -> dict[str, Any]:
    """The CustomResourceDefinition of a kind of a chart's contract."""
    return {
        "apiVersion": "apiextensions.k8s.io/v1",
        "kind": "CustomResourceDefinition",
        "metadata": {
            "name": one["name"],
            # Groups of Kubernetes' own domain say whether they were reviewed.
            "annotations": {"api-approved.kubernetes.io": "unapproved, derived from the charts"},
        },
        "spec": {
            "group": one["group"],
            "scope": one["scope"],
            "names": _names(one),
            "versions": [_version(one, version) for version in one["versions"]],
        },
    }


def _names(one: Mapping[str, Any]) -> dict[str, str]:
    plural = one["name"].partition(".")[0]
    return {"kind": one["kind"], "plural": plural, "singular": one["kind"].lower()}


def _version(one: Mapping[str, Any], version: str) -> dict[str, Any]:
    return {
        "name": version,
        "served": True,
        "storage": version == one["versions"][-1],
        "schema": {"openAPIV3Schema": _kept(one["group"], one["kind"], version)},
    }


def _kept(group: str, kind: str, version: str) -> Schema:
    """The kind's schema; open for a kind that the platform never makes."""
    if not schema_file(group, kind, version).exists():
        return OPEN
    made = structural(schema(group, kind, version))
    made["type"] = "object"
    return made


def structural(known: Mapping[str, Any]) -> Schema:
    """`known`, a JSON schema, as a structural one."""
    made: Schema = {key: _inside(key, value) for key, value in known.items()}
    if made.get("additionalProperties") is False:
        # Said by pruning: a strict client is told of every field that is not named.
        del made["additionalProperties"]
    kind = made.get("type")
    if isinstance(kind, list):
        made |= {"type": cast("list[str]", kind)[0], "nullable": True}
    return _number_or_text(made) if made.get("anyOf") == NUMBER_OR_TEXT else _typed(made)


def _inside(key: str, value: Any) -> Any:
    if key == "properties":
        return {name: structural(one) for name, one in value.items()}
    if key in ("items", "additionalProperties") and isinstance(value, Mapping):
        return structural(cast("Mapping[str, Any]", value))
    if key in JUNCTORS and value != NUMBER_OR_TEXT:
        return [_condition(one) for one in value]
    return _condition(value) if key == "not" else value


def _condition(known: Mapping[str, Any]) -> Schema:
    """A schema inside a junctor: what it requires, without what is said outside."""
    kept = {key: value for key, value in known.items() if key not in OUTSIDE_JUNCTORS}
    if "properties" in kept:
        kept["properties"] = {name: _condition(one) for name, one in kept["properties"].items()}
    for key in JUNCTORS:
        if key in kept:
            kept[key] = [_condition(one) for one in kept[key]]
    for key in ("items", "not"):
        if key in kept:
            kept[key] = _condition(kept[key])
    return kept


def _number_or_text(made: Schema) -> Schema:
    del made["anyOf"]
    made.pop("type", None)
    return made | {"x-kubernetes-int-or-string": True}


def _typed(made: Schema) -> Schema:
    """A structural schema names a type, or says that anything goes."""
    if "type" not in made and "x-kubernetes-int-or-string" not in made:
        made["x-kubernetes-preserve-unknown-fields"] = True
    return made
