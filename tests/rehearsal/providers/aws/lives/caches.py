"""Lives of ElastiCache's resources, and of EventBridge rules and targets."""

from __future__ import annotations

import json
from typing import Any

from tests.rehearsal.providers.aws.account import Account
from tests.rehearsal.providers.aws.life import Life

SUBNETS = (
    "aws:elasticache/subnetGroup:SubnetGroup",
    {"name": "store", "subnetIds": ["{subnet_a}", "{subnet_b}"]},
)
USER = (
    "aws:elasticache/user:User",
    {
        "userId": "feast",
        "userName": "feast",
        "engine": "valkey",
        "accessString": "on ~* +@read",
        "passwordsWo": "a-long-password-of-32-chars",
        "passwordsWoVersion": 1,
    },
)
OTHER = ("aws:elasticache/user:User", {**USER[1], "userId": "batch", "userName": "batch"})
USERS = (
    "aws:elasticache/userGroup:UserGroup",
    {"userGroupId": "store", "engine": "valkey", "userIds": ["{before.one.id}"]},
)
SLOW_LOG = {
    "destination": "/aws/elasticache/store/slow-log",
    "destinationType": "cloudwatch-logs",
    "logFormat": "json",
    "logType": "slow-log",
}
SPOT = json.dumps({"detail-type": ["EC2 Spot Instance Interruption Warning"]})
STATE = json.dumps({"source": ["aws.ec2"]})
RULE = ("aws:cloudwatch/eventRule:EventRule", {"name": "spot", "eventPattern": SPOT})
QUEUE = ("aws:sqs/queue:Queue", {"name": "interruptions"})


def _group(account: Account, name: str) -> Any:
    found = account("elasticache").describe_replication_groups(ReplicationGroupId=name)
    return found["ReplicationGroups"][0]


def _users(account: Account, name: str) -> Any:
    found = account("elasticache").describe_user_groups(UserGroupId=name)
    return found["UserGroups"][0]["UserIds"]


def _subnets(account: Account, name: str) -> Any:
    found = account("elasticache").describe_cache_subnet_groups(CacheSubnetGroupName=name)
    return len(found["CacheSubnetGroups"][0]["Subnets"])


def _parameters(account: Account, name: str) -> Any:
    found = account("elasticache").describe_cache_parameters(CacheParameterGroupName=name)
    return {one["ParameterName"]: one["ParameterValue"] for one in found["Parameters"]}


LIVES = (
    Life(
        token=SUBNETS[0],
        props={**SUBNETS[1], "tags": {"Name": "store"}},
        change={"subnetIds": ["{subnet_a}"], "tags": {"Name": "cache"}},
        look=_subnets,
        shows=1,
        meddle=lambda account, name: account("elasticache").delete_cache_subnet_group(
            CacheSubnetGroupName=name
        ),
    ),
    Life(
        token="aws:elasticache/parameterGroup:ParameterGroup",
        props={
            "name": "store",
            "family": "valkey8",
            "parameters": [
                {"name": "maxmemory-policy", "value": "volatile-lru"},
                {"name": "timeout", "value": "300"},
            ],
            "tags": {"Name": "store"},
        },
        change={"parameters": [{"name": "maxmemory-policy", "value": "allkeys-lru"}]},
        look=_parameters,
        shows={"maxmemory-policy": "allkeys-lru"},
        meddle=lambda account, name: account("elasticache").reset_cache_parameter_group(
            CacheParameterGroupName=name, ResetAllParameters=True
        ),
    ),
    Life(
        token=USER[0],
        props={**USER[1], "tags": {"Name": "feast"}},
        change={"accessString": "on ~* +@all", "tags": {"Name": "store"}},
        look=lambda account, name: account("elasticache").describe_users(UserId=name)["Users"][0][
            "AccessString"
        ],
        shows="on ~* +@all",
        meddle=lambda account, name: account("elasticache").modify_user(
            UserId=name, AccessString="off"
        ),
    ),
    Life(
        token="aws:elasticache/userGroup:UserGroup",
        before={"one": USER, "two": OTHER},
        props={"userGroupId": "store", "engine": "valkey", "userIds": ["{before.one.id}"]},
        change={"userIds": ["{before.two.id}"], "tags": {"Name": "store"}},
        look=_users,
        shows=["batch"],
        meddle=lambda account, name: account("elasticache").modify_user_group(
            UserGroupId=name, UserIdsToAdd=["feast"]
        ),
    ),
    Life(
        token="aws:elasticache/replicationGroup:ReplicationGroup",
        before={"subnets": SUBNETS, "one": USER, "users": USERS},
        props={
            "replicationGroupId": "store",
            "description": "Features",
            "engine": "valkey",
            "engineVersion": "8.1",
            "nodeType": "cache.r6g.large",
            "numCacheClusters": 3,
            "automaticFailoverEnabled": True,
            "multiAzEnabled": True,
            "atRestEncryptionEnabled": True,
            "transitEncryptionEnabled": True,
            "transitEncryptionMode": "required",
            "userGroupIds": ["{before.users.id}"],
            "logDeliveryConfigurations": [SLOW_LOG],
            "kmsKeyId": "{key}",
            "subnetGroupName": "{before.subnets.id}",
            "securityGroupIds": ["{group}"],
            "snapshotRetentionLimit": 7,
            "tags": {"Name": "store"},
        },
        change={
            "nodeType": "cache.r6g.xlarge",
            "numCacheClusters": 4,
            "logDeliveryConfigurations": [],
            "tags": {"Name": "features"},
        },
        look=lambda account, name: [
            _group(account, name)["CacheNodeType"],
            _group(account, name)["MultiAZ"],
            len(_group(account, name)["MemberClusters"]),
            _group(account, name)["LogDeliveryConfigurations"],
        ],
        shows=["cache.r6g.xlarge", "enabled", 4, []],
        meddle=lambda account, name: account("elasticache").delete_replication_group(
            ReplicationGroupId=name
        ),
    ),
    Life(
        token=RULE[0],
        props={**RULE[1], "description": "Spot", "tags": {"Name": "spot"}},
        change={"eventPattern": STATE, "tags": {"Name": "state"}},
        look=lambda account, name: account("events").describe_rule(Name=name)["EventPattern"],
        shows=STATE,
        meddle=lambda account, name: account("events").delete_rule(Name=name),
    ),
    Life(
        token="aws:cloudwatch/eventTarget:EventTarget",
        before={"rule": RULE, "queue": QUEUE},
        props={"rule": "{before.rule.id}", "targetId": "queue", "arn": "{before.queue.arn}"},
        meddle=lambda account, name: account("events").remove_targets(Rule="spot", Ids=["queue"]),
    ),
)
