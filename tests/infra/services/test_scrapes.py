"""What Prometheus and the prober read is there, may be reached, and is what the rules go by."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cache
from typing import Any
from urllib.parse import urlsplit

import pytest

from catalog.charts import CHARTS
from catalog.charts.contracts import wrong_values
from catalog.signals.rules import ALERTS, EVERY_SOURCE, kept
from components.services.chart_monitors import CHART_MONITORS, CHART_SERVICES
from components.services.flows import PROMETHEUS, Flow, Pods
from components.services.plan import ServicePlan
from components.services.scrapes import (
    EXPORTED_BY,
    Scrape,
    exported,
    probed_urls,
    scrapes,
)
from tests.infra.services.stacks import (
    APPLICATIONS,
    MODEL,
    committed,
    everything,
    plans_of,
    settings_of,
)

Plans = Sequence[ServicePlan]


@cache
def _with_autoscaler() -> Plans:
    services = {
        "scaling": {"scaler": "cluster-autoscaler"},
        "learning": {"feast": {"online_store": {"kind": "managed"}}},
    }
    return plans_of(settings_of("production", services))


@cache
def _without_names() -> Plans:
    zone = {"ownership": "off"}
    dns = {**settings_of("production").dns.model_dump(mode="json"), "hosted_zone": zone}
    return plans_of(settings_of("production", dns=dns, gpu=None, teams=[]))


STACKS: Mapping[str, Plans] = {
    "production": committed("production"),
    "the other region": committed("dr"),
    "everything on": everything(),
    "cluster-autoscaler and a managed store": _with_autoscaler(),
    "no public names and no GPUs": _without_names(),
}
UNREAD = ("prometheus-scrapes-valkey",)
"""Flows whose monitor is the online store's own business."""
each_stack = pytest.mark.parametrize("plans", STACKS.values(), ids=STACKS)


def _flows(plans: Plans) -> list[Flow]:
    return [
        flow
        for plan in plans
        for flow in plan.flows
        if isinstance(flow.source, Pods)
        and flow.source.namespace == PROMETHEUS.namespace
        and flow.source.labels.items() <= PROMETHEUS.labels.items()
    ]


def _lets_through(flow: Flow, scrape: Scrape) -> bool:
    if scrape.port not in flow.ports or flow.protocol != "TCP":
        return False
    if isinstance(scrape.target, Pods) and isinstance(flow.target, Pods):
        same = flow.target.namespace == scrape.target.namespace
        return same and flow.target.labels.items() <= scrape.target.labels.items()
    return flow.target == scrape.target


@each_stack
def test_prometheus_may_reach_everything_that_it_reads(plans: Plans) -> None:
    read = scrapes(plans)
    assert len(read) > 25
    for one in read:
        assert any(_lets_through(flow, one) for flow in _flows(plans)), one


@each_stack
def test_nothing_is_open_to_prometheus_that_it_does_not_read(plans: Plans) -> None:
    for flow in _flows(plans):
        if flow.name.startswith("prometheus-scrapes-") and flow.name not in UNREAD:
            for port in flow.ports:
                assert any(_reads(one, flow, port) for one in scrapes(plans)), (flow.name, port)


def _reads(scrape: Scrape, flow: Flow, port: int) -> bool:
    if not isinstance(scrape.target, Pods) or not isinstance(flow.target, Pods):
        return False
    here, there = dict(scrape.target.labels), dict(flow.target.labels)
    alike = all(there.get(key, value) == value for key, value in here.items())
    return scrape.port == port and scrape.target.namespace == flow.target.namespace and alike


@each_stack
def test_every_probe_asks_a_service_and_a_port_of_the_stack(plans: Plans) -> None:
    served = _served(plans)
    hosts = {host for plan in plans for host in plan.hosts}
    for job, url in probed_urls(plans):
        parts = urlsplit(url)
        if parts.hostname in hosts:
            assert parts.scheme == "https", job
        else:
            assert (parts.hostname, parts.port) in served, f"{job}: {url}"


@each_stack
def test_every_probe_is_sent_to_a_prober_of_the_stack_that_knows_its_module(plans: Plans) -> None:
    (probes,) = [plan for plan in plans if plan.name == "probes"]
    (release,) = probes.releases
    asked = [one for one in probes.objects if one.kind == "Probe"]
    assert asked
    for one in asked:
        assert one.manifest["spec"]["module"] in release.values["config"]["modules"]
        host, _, port = one.manifest["spec"]["prober"]["url"].partition(":")
        assert (host, int(port)) in _served(plans)


def _served(plans: Plans) -> set[tuple[str, int]]:
    """Hostnames and ports of every service that a probe may ask."""
    releases = {release.chart.name: release for plan in plans for release in plan.releases}
    found = {
        (f"{made.name}.{releases[made.chart].chart.namespace}.svc", port)
        for made in CHART_SERVICES
        if made.chart in releases
        for port, _ in made.ports.values()
    }
    for plan in plans:
        for one in plan.objects:
            if one.kind == "Service":
                host = f"{one.manifest['metadata']['name']}.{one.namespace}.svc"
                found |= {(host, port["port"]) for port in one.manifest["spec"]["ports"]}
    return found


def test_all_that_answers_to_people_and_models_is_probed() -> None:
    asked = {urlsplit(url).hostname for _, url in probed_urls(everything())}
    names = ("grafana", "mlflow", "argo", "api", "models")
    assert {f"{name}.mlops-platform.com" for name in names} <= asked


def test_every_source_is_read_somewhere_and_every_reading_is_a_known_one() -> None:
    assert set(EXPORTED_BY) | {job for job, _ in probed_urls(everything())} == EVERY_SOURCE
    assert exported(everything()) == EVERY_SOURCE


@pytest.mark.parametrize("monitor", CHART_MONITORS, ids=lambda one: f"{one.chart}-{one.name}")
def test_every_switch_of_a_monitor_is_a_value_of_its_chart(monitor: Any) -> None:
    values: Any = True
    for key in reversed(monitor.switch.split(".")):
        values = {key: values}
    assert not list(wrong_values(CHARTS[monitor.chart], values))


@pytest.mark.parametrize(
    ("plans", "missing"),
    [
        (committed("production"), {"lease-agent", "platform-api", "probe-web-ui"}),
        (
            committed("dr"),
            {"lease-agent", "platform-api", "probe-feast", "probe-mlflow", "probe-web-ui"},
        ),
        (_with_autoscaler(), {"karpenter", "lease-agent", "platform-api", "probe-web-ui"}),
        (
            _without_names(),
            {"dcgm-exporter", "lease-agent", "model-gateway", "model-server", "platform-api",
             "probe-consoles", "probe-models", "probe-web-ui"},
        ),
    ],
    ids=["production", "the other region", "cluster-autoscaler", "no names and no GPUs"],
)  # fmt: skip
def test_what_a_stack_does_not_export_is_known(plans: Plans, missing: set[str]) -> None:
    assert EVERY_SOURCE - exported(plans) == missing


@each_stack
def test_a_rule_is_there_exactly_when_something_exports_what_it_reads(plans: Plans) -> None:
    (rules,) = [plan for plan in plans if plan.name == "alert-rules"]
    made = {
        (rule["alert"], rule["labels"].get("window"))
        for part in rules.objects
        for group in part.manifest["spec"]["groups"]
        for rule in group["rules"]
        if "alert" in rule
    }
    read = exported(plans)
    assert made == {
        (alert.name, alert.all_labels.get("window")) for alert in ALERTS if kept(alert, read)
    }


def test_a_monitor_that_a_stack_file_switches_off_takes_its_alerts_along() -> None:
    services = {
        "applications": APPLICATIONS,
        "serving": {"models": [MODEL]},
        "values": {"velero": {"metrics": {"serviceMonitor": {"enabled": False}}}},
    }
    plans = plans_of(settings_of("production", services))
    assert EVERY_SOURCE - exported(plans) == {"velero"}


def test_teams_models_are_read_as_the_platforms_are() -> None:
    read = [one.target for one in scrapes(everything()) if one.name == "models/model-servers"]
    assert read == [
        Pods(namespace=name, labels={"component": "predictor"})
        for name in ("models", "data-science", "ml-engineering")
    ]
