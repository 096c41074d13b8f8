"""Stack files: the committed ones are accepted as the runbooks say, malformed ones refused."""

from __future__ import annotations

import json
import subprocess
import sys
import time
from typing import Any, cast

import pytest
from pydantic import ValidationError

from infra.settings import Settings, SettingsError, parse
from tests.infra.documents import (
    ROOT,
    committed,
    keys_in,
    parsed,
    refusal_of,
    with_values,
    without,
)
from tests.infra.malformed import MALFORMED, Malformed


@pytest.fixture
def production() -> Settings:
    return parsed(committed("production"))


def test_production_has_the_node_groups_of_the_runbook(production: Settings) -> None:
    groups = production.cluster.node_groups
    sizes = {name: (group.desired, group.instance_type) for name, group in groups.items()}
    assert sizes == {"system": (3, "m5.large"), "compute": (3, "m5.2xlarge")}
    assert production.gpu is not None
    assert (production.gpu.desired, production.gpu.instance_type) == (2, "g4dn.xlarge")


def test_production_has_the_network_and_days_of_the_runbook(production: Settings) -> None:
    assert production.network.cidr == "10.0.0.0/16"
    assert len(production.network.zones) == 2
    assert production.logs.retention_days == 30
    buckets = production.buckets
    days = (buckets.infrequent_access_days, buckets.glacier_days, buckets.noncurrent_days)
    assert days == (90, 180, 30)


def test_production_has_the_database_of_the_runbook(production: Settings) -> None:
    database = production.database
    assert database.instance_class == "db.r5.large"
    assert database.backup_retention_days == 7
    assert database.multi_az


def test_dr_replicates_production_and_both_files_agree_on_their_names() -> None:
    dr, production = parsed(committed("dr"), "dr"), parsed(committed("production"))
    assert dr.role == "standby"
    for one, other in ((dr, production), (production, dr)):
        assert one.peer is not None
        assert one.peer.prefix == other.prefix
        assert one.peer.cidr == other.network.cidr
        assert one.peer.region == other.region
        assert one.peer.data_generation == other.data_generation


def test_settings_cannot_be_changed(production: Settings) -> None:
    with pytest.raises(ValidationError, match="frozen"):
        production.network.cidr = "10.9.0.0/16"  # pyright: ignore[reportAttributeAccessIssue]


@pytest.mark.parametrize("case", MALFORMED, ids=str)
def test_a_malformed_stack_file_is_refused_naming_the_key(case: Malformed) -> None:
    document = with_values(committed("production"), {**case.also, case.at: case.value})
    assert case.named in keys_in(refusal_of(document))


def test_there_are_at_least_80_malformed_stack_files() -> None:
    assert len({str(case) + str(case.also) for case in MALFORMED}) >= 80


COMPUTE = "cluster.node_groups.compute"
NAMESPACE = "registry.namespace"
"""Keys of production's file that a stack may do without."""


def _required(section: dict[str, Any], at: str = "") -> list[str]:
    paths: list[str] = []
    for key, value in section.items():
        paths.append(f"{at}{key}")
        if isinstance(value, dict):
            paths += _required(cast("dict[str, Any]", value), f"{at}{key}.")
    return paths


@pytest.mark.parametrize(
    "path", _required(without(without(committed("production"), COMPUTE), NAMESPACE))
)
def test_a_key_that_is_left_out_is_named(path: str) -> None:
    message = refusal_of(without(committed("production"), path))
    assert any(key in (path, path.rpartition(".")[0]) for key in keys_in(message)), message


def test_all_wrong_keys_are_listed_in_one_message() -> None:
    document = with_values(
        committed("production"),
        {"region": "mars", "cluster.version": "1.0", "logs.retention_days": 31},
    )
    assert keys_in(refusal_of(document)) == ["cluster.version", "logs.retention_days", "region"]


def test_contradictions_are_listed_beside_wrong_values() -> None:
    document = with_values(
        committed("production"),
        {
            "cluster.node_groups.compute.disk_gib": 1,
            "cluster.node_groups.compute.desired": 99,
            "peer.cidr": "10.0.0.0/16",
            "network.nat": "none",
        },
    )
    assert keys_in(refusal_of(document)) == [
        "cluster.node_groups.compute.desired",
        "cluster.node_groups.compute.disk_gib",
        "network.nat",
        "peer.cidr",
    ]


def test_a_rule_is_not_judged_on_a_value_that_was_refused() -> None:
    document = with_values(committed("production"), {"network.cidr": "everything"})
    assert keys_in(refusal_of(document)) == ["network.cidr"]


def test_a_message_says_what_was_expected_and_what_was_found() -> None:
    message = refusal_of(with_values(committed("production"), {"logs.retention_days": 31}))
    assert message.startswith("Pulumi.production.yaml: 1 wrong key; nothing was deployed.")
    assert "logs.retention_days: expected a number of days that CloudWatch accepts" in message
    assert "not 31" in message
    assert "run the command again" in message


def test_a_bare_off_is_explained() -> None:
    document = with_values(committed("production"), {"guardrails.config.ownership": False})
    assert "in quotes: YAML reads a bare off as false), not false" in refusal_of(document)


def test_an_unknown_key_is_answered_with_the_known_ones() -> None:
    document = with_values(committed("production"), {"logs.days": 30})
    assert "logs.days: unknown key, expected one of retention_days" in refusal_of(document)


@pytest.mark.parametrize(
    ("path", "value"),
    [
        ("database.password", "hunter2-hunter2"),
        ("database.master_username", "wJalrXUtnFEMIK7MDENGbPxRfiCYzEXAMPLEKEYx"),
        ("owner", "AKIAIOSFODNN7EXAMPLE"),
        ("alerts.email", "-----BEGIN PRIVATE KEY-----"),
        ("network.nat", ["AKIAIOSFODNN7EXAMPLE"]),
        ("network", {"cidr": {"password": "hunter2-hunter2"}}),
    ],
)
def test_a_secret_is_never_printed(path: str, value: Any) -> None:
    message = refusal_of(with_values(committed("production"), {path: value}))
    assert "hunter2" not in message
    assert "AKIA" not in message
    assert not isinstance(value, str) or value not in message


def test_a_long_value_is_cut() -> None:
    message = refusal_of(with_values(committed("production"), {"cost_center": "&" * 5000}))
    assert len(message) < 500


@pytest.mark.parametrize(
    "document", ["", "null", "[]", '"settings"', "{", "[" * 100_000, '{"a": 1, "a": 2}']
)
def test_text_that_is_no_object_is_refused(document: str) -> None:
    with pytest.raises(SettingsError, match=r"Pulumi\.production\.yaml: 1 wrong key"):
        parse("production", document)


def test_an_empty_object_lists_every_section() -> None:
    assert "network" in keys_in(refusal_of({}))
    assert "gpu" in keys_in(refusal_of({}))


def test_a_network_may_be_adopted() -> None:
    subnets = {
        tier: [f"subnet-0000000{start}", f"subnet-0000000{start + 1}"]
        for start, tier in ((1, "public_subnet_ids"), (3, "private_subnet_ids"),
                            (5, "database_subnet_ids"))
    }  # fmt: skip
    adopted = {"vpc_id": "vpc-0123456789abcdef0", **subnets}
    changes = {"network.ownership": "adopt", "network.adopted": adopted}
    settings = parsed(with_values(committed("production"), changes))
    assert settings.network.adopted is not None


def test_gpus_may_be_sliced_where_the_model_can_be() -> None:
    document = with_values(
        committed("production"),
        {
            "gpu.family": "p4d",
            "gpu.instance_type": "p4d.24xlarge",
            "gpu.ami_type": "BOTTLEROCKET_x86_64_NVIDIA",
            "gpu.sharing": {"strategy": "mig", "profile": "1g.5gb"},
            "gpu.quota_vcpus": 768,
        },
    )
    settings = parsed(document)
    assert settings.gpu is not None
    assert settings.gpu.sharing.profile == "1g.5gb"


def test_a_stack_may_do_without_gpus_and_without_a_peer() -> None:
    changes: dict[str, Any] = {"gpu": None, "peer": None, "teams": []}
    changes["recovery.witness_region"] = None  # a fence stands between two regions
    settings = parsed(with_values(committed("production"), changes))
    assert settings.gpu is None


def test_a_bad_file_is_refused_within_two_seconds_with_the_interpreter_start() -> None:
    document = json.dumps(with_values(committed("production"), {"region": "mars"}))
    program = (
        "import sys\nfrom infra.settings import SettingsError, parse\n"
        "try: parse('production', sys.stdin.read())\n"
        "except SettingsError as error: sys.exit(str(error))\n"
    )
    start = time.monotonic()
    done = subprocess.run(
        [sys.executable, "-c", program],
        input=document, capture_output=True, text=True, cwd=ROOT, check=False,
    )  # fmt: skip
    assert time.monotonic() - start < 2
    assert done.returncode == 1
    assert "region" in done.stderr
    assert "Traceback" not in done.stderr


def test_parsing_imports_no_pulumi_and_nothing_that_reaches_a_network() -> None:
    program = "import infra.settings, sys\nprint(' '.join(sys.modules))"
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, cwd=ROOT, check=True
    )
    loaded = {name.partition(".")[0] for name in done.stdout.split()}
    assert loaded.isdisjoint({"pulumi", "pulumi_aws", "boto3", "kubernetes", "requests", "grpc"})
