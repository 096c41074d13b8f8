"""Where the state lives, and what is refused."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from infra import stack_file
from infra.settings import parse
from ops.bootstrap_state import backend, state_target
from ops.errors import Refused
from tests.ops.memory.region import Region
from tests.ops.memory.state_store import EMPTY
from tests.ops.runbooks import CASES, HOME

ROOT = Path(__file__).parents[2]
(CASE,) = [case for case in CASES if case.name == "bootstrap-state"]


@pytest.mark.parametrize("stack", ["production", "dr"])
def test_the_state_lives_where_one_flees_to_whichever_stack_asks(stack: str) -> None:
    _, home, copy = state_target(stack, stack_file.read(stack, ROOT))
    assert (home.region, copy.region) == ("us-west-2", "us-east-1")
    assert home.bucket == "mlops-platform-state-123456789012"
    assert copy.bucket == "mlops-platform-state-123456789012-backup"


def test_a_stack_without_another_region_is_refused() -> None:
    document = json.loads(stack_file.document("production", ROOT))
    document["peer"] = None
    document["recovery"].pop("witness_region", None)
    with pytest.raises(Refused, match="peer: expected another region"):
        state_target("production", parse("production", json.dumps(document)))


def test_a_bucket_that_is_there_but_open_is_made_safe(tmp_path: Path) -> None:
    region = Region()
    region.store.buckets[HOME] = EMPTY
    assert CASE.apply(region, tmp_path / "journal.jsonl")
    found = region.store.buckets[HOME]
    assert (found.versioned, found.private, found.tls_only) == (True, True, True)


def test_another_account_is_refused(tmp_path: Path) -> None:
    region = Region(account="999999999999")
    with pytest.raises(Refused, match="of account 999999999999"):
        CASE.apply(region, tmp_path / "journal.jsonl")
    assert region.store.keys == {}


def test_the_command_ends_with_how_the_state_is_used() -> None:
    login, init = backend(HOME)
    assert login == "pulumi login 's3://state?region=us-west-2'"
    assert "awskms://alias/mlops-platform-state?region=us-west-2" in init
