"""Where a subnet routes: its tables, by association or as its network's main one, and whether
one of them leads to an internet gateway."""

from __future__ import annotations

from collections.abc import Iterator

from policies.properties import Properties
from policies.subject import Stack, Subject, family

VPC = "aws:ec2/vpc:Vpc"
SUBNET = "aws:ec2/subnet:Subnet"
GATEWAY = "aws:ec2/internetGateway:InternetGateway"
TABLE = "aws:ec2/routeTable:RouteTable"
DEFAULT_TABLE = "aws:ec2/defaultRouteTable:DefaultRouteTable"
ASSOCIATION = "aws:ec2/routeTableAssociation:RouteTableAssociation"
MAIN_ASSOCIATION = "aws:ec2/mainRouteTableAssociation:MainRouteTableAssociation"
ROUTE = "aws:ec2/route:Route"
ID_OF_GATEWAY = "igw-"


def ways_to_internet(subnet: Subject, stack: Stack) -> Iterator[Subject]:
    """Routes, and tables with inline routes, by which the subnet's addresses are public."""
    for table in _tables(subnet, stack):
        if _inline_to_gateway(table, stack):
            yield table
        for route in stack.referring(table, "routeTableId", ROUTE):
            if _to_gateway(route, route.properties, "gatewayId", stack):
                yield route


def _tables(subnet: Subject, stack: Stack) -> Iterator[Subject]:
    own = list(stack.referring(subnet, "subnetId", ASSOCIATION))
    for association in own:
        yield from stack.referred(association, "routeTableId", TABLE, DEFAULT_TABLE)
    if not own:
        for network in stack.referred(subnet, "vpcId", VPC):
            yield from _main_tables(network, stack)


def _main_tables(network: Subject, stack: Stack) -> Iterator[Subject]:
    yield from stack.referring(network, "defaultRouteTableId", DEFAULT_TABLE)
    for association in stack.referring(network, "vpcId", MAIN_ASSOCIATION):
        yield from stack.referred(association, "routeTableId", TABLE, DEFAULT_TABLE)


def _inline_to_gateway(table: Subject, stack: Stack) -> bool:
    return family(table.type) in (TABLE, DEFAULT_TABLE) and any(
        _to_gateway(table, route, "routes", stack) for route in table.properties.each("routes")
    )


def _to_gateway(one: Subject, route: Properties, key: str, stack: Stack) -> bool:
    """Whether the route's gateway is one to the internet: `local` and virtual private ones are
    not. Before `up` the gateway is known only by what flows into `key`."""
    if not route.has("gatewayId"):
        return False
    if route.knows("gatewayId"):
        return route.text("gatewayId").startswith(ID_OF_GATEWAY)
    return any(stack.referred(one, key, GATEWAY))
