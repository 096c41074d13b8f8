"""Files of a server, made once."""

from __future__ import annotations

from collections.abc import Generator
from pathlib import Path

import pytest

from tests.drills.pair import made_template


@pytest.fixture(scope="session")
def template() -> Generator[Path]:
    """Files to copy; nothing runs on them."""
    with made_template() as data:
        yield data
