"""Cost Explorer's anomaly monitors and subscriptions. No anomaly is ever found."""

from __future__ import annotations

from typing import Any

from rehearsal.cloud.call import Answer, Call
from rehearsal.cloud.clock import now
from rehearsal.cloud.errors import ApiError
from rehearsal.cloud.operations.eks_records import identifier
from rehearsal.cloud.paging import page
from rehearsal.cloud.state import Record, Table

MONITORS = "ce:monitor"
SUBSCRIPTIONS = "ce:subscription"
TAGS = "ce:tags"


def create_anomaly_monitor(call: Call) -> Answer:
    """CreateAnomalyMonitor."""
    arn = _arn(call, "anomalymonitor")
    today = now().isoformat()
    times = {"CreationDate": today, "LastUpdatedDate": today}
    monitor = {**call.params["AnomalyMonitor"], "MonitorArn": arn, **times}
    call.cloud.everywhere.table(MONITORS)[arn] = monitor
    _tag(call, arn)
    return {"MonitorArn": arn}


def get_anomaly_monitors(call: Call) -> Answer:
    """GetAnomalyMonitors, all or those asked for."""
    return _listed(call, MONITORS, "MonitorArn", "AnomalyMonitors")


def update_anomaly_monitor(call: Call) -> Answer:
    """UpdateAnomalyMonitor: its name."""
    monitor = _find(call, MONITORS, "MonitorArn", "UnknownMonitorException")
    monitor["MonitorName"] = call.params.get("MonitorName") or monitor["MonitorName"]
    return {"MonitorArn": monitor["MonitorArn"]}


def delete_anomaly_monitor(call: Call) -> Answer:
    """DeleteAnomalyMonitor."""
    monitor = _find(call, MONITORS, "MonitorArn", "UnknownMonitorException")
    del call.cloud.everywhere.table(MONITORS)[monitor["MonitorArn"]]
    return {}


def create_anomaly_subscription(call: Call) -> Answer:
    """CreateAnomalySubscription: its monitors must exist."""
    given = call.params["AnomalySubscription"]
    _require_monitors(call, given["MonitorArnList"])
    arn = _arn(call, "anomalysubscription")
    subscribers = [{"Status": "CONFIRMED", **each} for each in given["Subscribers"]]
    made = {"SubscriptionArn": arn, "AccountId": call.account, "Subscribers": subscribers}
    call.cloud.everywhere.table(SUBSCRIPTIONS)[arn] = {**given, **made}
    _tag(call, arn)
    return {"SubscriptionArn": arn}


def get_anomaly_subscriptions(call: Call) -> Answer:
    """GetAnomalySubscriptions, all, those asked for, or those of one monitor."""
    return _listed(call, SUBSCRIPTIONS, "SubscriptionArn", "AnomalySubscriptions")


def update_anomaly_subscription(call: Call) -> Answer:
    """UpdateAnomalySubscription."""
    found = _find(call, SUBSCRIPTIONS, "SubscriptionArn", "UnknownSubscriptionException")
    changes = {name: value for name, value in call.params.items() if value is not None}
    _require_monitors(call, call.listed("MonitorArnList"))
    found.update(changes)
    return {"SubscriptionArn": found["SubscriptionArn"]}


def delete_anomaly_subscription(call: Call) -> Answer:
    """DeleteAnomalySubscription."""
    found = _find(call, SUBSCRIPTIONS, "SubscriptionArn", "UnknownSubscriptionException")
    del call.cloud.everywhere.table(SUBSCRIPTIONS)[found["SubscriptionArn"]]
    return {}


def get_anomalies(call: Call) -> Answer:
    """GetAnomalies: none."""
    return page(call, "Anomalies", [], size="MaxResults", token="NextPageToken")


def tag_resource(call: Call) -> Answer:
    """TagResource of a monitor or subscription; other resources are moto's."""
    if call.params["ResourceArn"] not in call.cloud.everywhere.table(TAGS):
        return call.upstream()
    _tag(call, call.params["ResourceArn"])
    return {}


def untag_resource(call: Call) -> Answer:
    """UntagResource."""
    tags = call.cloud.everywhere.table(TAGS).get(call.params["ResourceArn"])
    if tags is None:
        return call.upstream()
    for key in call.params["ResourceTagKeys"]:
        tags.pop(key, None)
    return {}


def list_tags_for_resource(call: Call) -> Answer:
    """ListTagsForResource."""
    tags = call.cloud.everywhere.table(TAGS).get(call.params["ResourceArn"])
    if tags is None:
        return call.upstream()
    return {"ResourceTags": [{"Key": key, "Value": value} for key, value in tags.items()]}


def _arn(call: Call, kind: str) -> str:
    return f"arn:aws:ce::{call.account}:{kind}/{identifier(call, kind)}"


def _tag(call: Call, arn: str) -> None:
    tags = call.cloud.everywhere.table(TAGS).setdefault(arn, {})
    tags.update({tag["Key"]: tag["Value"] for tag in call.listed("ResourceTags")})


def _listed(call: Call, kind: str, name: str, answer: str) -> Answer:
    wanted, monitor = call.listed(f"{name}List"), call.params.get("MonitorArn")
    table: Table = call.cloud.everywhere.table(kind)
    found: list[Any] = [
        record
        for arn, record in table.items()
        if (not wanted or arn in wanted)
        and (not monitor or monitor in record.get("MonitorArnList", []))
    ]
    return page(call, answer, found, size="MaxResults", token="NextPageToken")


def _find(call: Call, kind: str, name: str, code: str) -> Record:
    found = call.cloud.everywhere.table(kind).get(call.params[name])
    if found is None:
        raise ApiError(code, f"{call.params[name]} does not exist")
    return found


def _require_monitors(call: Call, arns: list[str]) -> None:
    for arn in arns:
        if arn not in call.cloud.everywhere.table(MONITORS):
            raise ApiError("UnknownMonitorException", f"{arn} does not exist")


OPERATIONS = {
    "CreateAnomalyMonitor": create_anomaly_monitor,
    "CreateAnomalySubscription": create_anomaly_subscription,
    "DeleteAnomalyMonitor": delete_anomaly_monitor,
    "DeleteAnomalySubscription": delete_anomaly_subscription,
    "GetAnomalies": get_anomalies,
    "GetAnomalyMonitors": get_anomaly_monitors,
    "GetAnomalySubscriptions": get_anomaly_subscriptions,
    "ListTagsForResource": list_tags_for_resource,
    "TagResource": tag_resource,
    "UntagResource": untag_resource,
    "UpdateAnomalyMonitor": update_anomaly_monitor,
    "UpdateAnomalySubscription": update_anomaly_subscription,
}
