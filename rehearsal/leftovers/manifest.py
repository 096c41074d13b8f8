"""What a teardown may leave, by stack: declared in a file that people review, and compared
with what the account really holds."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from importlib import resources

from rehearsal.leftovers.inventory import Item


@dataclass(frozen=True)
class Comparison:
    """Leftovers against the manifest; both empty when they agree."""

    undeclared: tuple[str, ...]
    """In the account, but not in the manifest: somebody would pay for it."""
    absent: tuple[str, ...]
    """In the manifest, but not in the account: data that should have been kept."""

    @property
    def agrees(self) -> bool:
        return not self.undeclared and not self.absent

    def __str__(self) -> str:
        told = [f"undeclared: {one}" for one in self.undeclared]
        told += [f"absent: {one}" for one in self.absent]
        return "; ".join(told) or "as declared"


def declared(stack: str) -> tuple[str, ...]:
    """The lines of a stack's manifest. Raises FileNotFoundError when it has none."""
    text = (resources.files("rehearsal.leftovers") / f"{stack}.txt").read_text()
    lines = (line.strip() for line in text.splitlines())
    return tuple(line for line in lines if line and not line.startswith("#"))


def compare(before: Iterable[Item], after: Iterable[Item], manifest: Iterable[str]) -> Comparison:
    """What is there `after` a teardown and was not `before` the first deployment."""
    left = set(remaining(before, after))
    wanted = set(manifest)
    return Comparison(tuple(sorted(left - wanted)), tuple(sorted(wanted - left)))


def remaining(before: Iterable[Item], after: Iterable[Item]) -> tuple[str, ...]:
    """What is there `after` and was not `before`, as manifest lines."""
    return tuple(sorted(str(item) for item in set(after) - set(before)))
