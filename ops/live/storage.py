"""Objects of one region of the real world, for runbooks that need nothing else."""

from __future__ import annotations

from collections.abc import Callable

from ops.clock import SystemClock
from ops.executor import Hands
from ops.live.aws import Aws
from ops.live.buckets import Buckets
from ops.progress import Progress
from ops.world.storage import StorageReads, StorageWorld


def storage_hands(
    aws: Aws, progress: Progress, confirm: Callable[[str], bool]
) -> Hands[StorageReads, StorageWorld]:
    """What a run over the buckets of a region works with."""
    objects = Buckets(aws)
    return Hands(
        reads=StorageReads(account=aws.account(), objects=objects),
        world=StorageWorld(objects=objects),
        clock=SystemClock(),
        progress=progress,
        confirm=confirm,
    )
