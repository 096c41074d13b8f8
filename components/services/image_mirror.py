"""Images from a site's own registry: every one that the plans name, pinned by the lock's digest.

A mirror keeps each image under the host of its maker, so that no two names meet:
`quay.io/a/b:1` becomes `<mirror>/quay.io/a/b:1@sha256:…`. The account's own registry is reached
as it is, and its images have digests already.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, cast

from catalog.charts import Chart
from catalog.charts.images import IMAGES
from components.services.chart_images import chart_images, with_image
from components.services.image_reference import Reference, reference
from components.services.order import PlanError
from components.services.plan import Object, Part, Release, ServicePlan

NAMED = 12
"""Images that a refusal names; the command lists the rest."""


@dataclass(frozen=True, kw_only=True)
class ImageMirror:
    """The site's registry, and what it holds."""

    prefix: str
    """Host and path under which every image is kept."""
    digests: Mapping[str, str]
    """Digest by the image's full name and tag."""
    own: str
    """Host of the account's registry, which is no mirror."""
    lock: str = "images.lock"
    """Name of the file that the digests are from."""

    def target(self, source: Reference) -> Reference:
        """Where `source` is kept; without a digest where nobody knows it."""
        digest = self.digests.get(source.undigested, "") or source.digest
        return replace(source, repository=f"{self.prefix}/{source.repository}", digest=digest)

    def holds(self, source: Reference) -> bool:
        """Whether `source` needs no redirect."""
        return source.repository.startswith((f"{self.prefix}/", f"{self.own}/"))


def images_of(plans: Sequence[ServicePlan]) -> list[Reference]:
    """Every image that `plans` run, each once, by name; with a digest where any of them has it."""
    found: dict[str, Reference] = {}
    for one in (image for plan in plans for image in _images(plan)):
        if one.digest or one.undigested not in found:
            found[one.undigested] = one
    return [one for _, one in sorted(found.items())]


def mirrored(plans: Sequence[ServicePlan], mirror: ImageMirror) -> list[ServicePlan]:
    """`plans` with every image from the mirror.

    Raises PlanError that names the images whose digest nobody knows.
    """
    unknown = [
        str(one) for one in images_of(plans)
        if not mirror.holds(one) and not mirror.target(one).digest
    ]  # fmt: skip
    if unknown:
        more = f" and {len(unknown) - NAMED} more" if len(unknown) > NAMED else ""
        raise PlanError(
            f"services.mirror.images: {mirror.lock} has no digest of "
            f"{', '.join(unknown[:NAMED])}{more}; copy them to {mirror.prefix} and write the "
            "lock: mlops images <stack> --write"
        )
    return [replace(plan, parts=[_part(part, mirror) for part in plan.parts]) for plan in plans]


def _images(plan: ServicePlan) -> Iterator[Reference]:
    for part in plan.parts:
        if isinstance(part, Release):
            yield from (one.source for one in chart_images(part))
            taken = _places(part.chart)
            yield from (reference(text) for text in _texts(part.values, taken))
        else:
            yield from (reference(text) for text in _texts(part.manifest))


def _part(part: Part, mirror: ImageMirror) -> Part:
    if isinstance(part, Object):
        return replace(part, manifest=_redirected(part.manifest, mirror))
    values = part.values
    for one in chart_images(part):
        if not mirror.holds(one.source):
            values = with_image(values, part.chart, one, mirror.target(one.source))
    return replace(part, values=_redirected(values, mirror, _places(part.chart)))


def _places(chart: Chart) -> frozenset[str]:
    """Paths of texts that belong to a place of the chart: found, and set, as such."""
    at = [place.at for place in IMAGES[chart.name]]
    return frozenset([*at, *(f"{path}.image" for path in at)])


def _texts(value: Any, taken: frozenset[str] = frozenset(), path: str = "") -> Iterator[str]:
    """Every `image` in `value`, such as those of containers that our values add to a chart's."""
    if isinstance(value, Mapping):
        for key, below in cast("Mapping[str, Any]", value).items():
            here = f"{path}.{key}" if path else key
            if not _names_an_image(key, below):
                yield from _texts(below, taken, here)
            elif here not in taken:
                yield below
    elif isinstance(value, list | tuple):
        for below in cast("Sequence[Any]", value):
            yield from _texts(below, taken, f"{path}[]")


def _redirected(
    value: Any, mirror: ImageMirror, taken: frozenset[str] = frozenset(), path: str = ""
) -> Any:
    if isinstance(value, Mapping):
        known = cast("Mapping[str, Any]", value)
        return {
            key: _entry(key, below, mirror, taken, f"{path}.{key}" if path else key)
            for key, below in known.items()
        }
    if isinstance(value, list | tuple):
        known_list = cast("Sequence[Any]", value)
        return [_redirected(below, mirror, taken, f"{path}[]") for below in known_list]
    return value


def _entry(key: str, value: Any, mirror: ImageMirror, taken: frozenset[str], path: str) -> Any:
    if not _names_an_image(key, value):
        return _redirected(value, mirror, taken, path)
    source = reference(value)
    return value if path in taken or mirror.holds(source) else str(mirror.target(source))


def _names_an_image(key: str, value: Any) -> bool:
    return key == "image" and isinstance(value, str) and bool(value)
