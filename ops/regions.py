"""A stack by its name: its settings, its outputs, and its region of the real world."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from infra import stack_file
from infra.outputs import Outputs
from infra.settings import Settings
from ops.executor import Hands
from ops.progress import progress
from ops.run import Options
from ops.step import Target
from ops.world.site import SiteReads, SiteWorld

if TYPE_CHECKING:
    from ops.live.site import Parts


@dataclass(frozen=True, kw_only=True)
class Region:
    """One stack and what it built."""

    settings: Settings
    outputs: Outputs
    target: Target
    parts: Parts

    def hands(self, options: Options) -> Hands[SiteReads, SiteWorld]:
        """What an operator's run works with."""
        return Hands(
            reads=self.parts.reads(),
            world=self.parts.world(),
            clock=self.parts.clock,
            progress=progress(),
            confirm=options.confirm,
        )


def platform_of(settings: Settings) -> str:
    """Prefix of the production stack of the platform that a stack belongs to."""
    if settings.source_stack is not None and settings.peer is not None:
        return settings.peer.prefix
    return settings.prefix


def target_of(stack: str, settings: Settings) -> Target:
    """The journals' address of runbooks on `stack`."""
    return Target(
        stack=stack,
        account_id=settings.account_id,
        region=settings.region,
        platform=platform_of(settings),
        holder=settings.region,
    )


def region(
    stack: str, project: Path, saved: Path | None = None, lost_region: str | None = None
) -> Region:
    """The region of `stack`; `saved` are outputs in a file, instead of the state's. With
    `lost_region` no call reaches that region.

    Raises SettingsError, OutputsError or Refused.
    """
    from ops.live.engine import Engine, saved_outputs
    from ops.live.site import parts

    settings = stack_file.read(stack, project)
    engine = Engine(stack, project)
    outputs = saved_outputs(saved) if saved else engine.outputs()
    return Region(
        settings=settings,
        outputs=outputs,
        target=target_of(stack, settings),
        parts=parts(settings, outputs, engine, platform_of(settings), lost_region),
    )
