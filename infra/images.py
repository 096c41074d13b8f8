"""`mlops images`: what a mirror has to hold, and the lock of its digests.

Without `--write` it only reads: a line `<source> <target>` for each image, for a copy by crane or
skopeo. With it, `crane` is asked for the digest of each image that the lock lacks.
"""

from __future__ import annotations

import subprocess
from collections.abc import Callable, Mapping, Sequence
from typing import Annotated, TypeAlias

import typer

from components.services.image_mirror import ImageMirror, images_of
from components.services.image_reference import Reference
from components.services.order import PlanError
from infra import image_lock, stack_file
from infra.services.areas import direct_plans
from infra.services.facts import sample_facts
from infra.services.ground import private_cidrs
from infra.settings import Settings, SettingsError
from infra.where import site_of

Asks: TypeAlias = Callable[[str], str]
"""Gives the digest of an image, or raises OSError or CalledProcessError."""

NO_MIRROR = "<mirror>"
"""Stands in targets where the stack file names no mirror."""

app = typer.Typer(add_completion=False, pretty_exceptions_enable=False)


@app.command()
def images(
    stack: Annotated[str, typer.Argument(help="the stack whose images are listed")] = "production",
    *,
    write: Annotated[
        bool, typer.Option("--write", help="ask crane for missing digests and write the lock")
    ] = False,
) -> None:
    """List every image that a stack runs: its maker's name, and its name in the mirror."""
    try:
        settings = stack_file.read(stack, image_lock.ROOT)
        _write(settings) if write else _show(settings)
    except (SettingsError, PlanError) as error:
        typer.echo(str(error), err=True)
        raise typer.Exit(1) from None


def needed(settings: Settings) -> list[Reference]:
    """Images that a mirror of this stack has to hold; the account's own are not among them."""
    site = site_of(settings)
    facts = sample_facts(site, settings.network.cidr, private_cidrs(settings))
    found = images_of(direct_plans(settings, site, facts))
    return [one for one in found if not one.repository.startswith(f"{facts.registry}/")]


def listing(sources: Sequence[Reference], mirror: ImageMirror) -> list[str]:
    """A line for each image: source and target, both by digest where it is known."""
    return [f"{_pinned(one, mirror)} {mirror.target(one).undigested}" for one in sources]


def locked(
    sources: Sequence[Reference], known: Mapping[str, str], asks: Asks
) -> tuple[dict[str, str], list[str]]:
    """The lock with a digest for each image, and the images that nobody could tell of."""
    digests, unknown = dict[str, str](), list[str]()
    for one in sources:
        try:
            digests[one.undigested] = (
                known.get(one.undigested) or one.digest or asks(one.undigested)
            )
        except (OSError, subprocess.SubprocessError) as error:
            unknown.append(f"{one.undigested}: {error}")
    return digests, unknown


def _show(settings: Settings) -> None:
    for line in listing(needed(settings), _mirror(settings)):
        typer.echo(line)


def _write(settings: Settings) -> None:
    path = image_lock.ROOT / settings.services.mirror.lock
    known = image_lock.read(path)
    digests, unknown = locked(needed(settings), known, _crane)
    # Other stacks may share the file: what is there stays.
    path.write_text(image_lock.text({**known, **digests}), encoding="utf-8")
    typer.echo(f"{path.name}: {len(digests)} images of this stack have a digest")
    if unknown:
        raise PlanError("no digest, is crane on PATH and the registry reachable?\n" + "\n".join(
            unknown
        ))  # fmt: skip


def _mirror(settings: Settings) -> ImageMirror:
    wanted = settings.services.mirror
    digests = image_lock.read(image_lock.ROOT / wanted.lock)
    return ImageMirror(prefix=wanted.images or NO_MIRROR, digests=digests, own="")


def _pinned(source: Reference, mirror: ImageMirror) -> str:
    digest = mirror.target(source).digest
    return f"{source.repository}@{digest}" if digest else str(source)


def _crane(image: str) -> str:
    asked = subprocess.run(
        ["crane", "digest", image], check=True, capture_output=True, text=True, timeout=60
    )
    return asked.stdout.strip()


if __name__ == "__main__":
    app()
