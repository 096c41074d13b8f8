"""RDS subnet groups and event subscriptions, after they were made."""

from __future__ import annotations

from rehearsal.cloud.call import Answer, Call
from rehearsal.cloud.errors import ApiError


def modify_db_subnet_group(call: Call) -> Answer:
    """ModifyDBSubnetGroup: moto forgets the group that it modifies."""
    rds = call.here.moto("rds")
    group = rds.subnet_groups.get(call.params["DBSubnetGroupName"])
    if group is None:
        name = call.params["DBSubnetGroupName"]
        raise ApiError("DBSubnetGroupNotFoundFault", f"Subnet Group {name} not found.", 404)
    ec2 = call.here.moto("ec2")
    vars(group)["_subnets"] = [ec2.get_subnet(each) for each in call.params["SubnetIds"]]
    if call.params.get("DBSubnetGroupDescription"):
        group.description = call.params["DBSubnetGroupDescription"]
    found = call.ask("rds", "DescribeDBSubnetGroups", {"DBSubnetGroupName": group.name})
    return {"DBSubnetGroup": found["DBSubnetGroups"][0]}


def modify_event_subscription(call: Call) -> Answer:
    """ModifyEventSubscription."""
    name = call.params["SubscriptionName"]
    subscription = call.here.moto("rds").event_subscriptions.get(name)
    if subscription is None:
        raise ApiError("SubscriptionNotFound", f"Subscription {name} not found.", 404)
    changes = {
        "sns_topic_arn": call.params.get("SnsTopicArn"),
        "source_type": call.params.get("SourceType"),
        "event_categories": call.params.get("EventCategories"),
        "enabled": call.params.get("Enabled"),
    }
    for attribute, value in changes.items():
        if value is not None:
            setattr(subscription, attribute, value)
    found = call.ask("rds", "DescribeEventSubscriptions", {"SubscriptionName": name})
    return {"EventSubscription": found["EventSubscriptionsList"][0]}


OPERATIONS = {
    "ModifyDBSubnetGroup": modify_db_subnet_group,
    "ModifyEventSubscription": modify_event_subscription,
}
