"""Versions are read from what tools print."""

import pytest

from bootstrap.versions import dotted, version_in


@pytest.mark.parametrize(
    ("text", "version"),
    [
        ("v3.259.0\n", (3, 259, 0)),
        ("uv 0.13.8 (x86_64-unknown-linux-gnu)", (0, 13, 8)),
        ("go1.26.8.0", (1, 26, 8)),
        ("go1.21.0", (1, 21, 0)),
        ("no number", None),
    ],
)
def test_a_version_is_found_in_what_a_tool_prints(
    text: str, version: tuple[int, int, int] | None
) -> None:
    assert version_in(text) == version


def test_versions_compare_by_number_not_by_letter() -> None:
    older, newer = version_in("3.99.0"), version_in("3.259.0")
    assert older is not None
    assert newer is not None
    assert older < newer
    assert dotted(newer) == "3.259.0"
