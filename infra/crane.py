"""Digests of images, asked of their registries by `crane`."""

from __future__ import annotations

import subprocess
from collections.abc import Callable
from typing import TypeAlias

from infra.image_lock import DIGEST

SECONDS = 60
"""Until an answer is given up."""


class NoDigestError(LookupError):
    """Nobody told an image's digest; says why."""


Asks: TypeAlias = Callable[[str], str]
"""Gives the digest of an image, or raises NoDigestError."""


def digest(image: str) -> str:
    """The digest of `image`, that of the whole list where it is made for several platforms.

    Raises NoDigestError where crane is missing, fails or answers anything else.
    """
    try:
        asked = subprocess.run(
            ["crane", "digest", image],
            check=False,
            capture_output=True,
            text=True,
            timeout=SECONDS,
        )
    except FileNotFoundError:
        raise NoDigestError("crane is not on PATH") from None
    except subprocess.TimeoutExpired:
        raise NoDigestError(f"no answer within {SECONDS} s") from None
    said = asked.stdout.strip()
    if asked.returncode:
        raise NoDigestError(_last_line(asked.stderr) or f"crane ended with {asked.returncode}")
    if not DIGEST.fullmatch(said):
        raise NoDigestError(f"crane said {said[:80]!r}, expected sha256:<64 digits>")
    return said


def _last_line(text: str) -> str:
    lines = text.strip().splitlines()
    return lines[-1][:300] if lines else ""
