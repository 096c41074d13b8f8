"""Images from a site's own registry: every one that the plans name, pinned by the lock's digest.

A mirror keeps each image under the host of its maker, so that no two names meet:
`quay.io/a/b:1` becomes `<mirror>/quay.io/a/b:1@sha256:…`. The account's own registry is reached
as it is, and its images have digests already.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, cast

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

    def target(self, source: Reference) -> Reference:
        """Where `source` is kept; without a digest where the lock has none."""
        digest = self.digests.get(source.undigested, "") or source.digest
        return replace(source, repository=f"{self.prefix}/{source.repository}", digest=digest)

    def holds(self, source: Reference) -> bool:
        """Whether `source` needs no redirect."""
        return source.repository.startswith((f"{self.prefix}/", f"{self.own}/"))


def images_of(plans: Sequence[ServicePlan]) -> list[Reference]:
    """Every image that `plans` run, each once, by name; of two pins of one name, the digest's."""
    found = sorted({str(one): one for plan in plans for one in _images(plan)}.items())
    return [one for _, one in found]


def mirrored(plans: Sequence[ServicePlan], mirror: ImageMirror) -> list[ServicePlan]:
    """`plans` with every image from the mirror.

    Raises PlanError that names the images for which the lock has no digest.
    """
    unknown = [
        str(one) for one in images_of(plans)
        if not mirror.holds(one) and not mirror.target(one).digest
    ]  # fmt: skip
    if unknown:
        more = f" and {len(unknown) - NAMED} more" if len(unknown) > NAMED else ""
        raise PlanError(
            "services.mirror.images: the lock has no digest of "
            f"{', '.join(unknown[:NAMED])}{more}; copy them to {mirror.prefix} and write the "
            "lock: mlops images --help"
        )
    return [replace(plan, parts=[_part(part, mirror) for part in plan.parts]) for plan in plans]


def _images(plan: ServicePlan) -> Iterator[Reference]:
    for part in plan.parts:
        if isinstance(part, Release):
            yield from (one.source for one in chart_images(part))
            yield from (reference(text) for text in _loose(part))
        else:
            yield from (reference(text) for text in _texts(part.manifest))


def _loose(release: Release) -> Iterator[str]:
    """Images in containers that our values add to a release."""
    for _, value in _lists(release.values):
        yield from _texts(value)


def _part(part: Part, mirror: ImageMirror) -> Part:
    if isinstance(part, Object):
        return replace(part, manifest=_redirected(part.manifest, mirror))
    values = part.values
    for one in chart_images(part):
        if not mirror.holds(one.source):
            values = with_image(values, part.chart, one, mirror.target(one.source))
    return replace(part, values=_lists_redirected(values, mirror))


def _lists(value: Any) -> Iterator[tuple[str, Any]]:
    if isinstance(value, Mapping):
        for key, below in cast("Mapping[str, Any]", value).items():
            if isinstance(below, list | tuple):
                yield key, below
            else:
                yield from _lists(below)


def _lists_redirected(value: Any, mirror: ImageMirror) -> Any:
    if isinstance(value, Mapping):
        known = cast("Mapping[str, Any]", value)
        return {key: _lists_redirected(below, mirror) for key, below in known.items()}
    return _redirected(value, mirror) if isinstance(value, list | tuple) else value


def _texts(value: Any) -> Iterator[str]:
    """Every `image` in `value`."""
    if isinstance(value, Mapping):
        for key, below in cast("Mapping[str, Any]", value).items():
            if key == "image" and isinstance(below, str):
                yield below
            else:
                yield from _texts(below)
    elif isinstance(value, list | tuple):
        for below in cast("Sequence[Any]", value):
            yield from _texts(below)


def _redirected(value: Any, mirror: ImageMirror) -> Any:
    if isinstance(value, Mapping):
        known = cast("Mapping[str, Any]", value)
        return {
            key: _text(below, mirror)
            if key == "image" and isinstance(below, str)
            else _redirected(below, mirror)
            for key, below in known.items()
        }
    if isinstance(value, list | tuple):
        return [_redirected(below, mirror) for below in cast("Sequence[Any]", value)]
    return value


def _text(text: str, mirror: ImageMirror) -> str:
    source = reference(text)
    return text if mirror.holds(source) else str(mirror.target(source))
