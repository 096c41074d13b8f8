"""Functions of the `aws` package about the account, its region, its network and its keys.
An argument that a function does not honour is refused, never dropped."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from rehearsal.providers.aws.resource import Aws, Function
from rehearsal.providers.aws.shapes import camel
from rehearsal.providers.plugin import PluginError
from rehearsal.providers.wire import Props, as_object

_EVERYWHERE = frozenset({"region"})
"""Arguments that every function takes; the provider has read them already."""


def get_caller_identity(aws: Aws, args: Props) -> Props:
    """Whose credentials these are."""
    _honoured("getCallerIdentity", args, ())
    found = aws.client("sts").get_caller_identity()
    account = found["Account"]
    return {"id": account, "accountId": account, "arn": found["Arn"], "userId": found["UserId"]}


def get_region(aws: Aws, args: Props) -> Props:
    """The provider's region, or the one asked for."""
    _honoured("getRegion", args, ("name",))
    region = str(args.get("name") or aws.region)
    return {
        "id": region,
        "name": region,
        "region": region,
        "description": region,
        "endpoint": f"ec2.{region}.amazonaws.com",
    }


def get_partition(_aws: Aws, args: Props) -> Props:
    """The commercial partition: the platform supports no other."""
    _honoured("getPartition", args, ())
    return {
        "id": "aws",
        "partition": "aws",
        "dnsSuffix": "amazonaws.com",
        "reverseDnsPrefix": "com.amazonaws",
    }


def get_availability_zones(aws: Aws, args: Props) -> Props:
    """Zones of the region, in the order of their names."""
    _honoured("getAvailabilityZones", args, ("state", "filters", "excludeNames", "excludeZoneIds"))
    wanted = _filters({"state": args.get("state")}, args)
    found = aws.client("ec2").describe_availability_zones(Filters=wanted)["AvailabilityZones"]
    hidden = {*(args.get("excludeNames") or ()), *(args.get("excludeZoneIds") or ())}
    zones = sorted(
        (zone for zone in found if not hidden & {zone["ZoneName"], zone["ZoneId"]}),
        key=lambda zone: zone["ZoneName"],
    )
    return {
        **args,
        "id": aws.region,
        "names": [zone["ZoneName"] for zone in zones],
        "zoneIds": [zone["ZoneId"] for zone in zones],
        "groupNames": sorted({zone.get("GroupName", aws.region) for zone in zones}),
    }


def get_vpc(aws: Aws, args: Props) -> Props:
    """One VPC. Raises PluginError when none or several fit."""
    _honoured("getVpc", args, ("id", "cidrBlock", "default", "state", "tags", "filters"))
    named = {
        "vpc-id": args.get("id"),
        "cidr": args.get("cidrBlock"),
        "isDefault": args.get("default"),
        "state": args.get("state"),
    }
    found = aws.client("ec2").describe_vpcs(Filters=_filters(named, args))["Vpcs"]
    vpc = _only_one("getVpc", args, found)
    id_ = vpc["VpcId"]
    return {
        "id": id_,
        "arn": aws.arn("ec2", f"vpc/{id_}"),
        "cidrBlock": vpc["CidrBlock"],
        "cidrBlockAssociations": camel(vpc.get("CidrBlockAssociationSet", [])),
        "default": bool(vpc.get("IsDefault")),
        "dhcpOptionsId": vpc.get("DhcpOptionsId"),
        "enableDnsHostnames": _attribute(aws, id_, "enableDnsHostnames"),
        "enableDnsSupport": _attribute(aws, id_, "enableDnsSupport"),
        "instanceTenancy": vpc.get("InstanceTenancy"),
        "mainRouteTableId": _main_route_table(aws, id_),
        "ownerId": vpc.get("OwnerId", aws.account_id),
        "state": vpc["State"],
        "tags": _tags(vpc),
    }


def get_subnet(aws: Aws, args: Props) -> Props:
    """One subnet. Raises PluginError when none or several fit."""
    honoured = ("id", "vpcId", "cidrBlock", "availabilityZone", "state", "tags", "filters")
    _honoured("getSubnet", args, honoured)
    named = {
        "subnet-id": args.get("id"),
        "vpc-id": args.get("vpcId"),
        "cidr-block": args.get("cidrBlock"),
        "availability-zone": args.get("availabilityZone"),
        "state": args.get("state"),
    }
    found = aws.client("ec2").describe_subnets(Filters=_filters(named, args))["Subnets"]
    subnet = _only_one("getSubnet", args, found)
    shown = {key: value for key, value in subnet.items() if key not in ("Tags", "SubnetArn")}
    return {
        **camel(shown),
        "id": subnet["SubnetId"],
        "arn": subnet["SubnetArn"],
        "tags": _tags(subnet),
    }


def get_subnets(aws: Aws, args: Props) -> Props:
    """IDs of all subnets that fit; none is an answer too."""
    _honoured("getSubnets", args, ("tags", "filters"))
    found = aws.client("ec2").describe_subnets(Filters=_filters({}, args))["Subnets"]
    return {**args, "id": aws.region, "ids": sorted(one["SubnetId"] for one in found)}


def get_security_group(aws: Aws, args: Props) -> Props:
    """One security group. Raises PluginError when none or several fit."""
    _honoured("getSecurityGroup", args, ("id", "name", "vpcId", "tags", "filters"))
    named = {
        "group-id": args.get("id"),
        "group-name": args.get("name"),
        "vpc-id": args.get("vpcId"),
    }
    wanted = _filters(named, args)
    found = aws.client("ec2").describe_security_groups(Filters=wanted)["SecurityGroups"]
    group = _only_one("getSecurityGroup", args, found)
    return {
        "id": group["GroupId"],
        "arn": aws.arn("ec2", f"security-group/{group['GroupId']}"),
        "name": group["GroupName"],
        "description": group["Description"],
        "vpcId": group.get("VpcId"),
        "tags": _tags(group),
    }


def get_key(aws: Aws, args: Props) -> Props:
    """A KMS key by its ID, its ARN or an alias."""
    _honoured("getKey", args, ("keyId", "grantTokens"))
    tokens = {"GrantTokens": args["grantTokens"]} if args.get("grantTokens") else {}
    key = aws.client("kms").describe_key(KeyId=args["keyId"], **tokens)["KeyMetadata"]
    return {
        **camel(key),
        "id": key["KeyId"],
        "keyId": args["keyId"],
        "awsAccountId": key["AWSAccountId"],
        "customerMasterKeySpec": key["KeySpec"],
        "multiRegionConfigurations": camel(
            [key["MultiRegionConfiguration"]] if "MultiRegionConfiguration" in key else []
        ),
    }


def get_alias(aws: Aws, args: Props) -> Props:
    """An alias and the key behind it."""
    _honoured("getAlias", args, ("name",))
    name = args["name"]
    key = aws.client("kms").describe_key(KeyId=name)["KeyMetadata"]
    arn = aws.arn("kms", name)
    return {
        "id": arn,
        "arn": arn,
        "name": name,
        "targetKeyArn": key["Arn"],
        "targetKeyId": key["KeyId"],
    }


def _honoured(function: str, args: Props, names: Iterable[str]) -> None:
    unknown = sorted(key for key in args if key not in {*names} | _EVERYWHERE)
    if unknown:
        raise PluginError(
            f"{function}: the simulated function does not honour {', '.join(unknown)}; "
            f"it takes {', '.join(names) or 'no argument'}"
        )


def _filters(named: Mapping[str, Any], args: Props) -> list[dict[str, Any]]:
    """EC2's filters: by arguments of their own, by tags, and as given."""
    given = [
        {"Name": name, "Values": [str(value).lower() if isinstance(value, bool) else value]}
        for name, value in named.items()
        if value is not None
    ]
    tagged = [
        {"Name": f"tag:{key}", "Values": [value]}
        for key, value in as_object(args.get("tags")).items()
    ]
    listed = [
        {"Name": one["name"], "Values": list(one["values"])} for one in args.get("filters") or ()
    ]
    return [*given, *tagged, *listed]


def _only_one(function: str, args: Props, found: list[dict[str, Any]]) -> dict[str, Any]:
    if len(found) != 1:
        raise PluginError(
            f"{function}: {len(found)} fit {args}, one was expected; name it by its ID, or "
            f"narrow the search with tags"
        )
    return found[0]


def _tags(described: Mapping[str, Any]) -> dict[str, str]:
    return {tag["Key"]: tag["Value"] for tag in described.get("Tags", ())}


def _attribute(aws: Aws, vpc_id: str, name: str) -> bool:
    found = aws.client("ec2").describe_vpc_attribute(VpcId=vpc_id, Attribute=name)
    return found[name[:1].upper() + name[1:]]["Value"]


def _main_route_table(aws: Aws, vpc_id: str) -> str | None:
    wanted = _filters({"vpc-id": vpc_id, "association.main": "true"}, {})
    tables = aws.client("ec2").describe_route_tables(Filters=wanted)["RouteTables"]
    return tables[0]["RouteTableId"] if tables else None


FUNCTIONS: Mapping[str, Function] = {
    "aws:index/getCallerIdentity:getCallerIdentity": get_caller_identity,
    "aws:index/getRegion:getRegion": get_region,
    "aws:index/getPartition:getPartition": get_partition,
    "aws:index/getAvailabilityZones:getAvailabilityZones": get_availability_zones,
    "aws:ec2/getVpc:getVpc": get_vpc,
    "aws:ec2/getSubnet:getSubnet": get_subnet,
    "aws:ec2/getSubnets:getSubnets": get_subnets,
    "aws:ec2/getSecurityGroup:getSecurityGroup": get_security_group,
    "aws:kms/getKey:getKey": get_key,
    "aws:kms/getAlias:getAlias": get_alias,
}
