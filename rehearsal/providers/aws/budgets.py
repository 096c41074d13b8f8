"""Budgets with the notifications that belong to them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any, ClassVar

from rehearsal.providers.aws import tagging
from rehearsal.providers.aws.lookup import gone_is_none
from rehearsal.providers.aws.resource import Aws, Resource
from rehearsal.providers.aws.shapes import request, same
from rehearsal.providers.wire import Props, Value, as_list, as_object, is_list, is_object


class Budget(Resource):
    """Global to the account; the ID is `account:name`."""

    token: ClassVar[str] = "aws:budgets/budget:Budget"
    inputs: ClassVar[frozenset[str]] = frozenset(
        {
            "accountId",
            "budgetType",
            "costFilters",
            "costTypes",
            "limitAmount",
            "limitUnit",
            "name",
            "notifications",
            "tags",
            "timePeriodEnd",
            "timePeriodStart",
            "timeUnit",
        }
    )
    required: ClassVar[frozenset[str]] = frozenset({"budgetType", "timeUnit"})
    replaces: ClassVar[frozenset[str]] = frozenset({"accountId", "name"})
    autoname: ClassVar[str | None] = "name"

    def create(self, aws: Aws, props: Props) -> str:
        account = props.get("accountId") or aws.account_id
        marks = tagging.given(aws, "budgets", "CreateBudget", props)
        aws.client("budgets").create_budget(AccountId=account, Budget=_budget(props), **marks)
        return f"{account}:{props['name']}"

    def configure(self, aws: Aws, id_: str, props: Props) -> None:
        for notification in as_list(props.get("notifications")):
            _notify(aws, id_, notification)

    @gone_is_none("NotFoundException")
    def read(self, aws: Aws, id_: str, props: Props) -> Props | None:
        budget = aws.client("budgets").describe_budget(**_key(id_))["Budget"]
        arn = f"arn:aws:budgets::{aws.account_id}:budget/{budget['BudgetName']}"
        shown = {**_described(budget), "tags": tagging.own(aws, "budgets", arn)}
        found = {key: shown.get(key) for key in ("name", "budgetType", "timeUnit", "tags")}
        for key in props.keys() & shown.keys():
            found[key] = _settled(props[key], shown[key])
        if "notifications" in props:
            now = _notifications(aws, id_)
            found["notifications"] = _settled(props["notifications"], now)
        return {**found, "arn": arn, "accountId": id_.partition(":")[0]}

    def update(self, aws: Aws, id_: str, old: Props, new: Props) -> None:
        budgets = aws.client("budgets")
        if not same(_budget(old), _budget(new)):
            account = id_.partition(":")[0]
            budgets.update_budget(AccountId=account, NewBudget=_budget(new))
        before, after = as_list(old.get("notifications")), as_list(new.get("notifications"))
        for notification in (one for one in before if one not in after):
            budgets.delete_notification(**_key(id_), Notification=_notification(notification))
        for notification in (one for one in after if one not in before):
            _notify(aws, id_, notification)
        arn = f"arn:aws:budgets::{aws.account_id}:budget/{new['name']}"
        tagging.retag(aws, "budgets", arn, old, new)

    def delete(self, aws: Aws, id_: str, props: Props) -> None:
        aws.client("budgets").delete_budget(**_key(id_))


_SUBSCRIBERS = (("subscriberEmailAddresses", "EMAIL"), ("subscriberSnsTopicArns", "SNS"))
_RULE = ("notificationType", "comparisonOperator", "threshold", "thresholdType")


def _key(id_: str) -> dict[str, str]:
    account, _, name = id_.partition(":")
    return {"AccountId": account, "BudgetName": name}


def _budget(props: Props) -> dict[str, Any]:
    shape: Props = {
        "budgetName": props["name"],
        "budgetType": props["budgetType"],
        "timeUnit": props["timeUnit"],
    }
    if "costTypes" in props:
        shape["costTypes"] = props["costTypes"]
    if "limitAmount" in props:
        shape["budgetLimit"] = {"amount": props["limitAmount"], "unit": props["limitUnit"]}
    if props.get("costFilters"):
        shape["costFilters"] = {one["name"]: one["values"] for one in props["costFilters"]}
    asked = request("budgets", "CreateBudget", {"budget": shape})["Budget"]
    ends = (("timePeriodStart", "Start"), ("timePeriodEnd", "End"))
    period = {member: _time(props[key]) for key, member in ends if props.get(key)}
    return {**asked, **({"TimePeriod": period} if period else {})}


def _described(budget: Mapping[str, Any]) -> Props:
    period, limit = as_object(budget.get("TimePeriod")), as_object(budget.get("BudgetLimit"))
    types = as_object(budget.get("CostTypes"))
    return {
        "name": budget["BudgetName"],
        "budgetType": budget["BudgetType"],
        "timeUnit": budget["TimeUnit"],
        "limitAmount": limit.get("Amount"),
        "limitUnit": limit.get("Unit"),
        "costTypes": {f"{name[0].lower()}{name[1:]}": value for name, value in types.items()},
        "costFilters": [
            {"name": name, "values": values}
            for name, values in as_object(budget.get("CostFilters")).items()
        ],
        "timePeriodStart": _written(period.get("Start")),
        "timePeriodEnd": _written(period.get("End")),
    }


def _notifications(aws: Aws, id_: str) -> list[Props]:
    budgets = aws.client("budgets")
    found = as_list(budgets.describe_notifications_for_budget(**_key(id_)).get("Notifications"))
    return [_with_subscribers(budgets, id_, one) for one in found]


def _with_subscribers(budgets: Any, id_: str, found: Mapping[str, Any]) -> Props:
    shown: Props = {key: found.get(f"{key[0].upper()}{key[1:]}") for key in _RULE}
    asked = _notification(shown)
    subscribers = budgets.describe_subscribers_for_notification(**_key(id_), Notification=asked)
    for key, kind in _SUBSCRIBERS:
        addresses = [
            one["Address"] for one in subscribers["Subscribers"] if one["SubscriptionType"] == kind
        ]
        if addresses:
            shown[key] = sorted(addresses)
    return shown


def _notification(given: Props) -> dict[str, Any]:
    rule = {key: given[key] for key in _RULE if given.get(key) is not None}
    return request("budgets", "CreateNotification", {"notification": rule})["Notification"]


def _notify(aws: Aws, id_: str, given: Props) -> None:
    subscribers = [
        {"SubscriptionType": kind, "Address": address}
        for key, kind in _SUBSCRIBERS
        for address in as_list(given.get(key))
    ]
    aws.client("budgets").create_notification(
        **_key(id_), Notification=_notification(given), Subscribers=subscribers
    )


def _settled(given: Value, now: Value) -> Value:
    """`given` when `now` means the same; amounts are decimal texts, empty lists nothing."""
    return given if same(_plain(given), _plain(now)) else now


def _plain(value: Value) -> Value:
    if is_object(value):
        return {key: _plain(part) for key, part in value.items() if part != []}
    if is_list(value):
        return [_plain(part) for part in value]
    return _number(value)


def _number(value: Value) -> Value:
    try:
        return value if isinstance(value, bool) else f"{float(value):g}"
    except (TypeError, ValueError):
        return value


def _time(text: str) -> datetime:
    return datetime.strptime(text, "%Y-%m-%d_%H:%M").replace(tzinfo=UTC)


def _written(time: datetime | None) -> str | None:
    return time.astimezone(UTC).strftime("%Y-%m-%d_%H:%M") if time else None


RESOURCES: Sequence[Resource] = (Budget(),)
