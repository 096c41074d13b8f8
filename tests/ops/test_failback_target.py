"""What a failback is of: two stack files that belong together, and both stacks' outputs."""

from __future__ import annotations

from typing import Any

import pytest

from infra.outputs import Outputs, load
from ops.errors import Refused
from ops.failback.target import CopiedBucket, Failback, failback_of
from tests.infra.services.stacks import settings_of
from tests.ops.parity import stacks


def _outputs(environment: str) -> Outputs:
    buckets = {
        purpose: {"name": f"{environment}-{purpose}", "arn": f"arn:aws:s3:::{purpose}"}
        for purpose in ("models", "backups", "logs")
    }
    told = stacks.told(environment)
    groups = {"system": f"{environment}-system", "compute": f"{environment}-compute"}
    cluster = {**told["cluster"], "node_groups": groups}
    return load({**told, "cluster": cluster, "buckets": buckets})


def _made(stack: str = "dr", without: tuple[str, ...] = (), **changes: Any) -> Failback:
    settings = settings_of(stack).model_copy(update=changes)
    home = settings_of("production")
    return failback_of(stack, settings, _outputs("dr"), home, _outputs("production"), without)


def test_the_fence_goes_to_production_and_the_journal_is_the_standbys() -> None:
    found = _made()
    assert found.target.stack == "dr"
    assert found.target.holder == found.target.region == "us-east-1"
    assert found.target.platform == "mlops-platform-production"
    assert found.away.region == found.home.lost_region == "us-west-2"


def test_production_gets_its_own_sizes() -> None:
    declared = settings_of("production")
    found = _made().home
    assert found.gpu is not None
    assert declared.gpu is not None
    assert found.gpu.vcpus == declared.gpu.desired * 4
    assert {str(one) for one in found.workloads} >= {"mlops-platform/mlflow"}
    assert found.backup_days == declared.database.backup_retention_days


def test_the_standby_gets_its_own_sizes_back() -> None:
    declared = settings_of("dr").cluster.node_groups
    wanted = {f"dr-{name}": pool.desired for name, pool in declared.items()}
    assert _made().away.pools == wanted


def test_buckets_that_the_link_copies_are_waited_for_and_logs_are_not() -> None:
    assert _made().buckets == [
        CopiedBucket(source="dr-models", target="production-models"),
        CopiedBucket(source="dr-backups", target="production-backups"),
    ]


def test_a_stack_that_stands_in_for_none_is_refused() -> None:
    with pytest.raises(Refused, match="stack production: source_stack, peer: expected the stack"):
        _made("production")


def test_a_stack_that_stands_in_for_another_platform_is_refused() -> None:
    peer = settings_of("dr").peer
    assert peer is not None
    with pytest.raises(Refused, match="stands in for mlops-platform-production"):
        _made(peer=peer.model_copy(update={"prefix": "another"}))


def test_stacks_of_two_accounts_are_refused() -> None:
    with pytest.raises(Refused, match="account_id: expected 123456789012.*not 999999999999"):
        _made(account_id="999999999999")


def test_an_unknown_model_cannot_be_left_out() -> None:
    with pytest.raises(Refused, match="--without absent: expected one of the stack's models"):
        _made(without=("absent",))
