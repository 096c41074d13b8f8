"""The mirror of a stack file, laid over the plans."""

from __future__ import annotations

from collections.abc import Sequence

from components.services.image_mirror import ImageMirror, mirrored
from components.services.plan import ServicePlan
from infra import image_lock
from infra.mirror_settings import MirrorSettings


def redirected(
    plans: Sequence[ServicePlan], wanted: MirrorSettings, registry: str
) -> list[ServicePlan]:
    """`plans` with every image from the mirror; as they are where there is none.

    Raises PlanError for an image that the lock lacks.
    """
    if wanted.images is None:
        return list(plans)
    digests = image_lock.read(image_lock.ROOT / wanted.lock)
    return mirrored(plans, ImageMirror(prefix=wanted.images, digests=digests, own=registry))
