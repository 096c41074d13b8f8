"""The mirror of a stack file, laid over the plans."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from components.services.image_mirror import ImageMirror, mirrored
from components.services.plan import ServicePlan
from infra import image_lock
from infra.mirror_settings import MirrorSettings


def redirected(
    plans: Sequence[ServicePlan],
    wanted: MirrorSettings,
    registry: str,
    root: Path = image_lock.ROOT,
) -> list[ServicePlan]:
    """`plans` with every image from the mirror; as they are where there is none.

    `registry` is the account's own; `root` holds the lock. Raises PlanError for an image that the
    lock lacks.
    """
    if wanted.images is None:
        return list(plans)
    return mirrored(plans, mirror_of(wanted, wanted.images, registry, root))


def mirror_of(wanted: MirrorSettings, default: str, registry: str, root: Path) -> ImageMirror:
    """The site's mirror, at `default` where the stack file names none, with the lock in `root`."""
    return ImageMirror(
        prefix=wanted.images or default,
        digests=image_lock.read(root / wanted.lock),
        own=registry,
        lock=wanted.lock,
    )
