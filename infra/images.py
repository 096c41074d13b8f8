"""`mlops images`: what a mirror has to hold, and the lock of its digests.

Without `--write` it only reads: a line `<source> <target>` for each image, for a copy by crane or
skopeo. With it, `crane` is asked for the digest of each image that the lock lacks.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Annotated

import typer

from components.services.image_mirror import ImageMirror, images_of
from components.services.image_reference import Reference
from components.services.order import PlanError
from infra import crane, image_lock, stack_file
from infra.services.areas import direct_plans
from infra.services.facts import sample_facts
from infra.services.ground import own_registry, private_cidrs
from infra.services.mirroring import mirror_of
from infra.settings import Settings, SettingsError
from infra.where import site_of

NO_MIRROR = "<mirror>"
"""Stands in targets where the stack file names no mirror."""


def command(root: Path, asks: crane.Asks) -> typer.Typer:
    """The command on the stack files of `root`; `asks` is only called to write."""
    app = typer.Typer(add_completion=False, pretty_exceptions_enable=False)

    @app.command()
    def images(  # pyright: ignore[reportUnusedFunction] - typer calls it
        stack: Annotated[
            str, typer.Argument(help="the stack whose images are listed")
        ] = "production",
        *,
        write: Annotated[
            bool, typer.Option("--write", help="ask crane for missing digests and write the lock")
        ] = False,
    ) -> None:
        """List every image that a stack runs: its maker's name, and its name in the mirror."""
        try:
            settings = stack_file.read(stack, root)
            said = written(settings, root, asks) if write else listed(settings, root)
        except (SettingsError, PlanError) as error:
            typer.echo(str(error), err=True)
            raise typer.Exit(1) from None
        typer.echo(said)

    return app


def listed(settings: Settings, root: Path) -> str:
    """A line for each image: source and target, both by digest where it is known."""
    sources, mirror = _needed(settings, root)
    lines = [f"{_pinned(one, mirror)} {mirror.target(one).undigested}" for one in sources]
    return "\n".join(lines)


def written(settings: Settings, root: Path, asks: crane.Asks) -> str:
    """What was done, once the lock has a digest for every image.

    Raises PlanError for images that nobody could tell of; the others are in the lock then.
    """
    path = root / settings.services.mirror.lock
    sources, mirror = _needed(settings, root)
    digests, unknown = locked(sources, mirror.digests, asks)
    # Other stacks may share the file: what is there stays.
    image_lock.write(path, {**mirror.digests, **digests})
    if unknown:
        raise PlanError(
            f"{path.name}: no digest of {len(unknown)} of {len(sources)} images, the others are "
            "written; install crane, sign in to the registry, or run this where it is "
            "reachable\n" + "\n".join(unknown)
        )
    return f"{path.name}: a digest for each of {len(sources)} images"


def locked(
    sources: Sequence[Reference], known: Mapping[str, str], asks: crane.Asks
) -> tuple[dict[str, str], list[str]]:
    """The digest by image, and a line for each image that nobody could tell of."""
    digests, unknown = dict[str, str](), list[str]()
    for one in sources:
        name = one.undigested
        try:
            digests[name] = known.get(name) or one.digest or asks(name)
        except crane.NoDigestError as error:
            unknown.append(f"{name}: {error}")
    return digests, unknown


def _needed(settings: Settings, root: Path) -> tuple[list[Reference], ImageMirror]:
    """Images that a mirror of this stack has to hold, and the mirror."""
    site = site_of(settings)
    facts = sample_facts(
        site, settings.network.cidr, private_cidrs(settings), own_registry(settings)
    )
    mirror = mirror_of(settings.services.mirror, NO_MIRROR, facts.registry, root)
    found = images_of(direct_plans(settings, site, facts))
    return [one for one in found if not mirror.holds(one)], mirror


def _pinned(source: Reference, mirror: ImageMirror) -> str:
    digest = mirror.target(source).digest
    return f"{source.repository}@{digest}" if digest else str(source)


if __name__ == "__main__":
    command(image_lock.ROOT, crane.digest)()
