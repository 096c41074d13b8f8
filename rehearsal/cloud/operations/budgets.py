"""What moto's budgets lack: changing them, their subscribers and their tags."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from rehearsal.cloud.call import Answer, Call
from rehearsal.cloud.clock import now
from rehearsal.cloud.errors import ApiError
from rehearsal.cloud.paging import page

TAGS = "budgets:tags"
DEFAULT_TYPE = "PERCENTAGE"


def create_budget(call: Call) -> Answer:
    """CreateBudget: keeps its tags."""
    answer = call.upstream()
    arn = f"arn:aws:budgets::{call.account}:budget/{call.params['Budget']['BudgetName']}"
    tags = {tag["Key"]: tag["Value"] for tag in call.listed("ResourceTags")}
    call.cloud.everywhere.table(TAGS)[arn] = tags
    return answer


def update_budget(call: Call) -> Answer:
    """UpdateBudget: the new definition replaces the old one."""
    new = {name: value for name, value in call.params["NewBudget"].items() if value is not None}
    budget = _budget(call, new["BudgetName"])
    kept = {"TimePeriod": budget.budget["TimePeriod"]}
    merged: dict[str, Any] = {**kept, **new, "LastUpdatedTime": now().timestamp()}
    merged["TimePeriod"] = {end: _seconds(at) for end, at in merged["TimePeriod"].items()}
    budget.budget = merged
    return {}


def describe_subscribers_for_notification(call: Call) -> Answer:
    """DescribeSubscribersForNotification."""
    found = _notification(call, call.params["Notification"])
    return page(call, "Subscribers", found.subscribers, size="MaxResults", token="NextToken")


def update_notification(call: Call) -> Answer:
    """UpdateNotification."""
    _notification(call, call.params["OldNotification"]).details = call.params["NewNotification"]
    return {}


def create_subscriber(call: Call) -> Answer:
    """CreateSubscriber."""
    _notification(call, call.params["Notification"]).subscribers.append(call.params["Subscriber"])
    return {}


def delete_subscriber(call: Call) -> Answer:
    """DeleteSubscriber."""
    subscribers = _notification(call, call.params["Notification"]).subscribers
    if call.params["Subscriber"] not in subscribers:
        raise ApiError("NotFoundException", "the notification has no such subscriber")
    subscribers.remove(call.params["Subscriber"])
    return {}


def tag_resource(call: Call) -> Answer:
    """TagResource."""
    _tags(call).update({tag["Key"]: tag["Value"] for tag in call.params["ResourceTags"]})
    return {}


def untag_resource(call: Call) -> Answer:
    """UntagResource."""
    for key in call.params["ResourceTagKeys"]:
        _tags(call).pop(key, None)
    return {}


def list_tags_for_resource(call: Call) -> Answer:
    """ListTagsForResource."""
    return {"ResourceTags": [{"Key": key, "Value": value} for key, value in _tags(call).items()]}


def _budget(call: Call, name: str) -> Any:
    found = call.cloud.moto("budgets").budgets[call.account].get(name)
    if found is None:
        raise ApiError("NotFoundException", f"Unable to get budget: {name} - it doesn't exist.")
    return found


def _seconds(time: Any) -> float:
    """moto keeps times as Unix seconds, parsed requests have datetimes."""
    return time.timestamp() if isinstance(time, datetime) else float(time)


def _notification(call: Call, wanted: dict[str, Any]) -> Any:
    for notification in _budget(call, call.params["BudgetName"]).notifications:
        if _identity(notification.details) == _identity(wanted):
            return notification
    raise ApiError("NotFoundException", "the budget has no such notification")


def _identity(details: dict[str, Any]) -> tuple[Any, ...]:
    return (
        details["NotificationType"],
        details["ComparisonOperator"],
        float(details["Threshold"]),
        details.get("ThresholdType") or DEFAULT_TYPE,
    )


def _tags(call: Call) -> dict[str, str]:
    arn = call.params["ResourceARN"]
    _budget(call, arn.rpartition("/")[2])
    return call.cloud.everywhere.table(TAGS).setdefault(arn, {})


OPERATIONS = {
    "CreateBudget": create_budget,
    "CreateSubscriber": create_subscriber,
    "DeleteSubscriber": delete_subscriber,
    "DescribeSubscribersForNotification": describe_subscribers_for_notification,
    "ListTagsForResource": list_tags_for_resource,
    "TagResource": tag_resource,
    "UntagResource": untag_resource,
    "UpdateBudget": update_budget,
    "UpdateNotification": update_notification,
}
