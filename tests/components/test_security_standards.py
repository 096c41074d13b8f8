"""Security Hub."""

from __future__ import annotations

from components.base import Site
from components.security_standards import SecurityStandards, SecurityStandardsArgs
from tests.components.recorder import record


def test_standards_are_chosen_by_name_in_the_sites_region(site: Site) -> None:
    recording = record(lambda: SecurityStandards("standards", SecurityStandardsArgs(), site))
    hub = recording.one("aws:securityhub/account:Account")
    assert hub.inputs["enableDefaultStandards"] is False
    subscriptions = recording.all("aws:securityhub/standardsSubscription:StandardsSubscription")
    start = "arn:aws:securityhub:us-east-1::standards/"
    assert [one.inputs["standardsArn"] for one in subscriptions] == [
        f"{start}aws-foundational-security-best-practices/v/1.0.0",
        f"{start}cis-aws-foundations-benchmark/v/5.0.0",
    ]
    assert all(recording.waits_for(one, hub) for one in subscriptions)
