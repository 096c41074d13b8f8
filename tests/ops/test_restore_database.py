"""A database that is restored takes the place of the old one, which stays."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from ops.errors import Refused
from ops.live.engine import database_source, with_database
from ops.restore_database import differences, restore_database, retired_name
from ops.world.database import Source
from tests.ops.memory.faults import Faults
from tests.ops.memory.region import DATABASE, Region
from tests.ops.runbooks import CASES, TARGET, apply

(CASE,) = [case for case in CASES if case.name == "restore-database"]
SNAPSHOT = Source(snapshot="rds:nightly")
OLD = retired_name(DATABASE, SNAPSHOT)


def test_clients_reach_the_restored_one_and_the_old_one_stays(tmp_path: Path) -> None:
    region = CASE.region()
    assert CASE.apply(region, tmp_path / "journal.jsonl")
    found = region.database.instances
    assert set(found) == {DATABASE, OLD}
    assert found[DATABASE].restored_from == "rds:nightly"
    assert found[DATABASE].writable
    assert found[OLD].restored_from is None
    assert region.declaration.adopted == found[DATABASE].resource_id


def test_the_old_instances_name_must_be_typed(tmp_path: Path) -> None:
    region = CASE.region()
    region.faults = Faults(sealed=True)
    with pytest.raises(Refused, match=f"--confirm {DATABASE}"):
        apply(CASE.make, region, tmp_path / "journal.jsonl", lambda _: False)


def test_a_moment_is_as_good_as_a_snapshot(tmp_path: Path) -> None:
    region, source = CASE.region(), Source(moment=1_799_999_000.0)
    book = restore_database(TARGET, DATABASE, source)
    assert apply(lambda _: book, region, tmp_path / "journal.jsonl")
    assert region.database.instances[DATABASE].restored_from == "moment-1799999000"


@pytest.mark.parametrize("source", [Source(), Source(snapshot="a", moment=1.0)])
def test_exactly_one_source_is_given(source: Source) -> None:
    with pytest.raises(Refused, match="exactly one of --snapshot and --moment"):
        restore_database(TARGET, DATABASE, source)


def test_an_unknown_snapshot_is_refused_with_those_that_are(tmp_path: Path) -> None:
    region = CASE.region()
    book = restore_database(TARGET, DATABASE, Source(snapshot="absent"))
    with pytest.raises(Refused, match="give one of rds:nightly"):
        apply(lambda _: book, region, tmp_path / "journal.jsonl")


def test_a_replica_is_not_restored(tmp_path: Path) -> None:
    book = restore_database(TARGET, DATABASE, SNAPSHOT)
    with pytest.raises(Refused, match="is a replica; restore its source, or mlops failover"):
        apply(lambda _: book, Region(), tmp_path / "journal.jsonl")


def test_a_restored_instance_that_differs_is_not_put_in_place(tmp_path: Path) -> None:
    region = CASE.region()
    old = region.database.instances[DATABASE]
    new = replace(
        old,
        identifier=f"{DATABASE}-restored",
        restored_from="rds:nightly",
        encryption_key="another",
        instance_class="db.t4g.micro",
    )
    region.database.instances[new.identifier] = new
    with pytest.raises(Refused, match=r"(?s)instance_class: db.t4g.micro, expected db.r5.large"):
        CASE.apply(region, tmp_path / "journal.jsonl")
    assert region.database.instances[DATABASE] == old
    assert len(differences(old, new, SNAPSHOT)) == 2


def test_a_name_for_the_old_instance_is_one_that_rds_takes() -> None:
    name = retired_name("mlops-platform-production-mlflow-g1", Source(snapshot="rds:" + "a" * 60))
    assert len(name) <= 63
    assert ":" not in name


def test_the_state_takes_the_restored_instance_and_nothing_else_changes() -> None:
    database = {
        "urn": "urn:db",
        "type": "aws:rds/instance:Instance",
        "id": "db-OLD",
        "outputs": {"identifier": "a", "id": "db-OLD", "resourceId": "db-OLD"},
    }
    other = {"urn": "urn:b", "type": "aws:s3/bucket:Bucket", "id": "bucket"}
    taken = with_database({"resources": [database, other], "manifest": 1}, "db-NEW")
    assert taken["manifest"] == 1
    first, second = taken["resources"]
    assert second == other
    assert first["id"] == "db-NEW"
    assert first["outputs"] == {"identifier": "a", "id": "db-NEW", "resourceId": "db-NEW"}


def test_a_state_tells_what_its_database_follows() -> None:
    outputs = {"identifier": "a", "replicateSourceDb": "arn"}
    resource = {"type": "aws:rds/instance:Instance", "outputs": outputs}
    assert database_source([resource], "a") == "arn"
    with pytest.raises(Refused, match="not in the stack's state"):
        database_source([resource], "b")
