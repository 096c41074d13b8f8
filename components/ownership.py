"""Who owns a thing that an organisation may already have: this stack, somebody else, nobody."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Mode = Literal["create", "adopt", "off"]


@dataclass(frozen=True, kw_only=True)
class Ownership:
    """`create`: this stack makes and removes it. `adopt`: it is there, and is only read.
    `off`: it is not used at all. Raises ValueError where an adopted thing is not named."""

    mode: Mode = "create"
    existing: str | None = None
    """Identifier by which AWS knows the adopted thing; each component says which."""

    def __post_init__(self) -> None:
        """To adopt something, it must be named, and only then."""
        if (self.mode == "adopt") != bool(self.existing):
            raise ValueError(
                f"ownership {self.mode!r} with existing {self.existing!r}: an identifier is "
                "expected for 'adopt', and for nothing else"
            )

    @property
    def creates(self) -> bool:
        return self.mode == "create"

    @property
    def adopted(self) -> str | None:
        """Identifier of the adopted thing, or None where nothing is adopted."""
        return self.existing


CREATE = Ownership()
OFF = Ownership(mode="off")
