"""Examples of refusals in ElastiCache."""

from __future__ import annotations

from typing import Any

from tests.rehearsal.cloud.account import KEY, Account
from tests.rehearsal.cloud.refusals.example import Examples, Refused

EXAMPLES = Examples()
PASSWORD = "a-password-of-20-chars"


def group(a: Account, name: str = "store", **more: Any) -> None:
    """A replication group of three nodes."""
    asked: dict[str, Any] = {
        "ReplicationGroupId": name,
        "ReplicationGroupDescription": "Features",
        "Engine": "valkey",
        "EngineVersion": "8.1",
        "CacheNodeType": "cache.r6g.large",
        "NumCacheClusters": 3,
        "AutomaticFailoverEnabled": True,
        "MultiAZEnabled": True,
        "TransitEncryptionEnabled": True,
        **more,
    }
    given = {key: value for key, value in asked.items() if value is not None}
    a.elasticache.create_replication_group(**given)


def user(a: Account, name: str = "feast", **more: Any) -> None:
    asked: dict[str, Any] = {
        "UserId": name,
        "UserName": name,
        "Engine": "valkey",
        "AccessString": "on ~* +@read",
        "Passwords": [PASSWORD],
        **more,
    }
    a.elasticache.create_user(**{key: value for key, value in asked.items() if value is not None})


def user_group(a: Account, name: str = "clients", **more: Any) -> None:
    asked = {"UserGroupId": name, "Engine": "valkey", "UserIds": ["feast"], **more}
    a.elasticache.create_user_group(**asked)


def subnet_group(a: Account, subnets: list[str], name: str = "data") -> None:
    a.elasticache.create_cache_subnet_group(
        CacheSubnetGroupName=name, CacheSubnetGroupDescription="d", SubnetIds=subnets
    )


def parameters(a: Account, name: str = "tuned", family: str = "valkey8") -> None:
    a.elasticache.create_cache_parameter_group(
        CacheParameterGroupName=name, CacheParameterGroupFamily=family, Description="d"
    )


def asked(rule: str, wrong: dict[str, Any], right: dict[str, Any]) -> None:
    """The example of a rule that judges only what a replication group is asked with."""

    @EXAMPLES.of(rule)
    def _(a: Account, refused: Refused) -> None:
        refused(group, a, **({"name": "wrong"} | wrong))
        group(a, **({"name": "right"} | right))


asked("a replication group's ID is an identifier", {"name": "two--hyphens"}, {"name": "one-hyphen"})
asked(
    "a cache's node type exists",
    {"CacheNodeType": "cache.r6g.huge"},
    {"CacheNodeType": "cache.r7g.large"},
)
asked("a cache's engine version exists", {"EngineVersion": "8.9"}, {"EngineVersion": "7.2"})
asked(
    "failover needs a replica",
    {"NumCacheClusters": 1, "MultiAZEnabled": False},
    {"NumCacheClusters": 2},
)
asked("several zones need failover", {"AutomaticFailoverEnabled": False}, {})
asked("a shard has five replicas at most", {"NumCacheClusters": 7}, {"NumCacheClusters": 6})
asked(
    "a mode of TLS needs TLS",
    {"TransitEncryptionEnabled": False, "TransitEncryptionMode": "required"},
    {"TransitEncryptionMode": "required"},
)
asked(
    "a cache's snapshots are kept for 35 days at most",
    {"SnapshotRetentionLimit": 36},
    {"SnapshotRetentionLimit": 35},
)


@EXAMPLES.of("a replication group's ID is free")
def _(a: Account, refused: Refused) -> None:
    group(a)
    refused(group, a)


@EXAMPLES.of("a cache's engine does not go back")
def _(a: Account, refused: Refused) -> None:
    group(a)
    refused(a.elasticache.modify_replication_group, ReplicationGroupId="store", EngineVersion="8.0")
    a.elasticache.modify_replication_group(ReplicationGroupId="store", EngineVersion="8.2")


@EXAMPLES.of("several zones need subnets in them")
def _(a: Account, refused: Refused) -> None:
    subnets = a.subnets(a.vpc())
    subnet_group(a, subnets[:1], "one")
    subnet_group(a, subnets, "three")
    refused(group, a, CacheSubnetGroupName="one")
    group(a, CacheSubnetGroupName="three")


@EXAMPLES.of("failover keeps a replica")
def _(a: Account, refused: Refused) -> None:
    group(a)
    change = {"ReplicationGroupId": "store", "ApplyImmediately": True}
    refused(a.elasticache.decrease_replica_count, NewReplicaCount=0, **change)
    a.elasticache.decrease_replica_count(NewReplicaCount=1, **change)


@EXAMPLES.of("a cache's subnet group exists")
def _(a: Account, refused: Refused) -> None:
    refused(group, a, CacheSubnetGroupName="absent")
    subnet_group(a, a.subnets(a.vpc()))
    group(a, CacheSubnetGroupName="data")


@EXAMPLES.of("a cache's parameter group exists")
def _(a: Account, refused: Refused) -> None:
    refused(group, a, CacheParameterGroupName="absent")
    parameters(a)
    group(a, CacheParameterGroupName="tuned")


@EXAMPLES.of("a cache's parameters are of its engine's family")
def _(a: Account, refused: Refused) -> None:
    parameters(a, "old", "valkey7")
    refused(group, a, CacheParameterGroupName="old")
    group(a, EngineVersion="7.2", CacheParameterGroupName="old")


@EXAMPLES.of("a cache's security groups are in its VPC")
def _(a: Account, refused: Refused) -> None:
    vpc = a.vpc()
    subnet_group(a, a.subnets(vpc))
    elsewhere = a.group(a.vpc("10.1.0.0/16"))
    refused(group, a, CacheSubnetGroupName="data", SecurityGroupIds=[elsewhere])
    group(a, CacheSubnetGroupName="data", SecurityGroupIds=[a.group(vpc)])


@EXAMPLES.of("a cache's key can be used")
def _(a: Account, refused: Refused) -> None:
    refused(group, a, AtRestEncryptionEnabled=True, KmsKeyId=KEY)
    refused(group, a, AtRestEncryptionEnabled=True, KmsKeyId=a.retired_key())
    group(a, AtRestEncryptionEnabled=True, KmsKeyId=a.key())


@EXAMPLES.of("a cache with a key is encrypted")
def _(a: Account, refused: Refused) -> None:
    key = a.key()
    refused(group, a, KmsKeyId=key)
    group(a, AtRestEncryptionEnabled=True, KmsKeyId=key)


@EXAMPLES.of("users of a cache need TLS")
def _(a: Account, refused: Refused) -> None:
    user(a)
    user_group(a)
    refused(group, a, TransitEncryptionEnabled=False, UserGroupIds=["clients"])
    group(a, UserGroupIds=["clients"])


@EXAMPLES.of("a cache's TLS is not switched off at once")
def _(a: Account, refused: Refused) -> None:
    group(a, TransitEncryptionMode="required")
    change: dict[str, Any] = {"ReplicationGroupId": "store", "ApplyImmediately": True}
    refused(a.elasticache.modify_replication_group, TransitEncryptionEnabled=False, **change)
    a.elasticache.modify_replication_group(TransitEncryptionMode="preferred", **change)
    a.elasticache.modify_replication_group(TransitEncryptionEnabled=False, **change)


@EXAMPLES.of("a cache user's ID fits")
def _(a: Account, refused: Refused) -> None:
    refused(user, a, "u" * 41)
    user(a, "u" * 40)


@EXAMPLES.of("a cache user's ID is free")
def _(a: Account, refused: Refused) -> None:
    user(a)
    refused(user, a)


@EXAMPLES.of("a cache user's password is long enough")
def _(a: Account, refused: Refused) -> None:
    refused(user, a, Passwords=["short"])
    user(a)


@EXAMPLES.of("a cache user signs in somehow")
def _(a: Account, refused: Refused) -> None:
    refused(user, a, Passwords=None)
    user(a)


@EXAMPLES.of("every user of Valkey has a password")
def _(a: Account, refused: Refused) -> None:
    refused(user, a, Passwords=None, NoPasswordRequired=True)
    user(a, Engine="redis", Passwords=None, NoPasswordRequired=True)


@EXAMPLES.of("a user group's ID fits")
def _(a: Account, refused: Refused) -> None:
    user(a)
    refused(user_group, a, "c" * 41)
    user_group(a, "c" * 40)


@EXAMPLES.of("a user group's ID is free")
def _(a: Account, refused: Refused) -> None:
    user(a)
    user_group(a)
    refused(user_group, a)


@EXAMPLES.of("a user group of Redis has the default user")
def _(a: Account, refused: Refused) -> None:
    user(a, Engine="redis")
    user(a, "open", UserName="default", Engine="redis")
    refused(user_group, a, Engine="redis")
    user_group(a, Engine="redis", UserIds=["feast", "open"])


@EXAMPLES.of("a user group names each user once")
def _(a: Account, refused: Refused) -> None:
    user(a)
    user(a, "second", UserName="feast")
    refused(user_group, a, UserIds=["feast", "second"])
    user_group(a)


@EXAMPLES.of("a user group in use stays")
def _(a: Account, refused: Refused) -> None:
    user(a)
    user_group(a)
    group(a, UserGroupIds=["clients"])
    refused(a.elasticache.delete_user_group, UserGroupId="clients")
    a.elasticache.delete_replication_group(ReplicationGroupId="store")
    a.elasticache.delete_user_group(UserGroupId="clients")


@EXAMPLES.of("a cache subnet group's name is free")
def _(a: Account, refused: Refused) -> None:
    subnets = a.subnets(a.vpc())
    subnet_group(a, subnets)
    refused(subnet_group, a, subnets)


@EXAMPLES.of("a cache's subnets exist in one VPC")
def _(a: Account, refused: Refused) -> None:
    here = a.subnets(a.vpc())
    there = a.ec2.create_subnet(VpcId=a.vpc("10.1.0.0/16"), CidrBlock="10.1.0.0/24")
    refused(subnet_group, a, [*here, there["Subnet"]["SubnetId"]])
    refused(subnet_group, a, ["subnet-00000000"])
    subnet_group(a, here)


@EXAMPLES.of("a subnet of a cache stays in its group")
def _(a: Account, refused: Refused) -> None:
    subnets = a.subnets(a.vpc())
    subnet_group(a, subnets[:2])
    group(a, CacheSubnetGroupName="data")
    change = a.elasticache.modify_cache_subnet_group
    refused(change, CacheSubnetGroupName="data", SubnetIds=subnets[1:])
    change(CacheSubnetGroupName="data", SubnetIds=subnets)


@EXAMPLES.of("a cache subnet group in use stays")
def _(a: Account, refused: Refused) -> None:
    subnet_group(a, a.subnets(a.vpc()))
    group(a, CacheSubnetGroupName="data")
    refused(a.elasticache.delete_cache_subnet_group, CacheSubnetGroupName="data")
    a.elasticache.delete_replication_group(ReplicationGroupId="store")
    a.elasticache.delete_cache_subnet_group(CacheSubnetGroupName="data")


@EXAMPLES.of("a cache parameter group's name is free")
def _(a: Account, refused: Refused) -> None:
    parameters(a)
    refused(parameters, a)


@EXAMPLES.of("a cache parameter group's family exists")
def _(a: Account, refused: Refused) -> None:
    refused(parameters, a, family="valkey6")
    parameters(a)


@EXAMPLES.of("a cache parameter group in use stays")
def _(a: Account, refused: Refused) -> None:
    parameters(a)
    group(a, CacheParameterGroupName="tuned")
    refused(a.elasticache.delete_cache_parameter_group, CacheParameterGroupName="tuned")
    a.elasticache.delete_replication_group(ReplicationGroupId="store")
    a.elasticache.delete_cache_parameter_group(CacheParameterGroupName="tuned")
