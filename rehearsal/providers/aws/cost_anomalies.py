"""Cost anomaly monitors and who hears of anomalies; global to the account."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any, ClassVar

from rehearsal.providers.aws import tagging
from rehearsal.providers.aws.lookup import gone_is_none
from rehearsal.providers.aws.resource import Aws, Resource
from rehearsal.providers.aws.shapes import confirmed, reported, request
from rehearsal.providers.wire import Props, as_object


class AnomalyMonitor(Resource):
    """The ID is the ARN."""

    token: ClassVar[str] = "aws:costexplorer/anomalyMonitor:AnomalyMonitor"
    inputs: ClassVar[frozenset[str]] = frozenset(
        {"monitorDimension", "monitorSpecification", "monitorType", "name", "tags"}
    )
    required: ClassVar[frozenset[str]] = frozenset({"monitorType"})
    replaces: ClassVar[frozenset[str]] = frozenset(
        {"monitorDimension", "monitorSpecification", "monitorType"}
    )
    autoname: ClassVar[str | None] = "name"
    delete_before_replace: ClassVar[bool] = True

    def create(self, aws: Aws, props: Props) -> str:
        given = {k: props[k] for k in ("monitorDimension", "monitorType", "name") if k in props}
        if "monitorSpecification" in props:
            given["monitorSpecification"] = json.loads(props["monitorSpecification"])
        asked = request(
            "ce",
            "CreateAnomalyMonitor",
            {"anomalyMonitor": given},
            rename={"anomalyMonitor.name": "MonitorName"},
        )
        marks = tagging.given(aws, "ce", "CreateAnomalyMonitor", props)
        return aws.client("ce").create_anomaly_monitor(**asked, **marks)["MonitorArn"]

    @gone_is_none("UnknownMonitorException")
    def read(self, aws: Aws, id_: str, props: Props) -> Props | None:
        found = aws.client("ce").get_anomaly_monitors(MonitorArnList=[id_])["AnomalyMonitors"]
        if not found:
            return None
        shown = {
            **found[0],
            "name": found[0]["MonitorName"],
            "monitorSpecification": json.dumps(as_object(found[0].get("MonitorSpecification"))),
            "tags": tagging.own(aws, "ce", id_),
        }
        return {**reported(props, shown, ("name", "monitorType", "tags")), "arn": id_}

    def update(self, aws: Aws, id_: str, old: Props, new: Props) -> None:
        if old.get("name") != new.get("name"):
            aws.client("ce").update_anomaly_monitor(MonitorArn=id_, MonitorName=new["name"])
        tagging.retag(aws, "ce", id_, old, new)

    def delete(self, aws: Aws, id_: str, props: Props) -> None:
        if self.read(aws, id_, {}) is not None:
            aws.client("ce").delete_anomaly_monitor(MonitorArn=id_)


class AnomalySubscription(Resource):
    """The ID is the ARN."""

    token: ClassVar[str] = "aws:costexplorer/anomalySubscription:AnomalySubscription"
    inputs: ClassVar[frozenset[str]] = frozenset(
        {"frequency", "monitorArnLists", "name", "subscribers", "tags", "thresholdExpression"}
    )
    required: ClassVar[frozenset[str]] = frozenset({"frequency", "monitorArnLists", "subscribers"})
    autoname: ClassVar[str | None] = "name"

    def create(self, aws: Aws, props: Props) -> str:
        given = {key: props[key] for key in self.inputs - {"tags"} if key in props}
        asked = request(
            "ce",
            "CreateAnomalySubscription",
            {"anomalySubscription": given},
            rename={f"anomalySubscription.{key}": member for key, member in _NAMES.items()},
        )
        marks = tagging.given(aws, "ce", "CreateAnomalySubscription", props)
        made = aws.client("ce").create_anomaly_subscription(**asked, **marks)
        return made["SubscriptionArn"]

    @gone_is_none("UnknownSubscriptionException")
    def read(self, aws: Aws, id_: str, props: Props) -> Props | None:
        answer = aws.client("ce").get_anomaly_subscriptions(SubscriptionArnList=[id_])
        if not answer["AnomalySubscriptions"]:
            return None
        now = answer["AnomalySubscriptions"][0]
        hearers = [{"type": one["Type"], "address": one["Address"]} for one in now["Subscribers"]]
        shown = {**now, "subscribers": hearers, "tags": tagging.own(aws, "ce", id_)}
        shown.pop("Subscribers")
        plain = {key: value for key, value in props.items() if key != "thresholdExpression"}
        always = ("name", "frequency", "monitorArnLists", "subscribers")
        found = reported(plain, shown, always, rename=_NAMES)
        if "thresholdExpression" in props:
            asked = _asked(props, ("thresholdExpression",))
            found["thresholdExpression"] = confirmed(
                props["thresholdExpression"],
                asked["ThresholdExpression"],
                now.get("ThresholdExpression"),
            )
        return {**found, "arn": id_}

    def update(self, aws: Aws, id_: str, old: Props, new: Props) -> None:
        settings = tuple(self.inputs - {"tags"})
        if any(old.get(key) != new.get(key) for key in settings):
            asked = _asked(new, settings)
            aws.client("ce").update_anomaly_subscription(SubscriptionArn=id_, **asked)
        tagging.retag(aws, "ce", id_, old, new)

    def delete(self, aws: Aws, id_: str, props: Props) -> None:
        if self.read(aws, id_, {}) is not None:
            aws.client("ce").delete_anomaly_subscription(SubscriptionArn=id_)


_NAMES: Mapping[str, str] = {
    "name": "SubscriptionName",
    "thresholdExpression.costCategory": "CostCategories",
    "thresholdExpression.ands.costCategory": "CostCategories",
    "thresholdExpression.ors.costCategory": "CostCategories",
    "thresholdExpression.not.costCategory": "CostCategories",
}


def _asked(props: Props, only: tuple[str, ...]) -> dict[str, Any]:
    return request("ce", "UpdateAnomalySubscription", props, only=only, rename=_NAMES)


RESOURCES: tuple[Resource, ...] = (AnomalyMonitor(), AnomalySubscription())
