"""Rules of a stack file about addresses, zones, the ways in and the other region."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from ipaddress import IPv4Network
from typing import TYPE_CHECKING

from catalog.regions import STRONG_TABLES, ZONES
from infra.fields import PRIVATE_RANGES
from infra.network_settings import Entrance
from infra.problems import Problem, judged, unexpected

if TYPE_CHECKING:
    from infra.settings import Settings


def repeated(path: str, values: Sequence[str], what: str) -> Iterator[Problem]:
    """A problem for each of `values` that stands in the list more than once."""
    for value, count in Counter(values).items():
        if count > 1:
            yield unexpected(path, f"each {what} once", value)


def _zones_of_the_region(settings: Settings) -> Iterator[Problem]:
    known = ZONES[settings.region]
    for place, zone in enumerate(settings.network.zones):
        if zone not in known:
            expected = f"a zone of {settings.region}: {', '.join(known)}"
            yield unexpected(f"network.zones[{place}]", expected, zone)


def _zones_once(settings: Settings) -> Iterator[Problem]:
    yield from repeated("network.zones", settings.network.zones, "zone")


def _endpoints_once(settings: Settings) -> Iterator[Problem]:
    services = settings.network.interface_endpoints
    yield from repeated("network.interface_endpoints", services, "service")


def _adopted_network(settings: Settings) -> Iterator[Problem]:
    network = settings.network
    if network.ownership == "adopt" and network.adopted is None:
        expected = 'the IDs of the network, because ownership is "adopt"'
        yield unexpected("network.adopted", expected, None)
    if network.ownership != "adopt" and network.adopted is not None:
        expected = 'nothing, because ownership is not "adopt"'
        yield unexpected("network.adopted", expected, {})


def _adopted_subnets(settings: Settings) -> Iterator[Problem]:
    adopted, zones = settings.network.adopted, settings.network.zones
    if adopted is None:
        return
    tiers = {
        "public_subnet_ids": adopted.public_subnet_ids,
        "private_subnet_ids": adopted.private_subnet_ids,
        "database_subnet_ids": adopted.database_subnet_ids,
    }
    for tier, ids in tiers.items():
        if len(ids) != len(zones):
            expected = f"one subnet for each of the {len(zones)} zones"
            yield unexpected(f"network.adopted.{tier}", expected, ids)
    everything = [each for ids in tiers.values() for each in ids]
    yield from repeated("network.adopted", everything, "subnet")


def _blocks_apart(settings: Settings) -> Iterator[Problem]:
    yield from _apart(
        "cluster.service_cidr",
        settings.cluster.service_cidr,
        "network.cidr",
        settings.network.cidr,
    )


def _peer_apart(settings: Settings) -> Iterator[Problem]:
    if settings.peer is not None:
        mine, theirs = settings.network.cidr, settings.peer.cidr
        yield from _apart("peer.cidr", theirs, "network.cidr", mine)


def _peer_apart_from_services(settings: Settings) -> Iterator[Problem]:
    if settings.peer is not None:
        mine, theirs = settings.cluster.service_cidr, settings.peer.cidr
        yield from _apart("peer.cidr", theirs, "cluster.service_cidr", mine)


def _apart(path: str, block: str, other: str, taken: str) -> Iterator[Problem]:
    if IPv4Network(block).overlaps(IPv4Network(taken)):
        yield unexpected(path, f"a block that does not overlap {other} ({taken})", block)


def _peer_region(settings: Settings) -> Iterator[Problem]:
    if settings.peer is not None and settings.peer.region == settings.region:
        expected = f"another region than the stack's own ({settings.region})"
        yield unexpected("peer.region", expected, settings.peer.region)


def _peer_prefix(settings: Settings) -> Iterator[Problem]:
    if settings.peer is not None and settings.peer.prefix == settings.prefix:
        expected = f"another prefix than the stack's own ({settings.prefix}): names would collide"
        yield unexpected("peer.prefix", expected, settings.peer.prefix)


def _peer_environment(settings: Settings) -> Iterator[Problem]:
    if settings.peer is not None and settings.peer.environment == settings.environment:
        expected = f"another environment than the stack's own ({settings.environment})"
        yield unexpected("peer.environment", expected, settings.peer.environment)


def _replica_has_a_source(settings: Settings) -> Iterator[Problem]:
    if settings.role == "standby" and settings.source_stack is None:
        expected = 'the primary\'s stack, because role is "standby"'
        yield unexpected("source_stack", expected, None)
    creates_zone = settings.dns.hosted_zone.ownership == "create"
    if settings.role == "primary" and settings.source_stack is not None and creates_zone:
        expected = "nothing, because the zone is this stack's: it stands in for no other"
        yield unexpected("source_stack", expected, settings.source_stack)


def _replica_has_a_peer(settings: Settings) -> Iterator[Problem]:
    if settings.source_stack is not None and settings.peer is None:
        yield unexpected("peer", "the primary's names, because source_stack is given", None)


def _a_witness(settings: Settings) -> Iterator[Problem]:
    witness, peer = settings.recovery.witness_region, settings.peer
    path = "recovery.witness_region"
    if settings.source_stack is not None or peer is None:
        if witness is not None:
            yield unexpected(path, "nothing: only a primary with a peer has a fence", witness)
        return
    ends = {settings.region, peer.region}
    together = next((known for known in STRONG_TABLES if ends <= known), frozenset[str]())
    if witness not in together - ends:
        thirds = ", ".join(sorted(together - ends)) or "no region: these two share no set"
        expected = f"a region with which DynamoDB keeps {' and '.join(sorted(ends))} consistent"
        yield unexpected(path, f"{expected} ({thirds})", witness)


def _named_blocks(settings: Settings) -> Iterator[Problem]:
    mode, cidrs = settings.reachability.mode, settings.reachability.cidrs
    if mode == "public" and not cidrs:
        expected = 'at least one block, because mode is "public"'
        yield unexpected("reachability.cidrs", expected, cidrs)
    if mode != "public" and cidrs:
        expected = f'no block, because mode is "{mode}"'
        yield unexpected("reachability.cidrs", expected, cidrs)


def _internal_entrances(settings: Settings) -> Iterator[Problem]:
    entrances = {"consoles": settings.edge.consoles, "models": settings.edge.models}
    for name, entrance in entrances.items():
        yield from judged(_inside(f"edge.{name}.client_cidrs", entrance))


def _inside(path: str, entrance: Entrance) -> Iterator[Problem]:
    for place, block in enumerate(entrance.client_cidrs):
        private = any(IPv4Network(block).subnet_of(known) for known in PRIVATE_RANGES)
        if entrance.internal and not private:
            yield unexpected(f"{path}[{place}]", "a private block, because internal is true", block)


NETWORK_RULES = (
    _zones_of_the_region,
    _zones_once,
    _endpoints_once,
    _adopted_network,
    _adopted_subnets,
    _blocks_apart,
    _peer_apart,
    _peer_apart_from_services,
    _peer_region,
    _peer_prefix,
    _peer_environment,
    _replica_has_a_source,
    _replica_has_a_peer,
    _a_witness,
    _named_blocks,
    _internal_entrances,
)
