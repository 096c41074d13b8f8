"""Route 53 health checks, which failover records look at."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from typing import Any, ClassVar

from rehearsal.providers.aws.lookup import gone_is_none
from rehearsal.providers.aws.resource import Aws, Resource
from rehearsal.providers.aws.shapes import reported, request
from rehearsal.providers.aws.zones import own_tags, retag
from rehearsal.providers.wire import Props, as_object


class HealthCheck(Resource):
    """The ID is the check's. A check of type CLOUDWATCH_METRIC follows an alarm."""

    token: ClassVar[str] = "aws:route53/healthCheck:HealthCheck"
    inputs: ClassVar[frozenset[str]] = frozenset(
        {
            "childHealthThreshold",
            "childHealthchecks",
            "cloudwatchAlarmName",
            "cloudwatchAlarmRegion",
            "disabled",
            "enableSni",
            "failureThreshold",
            "fqdn",
            "insufficientDataHealthStatus",
            "invertHealthcheck",
            "ipAddress",
            "measureLatency",
            "port",
            "referenceName",
            "regions",
            "requestInterval",
            "resourcePath",
            "searchString",
            "tags",
            "type",
        }
    )
    required: ClassVar[frozenset[str]] = frozenset({"type"})
    replaces: ClassVar[frozenset[str]] = frozenset(
        {"measureLatency", "referenceName", "requestInterval", "type"}
    )

    def create(self, aws: Aws, props: Props) -> str:
        wanted = {key: value for key, value in props.items() if key in self.inputs - _APART}
        shape = {"callerReference": _reference(props), "healthCheckConfig": wanted}
        asked = request(
            "route53",
            "CreateHealthCheck",
            shape,
            rename={f"healthCheckConfig.{key}": member for key, member in _NAMES.items()},
        )
        asked["HealthCheckConfig"] |= _alarm(props)
        return aws.client("route53").create_health_check(**asked)["HealthCheck"]["Id"]

    def configure(self, aws: Aws, id_: str, props: Props) -> None:
        retag(aws, "healthcheck", id_, {}, props)

    @gone_is_none("NoSuchHealthCheck")
    def read(self, aws: Aws, id_: str, props: Props) -> Props | None:
        config = aws.client("route53").get_health_check(HealthCheckId=id_)["HealthCheck"][
            "HealthCheckConfig"
        ]
        alarm = as_object(config.get("AlarmIdentifier"))
        shown = {
            **config,
            "cloudwatchAlarmName": alarm.get("Name"),
            "cloudwatchAlarmRegion": alarm.get("Region"),
            "tags": own_tags(aws, "healthcheck", id_),
        }
        return {
            **reported(props, shown, ("type", "tags"), rename=_NAMES),
            "arn": f"arn:aws:route53:::healthcheck/{id_}",
        }

    def update(self, aws: Aws, id_: str, old: Props, new: Props) -> None:
        kept = self.inputs - self.replaces - _APART
        if any(old.get(key) != new.get(key) for key in kept | _ALARM):
            asked = request("route53", "UpdateHealthCheck", new, only=kept, rename=_NAMES)
            aws.client("route53").update_health_check(HealthCheckId=id_, **asked, **_alarm(new))
        retag(aws, "healthcheck", id_, old, new)

    def delete(self, aws: Aws, id_: str, props: Props) -> None:
        aws.client("route53").delete_health_check(HealthCheckId=id_)


_ALARM = frozenset({"cloudwatchAlarmName", "cloudwatchAlarmRegion"})
_APART = _ALARM | {"referenceName", "tags"}
_NAMES = {
    "childHealthThreshold": "HealthThreshold",
    "fqdn": "FullyQualifiedDomainName",
    "invertHealthcheck": "Inverted",
}


def _alarm(props: Props) -> dict[str, Any]:
    if not props.get("cloudwatchAlarmName"):
        return {}
    name, region = props["cloudwatchAlarmName"], props["cloudwatchAlarmRegion"]
    return {"AlarmIdentifier": {"Name": name, "Region": region}}


def _reference(props: Mapping[str, Any]) -> str:
    """Unique per check and at most 64 characters; the program may give its beginning."""
    return f"{props.get('referenceName', 'rehearsal')[:27]}-{uuid.uuid4()}"


RESOURCES: tuple[Resource, ...] = (HealthCheck(),)
