"""VPC endpoints: gateways to S3 and DynamoDB, interfaces of the other services."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, ClassVar

from rehearsal.providers.aws import tags
from rehearsal.providers.aws.lookup import filters, gone_is_none
from rehearsal.providers.aws.resource import Aws, Resource
from rehearsal.providers.aws.shapes import reported, request
from rehearsal.providers.plugin import PluginError
from rehearsal.providers.wire import Props

_LISTS = {
    "routeTableIds": ("AddRouteTableIds", "RemoveRouteTableIds"),
    "subnetIds": ("AddSubnetIds", "RemoveSubnetIds"),
    "securityGroupIds": ("AddSecurityGroupIds", "RemoveSecurityGroupIds"),
}


class VpcEndpoint(Resource):
    """Its tables, subnets and groups are added and removed one by one."""

    token: ClassVar[str] = "aws:ec2/vpcEndpoint:VpcEndpoint"
    inputs: ClassVar[frozenset[str]] = frozenset(
        {
            "vpcId",
            "serviceName",
            "vpcEndpointType",
            "policy",
            "privateDnsEnabled",
            "routeTableIds",
            "subnetIds",
            "securityGroupIds",
            "tags",
        }
    )
    required: ClassVar[frozenset[str]] = frozenset({"vpcId", "serviceName"})
    replaces: ClassVar[frozenset[str]] = frozenset({"vpcId", "serviceName", "vpcEndpointType"})
    defaults: ClassVar[Mapping[str, Any]] = {"vpcEndpointType": "Gateway"}

    def create(self, aws: Aws, props: Props) -> str:
        asked = request(
            "ec2", "CreateVpcEndpoint", props, only=self.inputs - {"tags"}, rename=_RENAME
        )
        # Left out, an interface endpoint would take over the service's public name.
        asked.setdefault("PrivateDnsEnabled", False)
        made = aws.client("ec2").create_vpc_endpoint(
            **asked, TagSpecifications=tags.specification("vpc-endpoint", aws, props)
        )
        return made["VpcEndpoint"]["VpcEndpointId"]

    @gone_is_none("InvalidVpcEndpointId.NotFound")
    def read(self, aws: Aws, id_: str, props: Props) -> Props | None:
        found = aws.client("ec2").describe_vpc_endpoints(VpcEndpointIds=[id_])["VpcEndpoints"]
        if not found or found[0]["State"].lower() in ("deleting", "deleted"):
            return None
        endpoint = found[0]
        described = {
            **endpoint,
            "SecurityGroupIds": [group["GroupId"] for group in endpoint.get("Groups", ())],
            "Tags": tags.own(aws, endpoint.get("Tags")),
        }
        return {
            **reported(props, described, _SHOWN, rename=_RENAME),
            **_addresses(aws, endpoint),
            "arn": aws.arn("ec2", f"vpc-endpoint/{id_}"),
            "ownerId": aws.account_id,
            "requesterManaged": bool(endpoint.get("RequesterManaged")),
        }

    def update(self, aws: Aws, id_: str, old: Props, new: Props) -> None:
        asked: dict[str, Any] = {}
        for key, (add, remove) in _LISTS.items():
            before, after = set(old.get(key) or ()), set(new.get(key) or ())
            asked |= {add: sorted(after - before), remove: sorted(before - after)}
        if new.get("policy") != old.get("policy"):
            asked |= {"PolicyDocument": new["policy"]} if "policy" in new else {"ResetPolicy": True}
        if new.get("privateDnsEnabled") != old.get("privateDnsEnabled"):
            asked["PrivateDnsEnabled"] = bool(new.get("privateDnsEnabled"))
        wanted = {key: value for key, value in asked.items() if value != []}
        if wanted:
            aws.client("ec2").modify_vpc_endpoint(VpcEndpointId=id_, **wanted)
        tags.retag_ec2(aws, id_, old, new)

    def delete(self, aws: Aws, id_: str, props: Props) -> None:
        answer = aws.client("ec2").delete_vpc_endpoints(VpcEndpointIds=[id_])
        for refused in answer.get("Unsuccessful", ()):
            error = refused["Error"]
            if error["Code"] != "InvalidVpcEndpointId.NotFound":
                raise PluginError(f"deleting {id_}: {error['Code']}: {error['Message']}")


_RENAME = {"policy": "PolicyDocument"}
_SHOWN = (
    "vpcId",
    "serviceName",
    "vpcEndpointType",
    "policy",
    "privateDnsEnabled",
    "routeTableIds",
    "subnetIds",
    "securityGroupIds",
    "networkInterfaceIds",
    "dnsEntries",
    "state",
    "tags",
)


def _addresses(aws: Aws, endpoint: Mapping[str, Any]) -> Props:
    """The prefix list that routes and rules name to reach a gateway endpoint."""
    if endpoint.get("VpcEndpointType") != "Gateway":
        return {}
    wanted = filters({"prefix-list-name": endpoint["ServiceName"]})
    lists = aws.client("ec2").describe_prefix_lists(Filters=wanted)["PrefixLists"]
    if not lists:
        return {}
    return {"prefixListId": lists[0]["PrefixListId"], "cidrBlocks": lists[0].get("Cidrs", [])}


RESOURCES: Sequence[Resource] = (VpcEndpoint(),)
