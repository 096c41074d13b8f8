"""What is particular to databases and secrets: names, passwords, promotion, last snapshots,
and values that are never changed."""

from __future__ import annotations

from typing import Any

import pytest

from rehearsal.providers.plugin import PluginError
from tests.rehearsal.providers.aws.life import Living
from tests.rehearsal.providers.aws.lives.databases import DATABASE, SMALL, SUBNETS, instance
from tests.rehearsal.providers.aws.lives.secret_values import SECRET

VERSION = "aws:secretsmanager/secretVersion:SecretVersion"


def source(living: Living, **changed: Any) -> str:
    """A small database and what it needs; its resource ID."""
    living.make(*SUBNETS, "subnets")
    return living.make(SMALL[0], {**SMALL[1], **changed}, "source").found.id


def replica(living: Living, **changed: Any) -> str:
    """A replica of that database; its resource ID."""
    props = {
        "identifier": "follower",
        "replicateSourceDb": "{before.source.identifier}",
        "instanceClass": "db.t3.medium",
        "skipFinalSnapshot": True,
        **changed,
    }
    return living.make("aws:rds/instance:Instance", props, "replica").found.id


def test_another_name_keeps_the_database_and_its_id(living: Living) -> None:
    before = source(living, identifier="named")
    living.deploy({"identifier": "renamed", "applyImmediately": True}, "source")
    assert living.made["source"].found.id == before
    assert instance(living.account, "renamed")["DbiResourceId"] == before


def test_a_write_only_password_is_nowhere_in_the_state(living: Living) -> None:
    source(living, password=None, passwordWo="a-hidden-long-value", passwordWoVersion=1)
    assert "a-hidden-long-value" not in str(living.made["source"].found.outputs)


def test_a_write_only_password_is_sent_again_when_its_version_changes(living: Living) -> None:
    source(living, password=None, passwordWo="a-hidden-long-value", passwordWoVersion=1)
    made = living.made["source"]
    only_value = {**made.inputs, "passwordWo": "another-long-value"}
    assert not living.provider.diff(made.subject, made.inputs, only_value).changed
    changed = {**only_value, "passwordWoVersion": 2}
    assert living.provider.diff(made.subject, made.inputs, changed).changed == ["passwordWoVersion"]


def test_a_replica_without_its_source_is_promoted_in_place(living: Living) -> None:
    source(living)
    before = replica(living)
    living.deploy({"replicateSourceDb": None, "backupRetentionPeriod": 7}, "replica")
    found = instance(living.account, "follower")
    assert "ReadReplicaSourceDBInstanceIdentifier" not in found
    assert found["DbiResourceId"] == before


def test_a_promotion_behind_the_providers_back_is_drift(living: Living) -> None:
    source(living)
    replica(living)
    living.account("rds").promote_read_replica(DBInstanceIdentifier="follower")
    found = living.refreshed("replica")
    assert found is not None
    assert found.inputs["replicateSourceDb"] == ""


def test_a_replica_that_somebody_else_made_is_taken_in_and_asked_for_without_a_change(
    living: Living,
) -> None:
    source(living)
    replica(living)
    made = living.made["replica"]
    follows = made.inputs["replicateSourceDb"]
    told_nothing = {key: made.inputs[key] for key in made.inputs if key != "replicateSourceDb"}
    found = living.provider.read(made.subject, made.found.id, told_nothing)
    assert found is not None
    assert found.inputs["replicateSourceDb"].rpartition(":")[2] == "source"
    wanted = {**found.inputs, "replicateSourceDb": found.inputs["replicateSourceDb"]}
    assert living.provider.diff(made.subject, found.inputs, wanted).changed == []
    assert follows


def test_a_replica_cannot_follow_another_source(living: Living) -> None:
    source(living)
    replica(living)
    with pytest.raises(PluginError, match="cannot follow another source"):
        living.deploy({"replicateSourceDb": "someone-else"}, "replica")


def test_a_database_is_not_deleted_without_a_name_for_its_last_snapshot(living: Living) -> None:
    source(living, skipFinalSnapshot=False)
    with pytest.raises(PluginError, match="finalSnapshotIdentifier: source is deleted with"):
        living.delete("source")
    living.deploy({"skipFinalSnapshot": True}, "source")


def test_the_last_snapshot_stays_when_the_database_goes(living: Living) -> None:
    source(living, skipFinalSnapshot=False, finalSnapshotIdentifier="source-final")
    living.delete("source")
    rds = living.account("rds")
    left = rds.describe_db_snapshots(DBSnapshotIdentifier="source-final")["DBSnapshots"]
    assert left[0]["DBInstanceIdentifier"] == "source"
    rds.delete_db_snapshot(DBSnapshotIdentifier="source-final")


def test_a_minor_version_that_was_left_open_is_no_drift(living: Living) -> None:
    source(living, engineVersion="17")
    found = living.refreshed("source")
    assert found is not None
    assert found.inputs["engineVersion"] == "17"
    assert found.outputs["engineVersionActual"].startswith("17")


def test_a_protected_database_is_not_deleted(living: Living) -> None:
    living.make(*SUBNETS, "subnets")
    living.make(DATABASE[0], {**SMALL[1], "deletionProtection": True}, "source")
    with pytest.raises(PluginError, match="protection"):
        living.delete("source")
    living.deploy({"deletionProtection": None}, "source")


def test_another_value_of_a_secret_is_another_version(living: Living) -> None:
    living.make(*SECRET, "secret")
    made = living.make(VERSION, {"secretId": "{before.secret.id}", "secretString": "one"})
    news = {**made.inputs, "secretString": "two"}
    assert living.provider.diff(made.subject, made.inputs, news).replaces == ["secretString"]


def test_a_write_only_value_of_a_secret_is_nowhere_in_the_state(living: Living) -> None:
    living.make(*SECRET, "secret")
    made = living.make(
        VERSION,
        {
            "secretId": "{before.secret.id}",
            "secretStringWo": "a-hidden-value",
            "secretStringWoVersion": 1,
        },
    )
    assert "a-hidden-value" not in str(made.found.outputs)
    assert made.found.outputs["hasSecretStringWo"] is True
    stored = living.account("secretsmanager").get_secret_value(SecretId=made.inputs["secretId"])
    assert stored["SecretString"] == "a-hidden-value"


def test_a_secret_in_its_recovery_window_is_gone(living: Living) -> None:
    living.make(SECRET[0], {"name": "kept-a-while", "recoveryWindowInDays": 7})
    living.delete()
    assert living.refreshed() is None
    left = living.account("secretsmanager").describe_secret(SecretId="kept-a-while")
    assert "DeletedDate" in left
