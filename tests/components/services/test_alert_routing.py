"""Who hears of what: Alertmanager's own tool reads the configuration and routes every alert."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from catalog.service_secrets import SECRETS
from catalog.signals.rules import ALERTS
from components.services.alert_routing import (
    FINOPS,
    GENERAL,
    HEARTBEAT,
    NOBODY,
    PAGER,
    WARNINGS,
    alertmanager_config,
)
from tests.prometheus_tools import ran

CONFIG = alertmanager_config()


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "alertmanager.yml"
    path.write_text(_as_debians_amtool_reads(json.dumps(CONFIG)), encoding="utf-8")
    return path


def _as_debians_amtool_reads(config: str) -> str:
    """Debian's amtool is 0.25; a webhook reads its address from a file since 0.26, and the chart
    brings 0.34. Where the address comes from routes nothing."""
    (file,) = re.findall(r'"url_file": "[^"]+"', config)
    return config.replace(file, '"url": "https://heartbeat.example.com"')


@pytest.mark.control_plane
def test_alertmanager_takes_the_configuration(file: Path) -> None:
    assert "SUCCESS" in ran("amtool", "check-config", file)


@pytest.mark.control_plane
@pytest.mark.parametrize(
    ("labels", "receivers"),
    [
        (("severity=critical",), [PAGER, GENERAL]),
        (("severity=warning",), [WARNINGS]),
        (("severity=info",), [GENERAL]),
        (("severity=warning", "alert_type=cost"), [FINOPS]),
        (("severity=none", "alertname=Watchdog"), [HEARTBEAT]),
        (("severity=none", "alertname=InfoInhibitor"), [NOBODY]),
    ],
    ids=[
        "critical alerts page and go on to the channel",
        "warnings go to their channel",
        "news goes to the general channel",
        "money goes to FinOps alone",
        "what always fires is a sign of life",
        "what only holds others back goes to nobody",
    ],
)
def test_alerts_reach_their_receivers(
    file: Path, labels: tuple[str, ...], receivers: list[str]
) -> None:
    assert _routed(file, *labels) == receivers


@pytest.mark.control_plane
def test_every_alert_of_the_catalogue_reaches_somebody(file: Path) -> None:
    kinds = {
        (alert.severity, alert.cost): tuple(f"{key}={value}" for key, value in
                                            alert.all_labels.items())
        for alert in ALERTS
    }  # fmt: skip
    for (severity, cost), labels in kinds.items():
        expected = [FINOPS] if cost else {"critical": [PAGER, GENERAL], "warning": [WARNINGS],
                                          "info": [GENERAL]}[severity]  # fmt: skip
        assert _routed(file, *labels) == expected


def test_alerts_are_grouped_as_the_runbook_says() -> None:
    route = CONFIG["route"]
    assert route["group_by"] == ["alertname", "cluster", "service"]
    assert (route["group_wait"], route["group_interval"], route["repeat_interval"]) == (
        "10s",
        "5m",
        "4h",
    )


def test_a_sign_of_life_leaves_every_minute_to_a_service_outside() -> None:
    (route,) = [one for one in CONFIG["route"]["routes"] if one["receiver"] == HEARTBEAT]
    assert (route["group_wait"], route["repeat_interval"]) == ("0s", "1m")
    (receiver,) = [one for one in CONFIG["receivers"] if one["name"] == HEARTBEAT]
    assert receiver["webhook_configs"][0]["url_file"].endswith("/alerts-heartbeat/url")


def test_receivers_read_secrets_that_external_secrets_brings() -> None:
    files: list[str] = re.findall(r'_file": "([^"]+)"', json.dumps(CONFIG))
    assert len(files) == 5
    for path in files:
        name, key = Path(path).parts[-2:]
        assert key in SECRETS[name].keys


def test_alerts_that_hold_others_back_exist() -> None:
    names = {alert.name for alert in ALERTS} | {"InfoInhibitor"}
    for rule in CONFIG["inhibit_rules"]:
        for matcher in (*rule["source_matchers"], *rule["target_matchers"]):
            label, _, value = matcher.partition("=")
            assert label != "alertname" or value.strip('"') in names


def _routed(file: Path, *labels: str) -> list[str]:
    said = ran("amtool", "config", "routes", "test", f"--config.file={file}", *labels)
    return said.strip().split(",")
