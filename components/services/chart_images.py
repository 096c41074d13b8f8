"""Images of a release: found where its chart's values name them, and set there."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, cast

from catalog.charts import Chart
from catalog.charts.contracts import image_defaults
from catalog.charts.images import IMAGES, SWEEPING, Place
from catalog.charts.learnt import contract
from components.services.image_reference import Reference, reference
from components.services.merging import merged
from components.services.order import PlanError
from components.services.plan import Release, Values


@dataclass(frozen=True, kw_only=True)
class ChartImage:
    """An image that a release runs, and where its values name it."""

    place: Place
    keys: Mapping[str, str]
    """Keys at the place with the chart's defaults; a text of its own stands under ``."""
    source: Reference


def chart_images(release: Release) -> Iterator[ChartImage]:
    """What `release` runs with its values.

    Raises PlanError for a chart that nobody mapped, and for values that sweep over its images.
    """
    chart = release.chart
    if chart.name not in IMAGES:
        raise PlanError(
            f"{chart.name}: nobody says which images it runs; add it to catalog/charts/images.py"
        )
    _no_sweeping(release)
    defaults = image_defaults(chart.name)
    for place in IMAGES[chart.name]:
        keys = _keys(defaults[place.at], _at(release.values, place.at))
        if _runs(place, release.values) and not (place.inherits and not keys.get("repository")):
            source = _source(chart, place, keys)
            yield ChartImage(place=place, keys=defaults[place.at], source=source)


def with_image(values: Values, chart: Chart, image: ChartImage, target: Reference) -> Values:
    """`values` with `target` at the image's place."""
    at = image.place.at
    if "" in image.keys:
        return merged(values, _under(at, str(target)))
    return merged(values, _under(at, dict(_set(image.keys, _tree(chart, at), target))))


def _no_sweeping(release: Release) -> None:
    chart = release.chart.name
    for path in SWEEPING.get(chart, ()):
        if _at(release.values, path):
            raise PlanError(
                f"services.values.{chart}.{path}: changes many images at once, and what runs then "
                "is not known here; leave it out, and name images at their own places"
            )


def _set(keys: Mapping[str, str], known: Mapping[str, Any], target: Reference) -> Iterator[Any]:
    """Keys as the chart has them: with a registry apart, an `image`, or a `repository`."""
    host, path = target.split
    if "image" in keys:
        yield "image", target.repository
    elif "registry" in known:
        yield from (("registry", host), ("repository", path))
    else:
        yield "repository", target.repository
    digest = next((key for key in ("digest", "sha") if key in known), None)
    if digest is None:
        # Charts put name and tag together with a colon: the digest rides along.
        yield "tag", f"{target.tag}@{target.digest}"
    else:
        yield from (("tag", target.tag), (digest, _digest(digest, target)))


def _digest(key: str, target: Reference) -> str:
    return target.digest.removeprefix("sha256:") if key == "sha" else target.digest


def _source(chart: Chart, place: Place, keys: Mapping[str, str]) -> Reference:
    if "" in keys:
        return _text(chart, place, keys[""])
    named = "/".join(part for part in (keys.get("registry"), keys.get("repository")) if part)
    found = reference(named or keys.get("image", "") or place.source)
    digest = keys.get("digest") or (f"sha256:{keys['sha']}" if keys.get("sha") else "")
    tag, _, riding = keys.get("tag", "").partition("@")
    return Reference(
        repository=found.repository,
        tag=tag or _tag(chart, place),
        digest=digest or riding or found.digest,
    )


def _text(chart: Chart, place: Place, text: str) -> Reference:
    found = reference(text if "/" in text else place.source)
    return found if found.tag or found.digest else reference(f"{found}:{_tag(chart, place)}")


def _tag(chart: Chart, place: Place) -> str:
    return place.tag.format_map({"app": chart.app_version, **contract(chart.name)["apps"]})


def _keys(defaults: Mapping[str, str], ours: Any) -> dict[str, str]:
    """The chart's defaults under what our values say."""
    if isinstance(ours, str):
        return {"": ours}
    said = cast("Mapping[str, Any]", ours or {})
    known = (*defaults, "registry", "digest")
    return dict(defaults) | {key: str(said[key]) for key in known if said.get(key)}


def _runs(place: Place, values: Values) -> bool:
    on = not place.when or bool(_at(values, place.when, default=place.on))
    return place.runs and on and not (place.unless and _at(values, place.unless))


def _at(values: Values, path: str, *, default: Any = None) -> Any:
    here: Any = values
    for key in path.split("."):
        if not isinstance(here, Mapping) or key not in here:
            return default
        here = cast("Mapping[str, Any]", here)[key]
    return here


def _tree(chart: Chart, path: str) -> Mapping[str, Any]:
    found = _at(contract(chart.name)["values"], path)
    return cast("Mapping[str, Any]", found) if isinstance(found, Mapping) else {}


def _under(path: str, value: Any) -> dict[str, Any]:
    for key in reversed(path.split(".")):
        value = {key: value}
    return value
