"""Blocks of addresses in CIDR notation: how wide one is, and whether two of them meet."""

from __future__ import annotations

from collections.abc import Iterator
from ipaddress import IPv4Network, IPv6Network, ip_network
from typing import TypeAlias

from policies.properties import Malformed, Properties

Block: TypeAlias = IPv4Network | IPv6Network

NARROWEST_WORLD = {4: 7, 6: 15}
"""Bits of the narrowest block that counts as the world. Nobody was ever given more than a /8 of
IPv4 or a /16 of IPv6, so that `0.0.0.0/1` beside `128.0.0.0/1` is the world as well."""
UNIQUE_LOCAL = IPv6Network("fc00::/7")
"""Private addresses of IPv6, wider than a block of the internet may be. Source: RFC 4193."""


def blocks(of: Properties, key: str) -> Iterator[Block]:
    """Blocks in a text or a list of texts. Raises Malformed for what is none."""
    for text in of.texts(key):
        if text:
            try:
                yield block(text)
            except ValueError:
                raise Malformed(of.at(key), of.shown(key), "a block in CIDR notation") from None


def block(text: str) -> Block:
    """The block that an address with a prefix is in. Raises ValueError."""
    return ip_network(text, strict=False)


def is_world(one: Block) -> bool:
    """Whether the block holds the internet, or so much of it that it is nobody's network."""
    if isinstance(one, IPv6Network) and one.subnet_of(UNIQUE_LOCAL):
        return False
    return one.prefixlen <= NARROWEST_WORLD[one.version]


def meet(one: Block, other: Block) -> bool:
    """Whether an address is in both blocks; never across versions."""
    return one.version == other.version and one.overlaps(other)


def holds(one: Block, other: Block) -> bool:
    """Whether `one` has all addresses of `other`."""
    return meet(one, other) and one.prefixlen <= other.prefixlen
