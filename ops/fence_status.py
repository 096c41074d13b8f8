"""`mlops fence status`: who may write, and whether anybody does."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

from infra import stack_file
from ops.clock import SystemClock
from ops.progress import progress
from ops.regions import platform_of
from ops.world.fence import Fence


def status(stack: str, project: Path) -> int:
    """Show the fence as the region of `stack` sees it; 1 where nobody writes."""
    from ops.live.aws import Aws
    from ops.live.fence_table import FenceTable

    settings, now = stack_file.read(stack, project), SystemClock().now()
    fence = FenceTable(Aws(settings.region), platform_of(settings)).current()
    tell = progress()
    for line in lines(fence, now):
        tell.said(line)
    return 0 if writes(fence, now) else 1


def lines(fence: Fence | None, now: float) -> list[str]:
    """The fence as an operator reads it. `now`: seconds since 1970."""
    if fence is None:
        return ["nobody holds the fence: no lease agent has run yet"]
    told = [f"held by {fence.holder}, epoch {fence.epoch}"]
    if now < fence.opens_at:
        wait = fence.opens_at - now
        told.append(f"closed for {wait:.0f} s more: the side before may still write")
    if fence.lease_until == 0:
        told.append("not renewed yet: its lease agents have not run since it was taken")
    elif fence.lease_until < now:
        ago = now - fence.lease_until
        told.append(f"lease over since {_moment(fence.lease_until)}, {ago:.0f} s ago: not renewed")
        told.append("its database refuses the writers' passwords meanwhile, right as they are")
    else:
        told.append(f"lease until {_moment(fence.lease_until)}, {fence.lease_until - now:.0f} s")
    return told


def writes(fence: Fence | None, now: float) -> bool:
    """Whether the holder writes now."""
    return fence is not None and fence.opens_at <= now < fence.lease_until


def _moment(seconds: float) -> str:
    return f"{datetime.fromtimestamp(seconds, UTC):%Y-%m-%d %H:%M:%S} UTC"
