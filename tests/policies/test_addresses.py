"""Blocks of addresses: how wide one is, and whether two of them meet."""

from __future__ import annotations

import pytest

from policies.addresses import block, blocks, holds, is_world, meet
from policies.properties import Malformed, Properties
from tests.policies.scene import PLAINTEXT, secret


@pytest.mark.parametrize(
    ("text", "world"),
    [
        ("0.0.0.0/0", True),
        ("128.0.0.0/1", True),
        ("8.0.0.0/7", True),
        ("8.0.0.0/8", False),
        ("10.0.0.0/8", False),
        ("::/0", True),
        ("2000::/3", True),
        ("2000::/15", True),
        ("2001::/16", False),
        ("fc00::/7", False),
        ("fd00::/8", False),
        ("f000::/4", True),
    ],
)
def test_the_world_is_what_is_wider_than_anybody_s_network(text: str, world: bool) -> None:
    assert is_world(block(text)) is world


def test_what_is_no_block_is_named_with_its_path() -> None:
    with pytest.raises(Malformed) as wrong:
        list(blocks(Properties({"cidrs": ["10.0.0.0/8", "everywhere"]}), "cidrs"))
    assert (wrong.value.path, wrong.value.found) == ("cidrs", '["10.0.0.0/8", "everywhere"]')


def test_a_secret_that_is_no_block_is_not_shown() -> None:
    with pytest.raises(Malformed) as wrong:
        list(blocks(Properties({"cidrs": [secret(PLAINTEXT)]}), "cidrs"))
    assert wrong.value.found == '["[secret]"]'


def test_an_address_within_a_block_names_the_block() -> None:
    assert str(block("10.0.0.1/16")) == "10.0.0.0/16"


def test_an_empty_text_is_no_block() -> None:
    assert list(blocks(Properties({"cidr": ""}), "cidr")) == []


def test_blocks_meet_within_a_version_only() -> None:
    wide, inner, apart = (block(text) for text in ("10.0.0.0/8", "10.1.0.0/16", "11.0.0.0/8"))
    assert meet(wide, inner)
    assert meet(inner, wide)
    assert not meet(wide, apart)
    assert not meet(block("0.0.0.0/0"), block("::/0"))


def test_a_block_holds_itself_and_what_is_inside() -> None:
    wide, inner, apart = (block(text) for text in ("10.0.0.0/8", "10.1.0.0/16", "11.0.0.0/8"))
    assert holds(wide, wide)
    assert holds(wide, inner)
    assert not holds(inner, wide)
    assert not holds(wide, apart)
