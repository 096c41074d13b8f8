"""The allow-list of licences, on the words that packages use."""

import pytest

from upkeep.licences import is_allowed, refused_licences


@pytest.mark.parametrize(
    "licence",
    [
        "MIT",
        "Apache-2.0 OR BSD-3-Clause",
        "GPL-3.0-only OR MIT",
        "Apache-2.0 AND CNRI-Python",
        "Apache Software License; BSD License",
        "Mozilla Public License 2.0 (MPL 2.0)",
        "DFSG approved; MIT License",
    ],
)
def test_an_allowed_licence_passes(licence: str) -> None:
    assert is_allowed(licence)


@pytest.mark.parametrize(
    "licence", ["GPL-3.0-only", "MIT AND GPL-3.0-only", "UNKNOWN", "BUSL-1.1", ""]
)
def test_any_other_does_not(licence: str) -> None:
    assert not is_allowed(licence)


def test_the_package_is_named() -> None:
    found = {"good": "MIT", "bad": "AGPL-3.0-only"}
    assert list(refused_licences(found)) == [
        "bad: AGPL-3.0-only is not on the list of allowed licences"
    ]


def test_a_licence_that_was_argued_for_is_one_packages_alone() -> None:
    found = {"psycopg": "LGPL-3.0-only", "another": "LGPL-3.0-only"}
    assert list(refused_licences(found)) == [
        "another: LGPL-3.0-only is not on the list of allowed licences"
    ]
