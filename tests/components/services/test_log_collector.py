"""The log collector: what it reads, drops and sends, and what its pods may."""

from __future__ import annotations

import re
from dataclasses import replace
from fnmatch import fnmatch
from typing import Any

import kubernetes_validate  # pyright: ignore[reportMissingTypeStubs]
import pytest
import yaml

from catalog.charts.crds import BUILT_IN, wrong_object
from catalog.namespaces import NAMESPACES
from components.services.log_collector import FILE, NAME, NAMESPACE, log_collector
from components.services.log_pipeline import HEALTH_CHECKS, STATE, LogPipelineArgs, pipeline
from tests.components.services.fluent_bit_options import FILTERS, INPUTS, OUTPUTS, SERVICE

GROUPS = {one: f"/aws/eks/mlops/{one}" for one in ("applications", "platform", "nodes")}
ARGS = LogPipelineArgs(
    region="eu-west-1",
    groups=GROUPS,
    platform=["argocd", "kube-system", "logging", "mlops-platform"],
    collector=NAMESPACE,
    buffer_mib=256,
)
PLAN = log_collector(ARGS)
MADE = pipeline(ARGS)


def _one(kind: str) -> dict[str, Any]:
    (found,) = [dict(one.manifest) for one in PLAN.objects if one.kind == kind]
    return found


def _pod() -> dict[str, Any]:
    return _one("DaemonSet")["spec"]["template"]["spec"]


def _streams(pod: str, namespace: str) -> list[str]:
    """Streams of the inputs that read a container's file."""
    path = f"/var/log/containers/{pod}_{namespace}_main-{'a' * 64}.log"
    return [one["alias"] for one in MADE["pipeline"]["inputs"] if _reads(one, path)]


def _reads(one: dict[str, Any], path: str) -> bool:
    def among(key: str) -> bool:
        return any(fnmatch(path, pattern) for pattern in one.get(key, "").split(","))

    return one["name"] == "tail" and among("path") and not among("exclude_path")


def _dropped(line: str) -> bool:
    return any(re.search(expression, line) for expression in HEALTH_CHECKS)


def test_every_option_is_one_that_fluent_bit_knows() -> None:
    known = {"inputs": INPUTS, "filters": FILTERS, "outputs": OUTPUTS}
    unknown = [
        (section, one["name"], option)
        for section, plugins in known.items()
        for one in MADE["pipeline"][section]
        for option in one.keys() - plugins[one["name"]]
    ]
    assert unknown == []
    assert MADE["service"].keys() <= SERVICE
    assert MADE["pipeline"].keys() == known.keys()


def test_the_file_reads_as_it_was_meant() -> None:
    assert yaml.safe_load(_one("ConfigMap")["data"][FILE]) == MADE


@pytest.mark.parametrize(
    ("pod", "namespace", "streams"),
    [
        ("mlflow-1", "mlops-platform", ["platform"]),
        ("coredns-1", "kube-system", ["platform"]),
        ("churn-predictor-1", "models", ["applications"]),
        ("notebook-1", "team-vision", ["applications"]),
        ("argocd-copy", "team-argocd", ["applications"]),
        ("fluent-bit-1", "logging", []),
    ],
    ids=lambda value: value if isinstance(value, str) else "-".join(value) or "nothing",
)
def test_a_line_goes_to_one_stream_by_its_namespace_and_the_collectors_own_to_none(
    pod: str, namespace: str, streams: list[str]
) -> None:
    assert _streams(pod, namespace) == streams


def test_each_stream_has_an_output_of_its_own_to_a_group_that_is_declared() -> None:
    outputs = {one["alias"]: one for one in MADE["pipeline"]["outputs"]}
    assert {name: one["log_group_name"] for name, one in outputs.items()} == GROUPS
    assert {one["auto_create_group"] for one in outputs.values()} == {False}
    assert {one["match"] for one in outputs.values()} == {f"{name}.*" for name in GROUPS}
    tags = [one["tag"] for one in MADE["pipeline"]["inputs"]]
    assert {tag.partition(".")[0] for tag in tags} == GROUPS.keys()


def test_what_cannot_be_sent_waits_on_the_nodes_disk_within_bounds() -> None:
    assert {one["storage.type"] for one in MADE["pipeline"]["inputs"]} == {"filesystem"}
    assert MADE["service"]["storage.path"].startswith(STATE)
    for one in MADE["pipeline"]["outputs"]:
        assert one["storage.total_limit_size"] == "256M"
        assert one["retry_limit"] == 20


def test_positions_outlive_the_pod_and_are_shared_by_no_two_inputs() -> None:
    files = [one["db"] for one in MADE["pipeline"]["inputs"]]
    assert len(set(files)) == len(files)
    assert all(one.startswith(f"{STATE}/") for one in files)
    state = next(one for one in _pod()["volumes"] if one["name"] == "state")
    assert state["hostPath"]["path"] == STATE


def test_the_metadata_filter_finds_the_pods_name_behind_the_prefix_of_its_tag() -> None:
    for one in MADE["pipeline"]["filters"]:
        if one["name"] == "kubernetes":
            stream = one["match"].removesuffix(".*")
            assert one["kube_tag_prefix"] == f"{stream}.var.log.containers."


@pytest.mark.parametrize(
    "line",
    [
        'INFO: 10.0.1.2:51514 - "GET /health HTTP/1.1" 200 OK',
        '{"method":"GET","path":"/api","user_agent":"kube-probe/1.35"}',
        '10.0.1.9 - - "GET / HTTP/1.1" 200 "-" "ELB-HealthChecker/2.0"',
        '10.0.1.9 "GET /api/health?x=1 HTTP/1.1" 200',
    ],
)
def test_a_probe_that_went_well_is_dropped(line: str) -> None:
    assert _dropped(line)


@pytest.mark.parametrize(
    "line",
    [
        'INFO: 10.0.1.2:51514 - "GET /health HTTP/1.1" 503 Service Unavailable',
        'INFO: 10.0.1.2:51514 - "POST /api/v1/models/deploy HTTP/1.1" 200 OK',
        'INFO: "GET /healthcare/claims HTTP/1.1" 200',
        "health of the model is poor",
    ],
)
def test_what_went_wrong_or_is_no_probe_is_kept(line: str) -> None:
    assert not _dropped(line)


def test_it_runs_on_every_node_whatever_its_taints() -> None:
    assert _pod()["tolerations"] == [{"operator": "Exists"}]
    assert "affinity" not in _pod()


def test_the_nodes_folders_are_read_only_but_for_its_own() -> None:
    (container,) = _pod()["containers"]
    writable = [one["mountPath"] for one in container["volumeMounts"] if not one.get("readOnly")]
    assert writable == [STATE]
    assert NAMESPACES[NAMESPACE] == "privileged"


def test_it_is_root_without_any_capability() -> None:
    (container,) = _pod()["containers"]
    security = container["securityContext"]
    assert security["capabilities"] == {"drop": ["ALL"]}
    assert security["readOnlyRootFilesystem"] is True
    assert security["allowPrivilegeEscalation"] is False


def test_it_may_read_pods_and_namespaces_and_no_more() -> None:
    (rule,) = _one("ClusterRole")["rules"]
    assert rule == {"apiGroups": [""], "resources": ["pods", "namespaces"], "verbs": ["get"]}


def test_a_changed_configuration_replaces_the_pods() -> None:
    def mark(plan: Any) -> str:
        (one,) = [part.manifest for part in plan.objects if part.kind == "DaemonSet"]
        return one["spec"]["template"]["metadata"]["annotations"]["checksum/configuration"]

    assert mark(PLAN) != mark(log_collector(replace(ARGS, buffer_mib=128)))


def test_it_calls_aws_its_credentials_and_the_api_server_and_is_scraped() -> None:
    assert {(one.name, one.target if isinstance(one.target, str) else NAME) for one in PLAN.flows} \
        == {("fluent-bit-calls-api", "api-server"), ("fluent-bit-calls-aws", "aws"),
            ("fluent-bit-credentials", "pod-identity"),
            ("prometheus-scrapes-fluent-bit", NAME)}  # fmt: skip


@pytest.mark.parametrize("version", ["1.33", "1.36"])
def test_its_objects_fit_what_the_api_server_takes(version: str) -> None:
    for one in PLAN.objects:
        if one.group in BUILT_IN:
            kubernetes_validate.validate(dict(one.manifest), version, strict=True)
        assert list(wrong_object(one.manifest)) == []
