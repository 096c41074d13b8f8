"""What a chart accepts as values: key paths and types, and its own schema where it has one.

The data is derived from the charts by `make charts`. Whatever is no plain value (an output
that is not known yet) fits everywhere.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from difflib import get_close_matches
from functools import cache
from typing import Any, TypeAlias, cast

from jsonschema import validators

from catalog.charts.chart import Chart
from catalog.charts.learnt import DATA, contract

Tree: TypeAlias = "str | dict[str, Tree]"
"""Known keys below a key, or the type of its value: `string`, `integer`, `number`, `boolean`,
`list`, `map` (any keys) or `any`."""

_KINDS: Mapping[str, tuple[type, ...]] = {
    "string": (str,),
    "integer": (int,),
    "number": (int, float),
    "boolean": (bool,),
    "list": (list, tuple),
    "map": (dict,),
}
_PLAIN = (str, int, float, bool, list, tuple, dict, type(None))


def image_defaults(name: str) -> Mapping[str, Mapping[str, str]]:
    """What the chart `name` has at each place of an image, by path."""
    return {one["at"]: one["keys"] for one in contract(name)["images"]}


def wrong_values(chart: Chart, values: Mapping[str, Any]) -> Iterator[str]:
    """What the chart does not take of `values`: `path: problem; what is expected`."""
    known = contract(chart.name)
    if known["version"].lstrip("v") != chart.version.lstrip("v"):
        yield (
            f"the contract is of {chart.name} {known['version']}, not {chart.version}; "
            "derive it anew with make charts"
        )
    found = list(_wrong(chart, "", values, known["values"]))
    yield from found
    if not found and "schema" in known:
        yield from _against_schema(known, values)


def _wrong(
    chart: Chart, path: str, values: Mapping[str, Any], tree: Mapping[str, Tree]
) -> Iterator[str]:
    for key, value in values.items():
        here = f"{path}.{key}" if path else key
        if key not in tree:
            unknown = f"the chart {chart.name} {chart.version} knows no such key"
            yield f"{here}: {unknown}{_near(key, tree)}"
        elif value is not None and isinstance(value, _PLAIN):
            yield from _wrong_value(chart, here, value, tree[key])


def _wrong_value(chart: Chart, path: str, value: Any, tree: Tree) -> Iterator[str]:
    if isinstance(tree, dict):
        if isinstance(value, dict):
            yield from _wrong(chart, path, cast("dict[str, Any]", value), tree)
        else:
            yield f"{path}: expected a map of {', '.join(sorted(tree)[:5])}…, not {value!r}"
    elif tree != "any" and not _fits(value, tree):
        yield f"{path}: expected {tree}, not {value!r}"


def _fits(value: Any, kind: str) -> bool:
    if isinstance(value, bool):
        return kind == "boolean"
    # Quantities and ports stand either way in charts: 100 and "100m", 80 and "http".
    kinds = _KINDS[kind] + ((int, float) if kind == "string" else ())
    return isinstance(value, kinds)


def _near(key: str, tree: Mapping[str, Tree]) -> str:
    near = get_close_matches(key, tree, n=1)
    return (
        f"; did you mean {near[0]}?"
        if near
        else f", expected one of {', '.join(sorted(tree)[:8])}…"
    )


def _against_schema(known: Mapping[str, Any], values: Mapping[str, Any]) -> Iterator[str]:
    """Helm merges the values over the chart's defaults before it validates them."""
    document = _merged(known["defaults"], values)
    for error in _validator(known["chart"]).iter_errors(document):
        path = ".".join(map(str, error.absolute_path)) or "(values)"
        yield f"{path}: {error.message[:300]}"


@cache
def _validator(name: str) -> Any:
    schema = next(one for one in _contracts() if one["chart"] == name)["schema"]
    judge: Any = validators.validator_for(schema)
    return judge(schema)


def _contracts() -> Iterator[Mapping[str, Any]]:
    for path in sorted(DATA.glob("*.json")):
        yield contract(path.stem)


def _merged(defaults: Any, values: Any) -> Any:
    """Values over defaults; a leaf that is not known yet leaves the default, and null removes."""
    if not isinstance(values, _PLAIN):
        return defaults
    if isinstance(defaults, dict) and isinstance(values, dict):
        return _laid_over(cast("dict[str, Any]", defaults), cast("dict[str, Any]", values))
    if isinstance(values, dict):
        return {k: _merged(None, v) for k, v in cast("dict[str, Any]", values).items()}
    if isinstance(values, list | tuple):
        return [_merged("", one) for one in cast("list[Any]", values)]
    return values


def _laid_over(below: Mapping[str, Any], above: Mapping[str, Any]) -> dict[str, Any]:
    merged = {key: _merged(below.get(key), value) for key, value in above.items()}
    return {
        key: value
        for key, value in {**below, **merged}.items()
        if key not in above or above[key] is not None
    }
