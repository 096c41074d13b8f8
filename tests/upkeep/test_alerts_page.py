"""Every notification's link leads to a section of the page of alerts."""

from catalog.signals.rules import ALERTS, GROUPS
from upkeep.alerts_page import alerts_page

PAGE = alerts_page(GROUPS)


def test_each_alert_has_a_section_under_the_anchor_that_its_notification_names() -> None:
    anchors = [line[4:].lower() for line in PAGE.splitlines() if line.startswith("### ")]
    assert len(set(anchors)) == len(anchors)
    assert {alert.anchor for alert in ALERTS} == set(anchors)


def test_a_section_says_what_to_do_and_when_it_is_told() -> None:
    section = PAGE.split("### PostgreSQLDown\n")[1].split("\n#")[0]
    assert "See the instance's events in RDS" in section
    assert (
        "- critical, for 2 minutes, on `platform-overview`: `(max(pg_up) < 1) or (absent(pg_up))`"
        in section
    )


def test_the_objectives_are_told() -> None:
    assert "| KServe | 99.5 % | 200 ms |" in PAGE
    assert "| Training | 99 % | none |" in PAGE
