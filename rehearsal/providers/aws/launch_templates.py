"""Launch templates and placement groups: how EC2 instances are to be started."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, ClassVar

from rehearsal.providers.aws import tags
from rehearsal.providers.aws.lookup import filters, gone_is_none
from rehearsal.providers.aws.resource import Aws, Resource
from rehearsal.providers.aws.shapes import Words, camel, observed, reported, request
from rehearsal.providers.wire import Props, as_object

_DATA = frozenset(
    {
        "blockDeviceMappings",
        "capacityReservationSpecification",
        "cpuOptions",
        "creditSpecification",
        "disableApiStop",
        "disableApiTermination",
        "ebsOptimized",
        "enclaveOptions",
        "hibernationOptions",
        "iamInstanceProfile",
        "imageId",
        "instanceInitiatedShutdownBehavior",
        "instanceMarketOptions",
        "instanceRequirements",
        "instanceType",
        "keyName",
        "licenseSpecifications",
        "maintenanceOptions",
        "metadataOptions",
        "monitoring",
        "networkInterfaces",
        "networkPerformanceOptions",
        "placement",
        "privateDnsNameOptions",
        "securityGroupNames",
        "tagSpecifications",
        "userData",
        "vpcSecurityGroupIds",
    }
)
"""Properties that make a version's data; the others belong to the template."""
_RENAME = {
    "vpcSecurityGroupIds": "SecurityGroupIds",
    "securityGroupNames": "SecurityGroups",
    "networkInterfaces.securityGroups": "Groups",
    "networkInterfaces.ipv4AddressCount": "SecondaryPrivateIpAddressCount",
}


class LaunchTemplate(Resource):
    """A change of its data makes a new version; the old ones stay, as AWS keeps them."""

    token: ClassVar[str] = "aws:ec2/launchTemplate:LaunchTemplate"
    inputs: ClassVar[frozenset[str]] = _DATA | {
        "name",
        "description",
        "defaultVersion",
        "updateDefaultVersion",
        "tags",
    }
    replaces: ClassVar[frozenset[str]] = frozenset({"name"})
    autoname: ClassVar[str | None] = "name"

    def create(self, aws: Aws, props: Props) -> str:
        made = aws.client("ec2").create_launch_template(
            LaunchTemplateName=props["name"],
            TagSpecifications=tags.specification("launch-template", aws, props),
            **_version_request(props),
        )
        return made["LaunchTemplate"]["LaunchTemplateId"]

    @gone_is_none("InvalidLaunchTemplateId.NotFound", "InvalidLaunchTemplateId.NotFoundException")
    def read(self, aws: Aws, id_: str, props: Props) -> Props | None:
        ec2 = aws.client("ec2")
        found = ec2.describe_launch_templates(LaunchTemplateIds=[id_])["LaunchTemplates"]
        if not found:
            return None
        template = found[0]
        latest = ec2.describe_launch_template_versions(LaunchTemplateId=id_, Versions=["$Latest"])[
            "LaunchTemplateVersions"
        ][0]
        described = {
            "Name": template["LaunchTemplateName"],
            "Description": latest.get("VersionDescription"),
            "Tags": _tags(aws, id_),
        }
        own = {key: value for key, value in props.items() if key not in _DATA}
        return {
            **reported(own, described, ("name", "tags")),
            **_data_now(props, latest["LaunchTemplateData"]),
            "defaultVersion": template["DefaultVersionNumber"],
            "latestVersion": template["LatestVersionNumber"],
            "arn": aws.arn("ec2", f"launch-template/{id_}"),
        }

    def update(self, aws: Aws, id_: str, old: Props, new: Props) -> None:
        version = new.get("defaultVersion")
        if any(old.get(key) != new.get(key) for key in _DATA | {"description"}):
            made = aws.client("ec2").create_launch_template_version(
                LaunchTemplateId=id_, **_version_request(new)
            )
            if new.get("updateDefaultVersion"):
                version = made["LaunchTemplateVersion"]["VersionNumber"]
        if version is not None:
            aws.client("ec2").modify_launch_template(
                LaunchTemplateId=id_, DefaultVersion=str(version)
            )
        tags.retag_ec2(aws, id_, old, new)

    def delete(self, aws: Aws, id_: str, props: Props) -> None:
        aws.client("ec2").delete_launch_template(LaunchTemplateId=id_)


class PlacementGroup(Resource):
    """Its ID is its name."""

    token: ClassVar[str] = "aws:ec2/placementGroup:PlacementGroup"
    inputs: ClassVar[frozenset[str]] = frozenset(
        {"name", "strategy", "partitionCount", "spreadLevel", "tags"}
    )
    required: ClassVar[frozenset[str]] = frozenset({"strategy"})
    replaces: ClassVar[frozenset[str]] = inputs - {"tags"}
    autoname: ClassVar[str | None] = "name"

    def create(self, aws: Aws, props: Props) -> str:
        asked = request(
            "ec2", "CreatePlacementGroup", props, only=self.replaces, rename={"name": "GroupName"}
        )
        aws.client("ec2").create_placement_group(
            **asked, TagSpecifications=tags.specification("placement-group", aws, props)
        )
        return props["name"]

    @gone_is_none("InvalidPlacementGroup.Unknown")
    def read(self, aws: Aws, id_: str, props: Props) -> Props | None:
        found = aws.client("ec2").describe_placement_groups(GroupNames=[id_])["PlacementGroups"]
        if not found or found[0].get("State") == "deleted":
            return None
        described = {**found[0], "Tags": tags.own(aws, found[0].get("Tags"))}
        shown = ("name", "strategy", "partitionCount", "spreadLevel", "tags")
        return {
            **reported(props, described, shown, rename={"name": "GroupName"}),
            "placementGroupId": found[0]["GroupId"],
            "arn": aws.arn("ec2", f"placement-group/{id_}"),
        }

    def update(self, aws: Aws, id_: str, old: Props, new: Props) -> None:
        now = self.read(aws, id_, new)
        if now is not None:
            tags.retag_ec2(aws, now["placementGroupId"], old, new)

    def delete(self, aws: Aws, id_: str, props: Props) -> None:
        aws.client("ec2").delete_placement_group(GroupName=id_)


def _version_request(props: Props) -> dict[str, Any]:
    """Parameters of a new version: its data and its description."""
    data = {key: props[key] for key in _DATA if props.get(key) is not None}
    if "tagSpecifications" in data:
        data["tagSpecifications"] = [
            {**one, "tags": [{"key": k, "value": v} for k, v in as_object(one.get("tags")).items()]}
            for one in data["tagSpecifications"]
        ]
    asked: Props = {"launchTemplateData": data}
    if props.get("description"):
        asked["versionDescription"] = props["description"]
    rename = {f"launchTemplateData.{key}": member for key, member in _RENAME.items()}
    return request("ec2", "CreateLaunchTemplateVersion", asked, rename=rename)


def _data_now(props: Props, data: Mapping[str, Any]) -> Props:
    """The data properties as the latest version has them; one that it lacks is drift."""
    described = {**data, "TagSpecifications": _specifications(data)}
    if not props:
        found = {_property(member): camel(value) for member, value in described.items()}
        return {key: value for key, value in found.items() if key in _DATA and value}
    given = {key: value for key, value in props.items() if key in _DATA and value}
    absent = dict.fromkeys(_RENAME.get(key, key) for key in given)
    return observed(given, {**absent, **described}, rename=_RENAME)


def _property(member: str) -> str:
    spelled = {there: here for here, there in _RENAME.items()}
    return spelled.get(member, member[:1].lower() + member[1:])


def _specifications(data: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Tags for what the template starts, as maps; the template's own are not among them,
    though the simulated cloud puts them there."""
    return [
        {
            "ResourceType": one["ResourceType"],
            "Tags": Words({tag["Key"]: tag["Value"] for tag in one.get("Tags", ())}),
        }
        for one in data.get("TagSpecifications", ())
        if one["ResourceType"] != "launch-template"
    ]


def _tags(aws: Aws, id_: str) -> Words:
    """Asked apart, because the simulated cloud describes a template with its first tags."""
    found = aws.client("ec2").describe_tags(Filters=filters({"resource-id": id_}))
    return tags.own(aws, found["Tags"])


RESOURCES: Sequence[Resource] = (LaunchTemplate(), PlacementGroup())
