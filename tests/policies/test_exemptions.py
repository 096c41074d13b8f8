"""An exemption covers one rule at one resource until its date, and is itself judged."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from policies.exemptions import exempted, expired
from policies.finding import Finding
from policies.stack_settings import Exemption

TODAY = date(2026, 6, 1)
URN = "urn:pulumi:production::mlops-platform::aws:rds/instance:Instance::database-instance"
FINDING = Finding(
    rule="database-private", outcome="violation", severity="critical", urn=URN,
    resource="database-instance", type="aws:rds/instance:Instance", path="publiclyAccessible",
    found="true", wanted="false", because="b", fix="f", reference="r",
)  # fmt: skip


def _exemption(**changes: object) -> Exemption:
    known: dict[str, object] = {
        "rule": "database-private",
        "resource": "database-instance",
        "reason": "Until the vendor's appliance is inside the network.",
        "until": TODAY,
    }
    return Exemption.model_validate(known | changes)


def test_on_its_last_day_it_still_covers() -> None:
    (found,) = exempted([FINDING], [_exemption()], TODAY)
    assert found.outcome == "exempted"
    assert "exempted until 2026-06-01: Until the vendor's" in found.message


@pytest.mark.parametrize(
    "exemption",
    [
        _exemption(until=date(2026, 5, 31)),
        _exemption(rule="database-encrypted"),
        _exemption(resource="database"),
        _exemption(resource="*::other"),
    ],
    ids=["expired", "another rule", "another resource", "another urn"],
)
def test_what_it_does_not_mean_it_does_not_cover(exemption: Exemption) -> None:
    assert list(exempted([FINDING], [exemption], TODAY)) == [FINDING]


def test_a_resource_may_be_named_by_its_urn() -> None:
    (found,) = exempted([FINDING], [_exemption(resource="*::database-instance")], TODAY)
    assert found.outcome == "exempted"


def test_what_is_only_advised_may_be_exempted_too() -> None:
    (found,) = exempted([replace(FINDING, outcome="advice")], [_exemption()], TODAY)
    assert found.outcome == "exempted"


def test_what_is_only_unknown_needs_no_exemption() -> None:
    unknown = replace(FINDING, outcome="unknown")
    assert list(exempted([unknown], [_exemption()], TODAY)) == [unknown]


def test_an_expired_one_is_a_violation_of_its_own() -> None:
    (found,) = expired([_exemption(until=date(2026, 5, 31)), _exemption()], TODAY, "urn")
    assert (found.outcome, found.rule) == ("violation", "exemption-expired")
    assert "exempted until 2026-05-31" in found.message
    assert "Until the vendor's appliance" in found.message
    place = (found.urn, found.resource, found.path, found.type, found.severity)
    assert place == ("urn", "database-instance", "database-private", "exemption", "high")
    assert found.reference == "docs/policies.md"


def test_a_reason_must_say_something() -> None:
    with pytest.raises(ValueError, match="at least 20 characters"):
        _exemption(reason="because")
