"""A checkout and a cache in a temporary folder."""

from pathlib import Path

import pytest

from bootstrap.places import Places

LOCK = """\
pytest==9.2.0 \\
    --hash=sha256:aa
    # via mlops-platform (pyproject.toml)
uv==0.13.8 \\
    --hash=sha256:bb \\
    --hash=sha256:cc
    # via mlops-platform (pyproject.toml)
"""


@pytest.fixture
def places(tmp_path: Path) -> Places:
    root = tmp_path / "checkout"
    (root / ".venv" / "bin").mkdir(parents=True)
    (root / "requirements.lock").write_text(LOCK)
    (root / "pyproject.toml").write_text('[project]\nname = "p"\n')
    return Places(root=root, cache=tmp_path / "cache")


@pytest.fixture
def told() -> list[str]:
    """The lines that setup says while it works."""
    return []
