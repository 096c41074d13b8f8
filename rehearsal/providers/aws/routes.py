"""Route tables, their routes and what they are associated with."""

from __future__ import annotations

import zlib
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, ClassVar

from rehearsal.providers.aws import tags
from rehearsal.providers.aws.lookup import filters, gone_is_none
from rehearsal.providers.aws.resource import Aws, Created, Resource
from rehearsal.providers.aws.shapes import reported, request, settled
from rehearsal.providers.plugin import PluginError
from rehearsal.providers.wire import Props, Value

_INLINE = {
    "cidrBlock": "destinationCidrBlock",
    "ipv6CidrBlock": "destinationIpv6CidrBlock",
    "destinationPrefixListId": "destinationPrefixListId",
}
"""Destinations as a route table's inline routes spell them, and as a `Route` does."""
_TARGETS = {
    "gatewayId": "GatewayId",
    "natGatewayId": "NatGatewayId",
    "networkInterfaceId": "NetworkInterfaceId",
    "transitGatewayId": "TransitGatewayId",
    "vpcEndpointId": "VpcEndpointId",
    "vpcPeeringConnectionId": "VpcPeeringConnectionId",
    "egressOnlyGatewayId": "EgressOnlyInternetGatewayId",
}
_RENAME = {"egressOnlyGatewayId": "EgressOnlyInternetGatewayId"}
_DESTINATIONS = tuple(_INLINE.values())


class RouteTable(Resource):
    """Routes are only looked at when they are given inline: else they belong to `Route`s."""

    token: ClassVar[str] = "aws:ec2/routeTable:RouteTable"
    inputs: ClassVar[frozenset[str]] = frozenset({"vpcId", "routes", "tags"})
    required: ClassVar[frozenset[str]] = frozenset({"vpcId"})
    replaces: ClassVar[frozenset[str]] = frozenset({"vpcId"})

    def create(self, aws: Aws, props: Props) -> str:
        made = aws.client("ec2").create_route_table(
            VpcId=props["vpcId"], TagSpecifications=tags.specification("route-table", aws, props)
        )
        return made["RouteTable"]["RouteTableId"]

    def configure(self, aws: Aws, id_: str, props: Props) -> None:
        for route in _plain_routes(props):
            aws.client("ec2").create_route(RouteTableId=id_, **_route_request(route))

    @gone_is_none("InvalidRouteTableID.NotFound")
    def read(self, aws: Aws, id_: str, props: Props) -> Props | None:
        table = _table(aws, id_)
        described = {
            "VpcId": table["VpcId"],
            "Routes": settled(props.get("routes"), _inline(table["Routes"])),
            "Tags": tags.own(aws, table.get("Tags")),
        }
        return {
            **reported(props, described, ("vpcId", "tags")),
            "arn": aws.arn("ec2", f"route-table/{id_}"),
            "ownerId": aws.account_id,
        }

    def update(self, aws: Aws, id_: str, old: Props, new: Props) -> None:
        ec2 = aws.client("ec2")
        before, after = _by_destination(old), _by_destination(new)
        for destination in before.keys() - after.keys():
            ec2.delete_route(RouteTableId=id_, **_destination_request(before[destination]))
        for destination, route in after.items():
            if destination not in before:
                ec2.create_route(RouteTableId=id_, **_route_request(route))
            elif route != before[destination]:
                ec2.replace_route(RouteTableId=id_, **_route_request(route))
        tags.retag_ec2(aws, id_, old, new)

    def delete(self, aws: Aws, id_: str, props: Props) -> None:
        aws.client("ec2").delete_route_table(RouteTableId=id_)


class Route(Resource):
    """One route of a table; found again by its destination."""

    token: ClassVar[str] = "aws:ec2/route:Route"
    inputs: ClassVar[frozenset[str]] = frozenset({"routeTableId", *_DESTINATIONS, *_TARGETS})
    required: ClassVar[frozenset[str]] = frozenset({"routeTableId"})
    replaces: ClassVar[frozenset[str]] = frozenset({"routeTableId", *_DESTINATIONS})

    def create(self, aws: Aws, props: Props) -> str:
        aws.client("ec2").create_route(RouteTableId=props["routeTableId"], **_route_request(props))
        return f"r-{props['routeTableId']}{zlib.crc32(_destination(props).encode())}"

    @gone_is_none("InvalidRouteTableID.NotFound")
    def read(self, aws: Aws, id_: str, props: Props) -> Props | None:
        if not props:  # the official provider imports a route as TABLE_DESTINATION
            props = _imported(id_)
        for route in _table(aws, props["routeTableId"])["Routes"]:
            shown = _shown(route)
            if _destination(shown) == _destination(props):
                described = {**dict.fromkeys(_TARGETS), **shown}
                given = {key: value for key, value in props.items() if value is not None}
                extra = {"state": route.get("State"), "origin": route.get("Origin")}
                return {**reported(given, described, tuple(shown)), **extra}
        return None

    def update(self, aws: Aws, id_: str, old: Props, new: Props) -> None:
        aws.client("ec2").replace_route(RouteTableId=new["routeTableId"], **_route_request(new))

    def delete(self, aws: Aws, id_: str, props: Props) -> None:
        aws.client("ec2").delete_route(
            RouteTableId=props["routeTableId"], **_destination_request(props)
        )


class RouteTableAssociation(Resource):
    """Ties a subnet (or gateway) to a table. AWS gives a new ID when the table is replaced,
    so that it is found by its subnet, not by its ID."""

    token: ClassVar[str] = "aws:ec2/routeTableAssociation:RouteTableAssociation"
    inputs: ClassVar[frozenset[str]] = frozenset({"routeTableId", "subnetId", "gatewayId"})
    required: ClassVar[frozenset[str]] = frozenset({"routeTableId"})
    replaces: ClassVar[frozenset[str]] = frozenset({"subnetId", "gatewayId"})
    delete_before_replace: ClassVar[bool] = True

    def create(self, aws: Aws, props: Props) -> str:
        asked = request("ec2", "AssociateRouteTable", props, only=self.inputs)
        return aws.client("ec2").associate_route_table(**asked)["AssociationId"]

    def read(self, aws: Aws, id_: str, props: Props) -> Props | None:
        found = _association(aws, id_, props)
        return reported(props, found, ("routeTableId", "subnetId")) if found else None

    def update(self, aws: Aws, id_: str, old: Props, new: Props) -> None:
        found = _association(aws, id_, old)
        aws.client("ec2").replace_route_table_association(
            AssociationId=found["RouteTableAssociationId"] if found else id_,
            RouteTableId=new["routeTableId"],
        )

    def delete(self, aws: Aws, id_: str, props: Props) -> None:
        found = _association(aws, id_, props)
        if found:
            association = found["RouteTableAssociationId"]
            aws.client("ec2").disassociate_route_table(AssociationId=association)


class MainRouteTableAssociation(Resource):
    """Makes a table the VPC's main one; a delete gives the first one back its place."""

    token: ClassVar[str] = "aws:ec2/mainRouteTableAssociation:MainRouteTableAssociation"
    inputs: ClassVar[frozenset[str]] = frozenset({"routeTableId", "vpcId"})
    required: ClassVar[frozenset[str]] = inputs
    replaces: ClassVar[frozenset[str]] = frozenset({"vpcId"})
    known_by: ClassVar[frozenset[str]] = required
    delete_before_replace: ClassVar[bool] = True
    told_once: ClassVar[frozenset[str]] = frozenset({"originalRouteTableId"})

    def create(self, aws: Aws, props: Props) -> Created:
        main = _main(aws, props["vpcId"])
        made = _replace_main(aws, props["vpcId"], props["routeTableId"])
        return Created(made, {"originalRouteTableId": main["RouteTableId"]})

    def read(self, aws: Aws, id_: str, props: Props) -> Props | None:
        main = _main(aws, props["vpcId"])
        ours = main.get("RouteTableId") == props["routeTableId"]
        return dict(props) if ours else None

    def update(self, aws: Aws, id_: str, old: Props, new: Props) -> None:
        _replace_main(aws, new["vpcId"], new["routeTableId"])

    def delete(self, aws: Aws, id_: str, props: Props) -> None:
        main = _main(aws, props["vpcId"])
        if main and main["RouteTableId"] == props["routeTableId"]:
            _replace_main(aws, props["vpcId"], props["originalRouteTableId"])


def _table(aws: Aws, id_: str) -> dict[str, Any]:
    return aws.client("ec2").describe_route_tables(RouteTableIds=[id_])["RouteTables"][0]


def _association(aws: Aws, id_: str, props: Props) -> dict[str, Any] | None:
    subnet = props.get("subnetId")
    wanted = (
        {"association.subnet-id": subnet}
        if subnet
        else {"association.route-table-association-id": id_}
    )
    for table in aws.client("ec2").describe_route_tables(Filters=filters(wanted))["RouteTables"]:
        for one in table["Associations"]:
            if one["RouteTableAssociationId"] == id_ or (subnet and one.get("SubnetId") == subnet):
                return one
    return None


def _main(aws: Aws, vpc_id: str) -> dict[str, Any]:
    """The association that makes a table the main one; empty when the VPC is gone."""
    wanted = filters({"vpc-id": vpc_id, "association.main": "true"})
    for table in aws.client("ec2").describe_route_tables(Filters=wanted)["RouteTables"]:
        for one in table["Associations"]:
            if one.get("Main"):
                return one
    return {}


def _replace_main(aws: Aws, vpc_id: str, route_table_id: str) -> str:
    made = aws.client("ec2").replace_route_table_association(
        AssociationId=_main(aws, vpc_id)["RouteTableAssociationId"], RouteTableId=route_table_id
    )
    return made["NewAssociationId"]


def _plain_routes(props: Props) -> list[Props]:
    """Inline routes in the words of a `Route`, without the targets that are left empty."""
    routes: list[Props] = props.get("routes") or []
    return [
        {_INLINE.get(key, key): value for key, value in route.items() if value} for route in routes
    ]


def _by_destination(props: Props) -> dict[str, Props]:
    return {_destination(route): route for route in _plain_routes(props)}


def _destination(route: Mapping[str, Value]) -> str:
    return next((route[key] for key in _DESTINATIONS if route.get(key)), "")


def _imported(id_: str) -> Props:
    table, _, destination = id_.partition("_")
    if not destination:
        raise PluginError(f"route {id_}: to import one, give TABLE_DESTINATION as its ID")
    if destination.startswith("pl-"):
        key = "destinationPrefixListId"
    else:
        key = "destinationIpv6CidrBlock" if ":" in destination else "destinationCidrBlock"
    return {"routeTableId": table, key: destination}


def _route_request(props: Mapping[str, Value]) -> dict[str, Any]:
    chosen = (*_DESTINATIONS, *_TARGETS)
    return request("ec2", "CreateRoute", props, only=chosen, rename=_RENAME)


def _destination_request(props: Mapping[str, Value]) -> dict[str, Any]:
    return request("ec2", "DeleteRoute", props, only=_DESTINATIONS)


def _shown(route: Mapping[str, Any]) -> Props:
    """A described route in the words of a `Route`."""
    members = {key: key[:1].upper() + key[1:] for key in _DESTINATIONS} | _TARGETS
    return {key: route[member] for key, member in members.items() if route.get(member)}


def _inline(described: Iterable[Mapping[str, Any]]) -> list[Props]:
    """Described routes in the words of inline ones, without the VPC's own and those that a
    gateway endpoint put there."""
    spelled = {there: here for here, there in _INLINE.items()}
    return [
        {spelled.get(key, key): value for key, value in _shown(route).items()}
        for route in described
        if route.get("GatewayId") != "local" and not _by_endpoint(route)
    ]


def _by_endpoint(route: Mapping[str, Any]) -> bool:
    return "DestinationPrefixListId" in route and route.get("GatewayId", "").startswith("vpce-")


RESOURCES: Sequence[Resource] = (
    RouteTable(),
    Route(),
    RouteTableAssociation(),
    MainRouteTableAssociation(),
)
