"""Certificates."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest

from components.base import Site
from components.certificate import Certificate, CertificateArgs
from tests.components.recorder import Answer, Recording, record

NAMES = ("mlflow.mlops.example.com", "grafana.mlops.example.com")
RECORD = "aws:route53/record:Record"
ISSUED = "aws:acm/certificateValidation:CertificateValidation"


def proofs(inputs: Mapping[str, Any]) -> dict[str, Any]:
    """What ACM asks for, one proof per name."""
    return {
        "domainValidationOptions": [
            {
                "domainName": name,
                "resourceRecordName": f"_x.{name}.",
                "resourceRecordType": "CNAME",
                "resourceRecordValue": f"_{index}.acm-validations.aws.",
            }
            for index, name in enumerate([inputs["domainName"], *inputs["subjectAlternativeNames"]])
        ]
    }


def build(site: Site, *, owns_validation: bool = True) -> Recording[Certificate]:
    args = CertificateArgs(
        domain_name=NAMES[0],
        alternative_names=NAMES[1:],
        zone_id="Z123",
        owns_validation=owns_validation,
    )
    answers: dict[str, Answer] = {
        "aws:acm/certificate:Certificate": proofs,
        RECORD: lambda inputs: {"fqdn": inputs["name"]},
    }
    return record(lambda: Certificate("consoles", args, site), answers=answers)


def test_every_name_is_proven_by_its_own_record(site: Site) -> None:
    records = build(site).all(RECORD)
    assert {one.inputs["name"]: one.inputs["records"] for one in records} == {
        f"_x.{NAMES[0]}.": ["_0.acm-validations.aws."],
        f"_x.{NAMES[1]}.": ["_1.acm-validations.aws."],
    }
    assert {one.inputs["type"] for one in records} == {"CNAME"}
    assert {one.inputs["ttl"] for one in records} == {60}
    assert all(one.inputs["allowOverwrite"] for one in records)


def test_the_other_region_shares_the_proof_and_owns_no_record(site: Site) -> None:
    recording = build(site, owns_validation=False)
    assert not recording.has(RECORD)
    assert "validationRecordFqdns" not in recording.one(ISSUED).inputs


def test_the_arn_is_known_only_once_the_certificate_is_issued(site: Site) -> None:
    recording = build(site)
    issued = recording.one(ISSUED)
    assert all(recording.waits_for(issued, one) for one in recording.all(RECORD))
    arn = recording.value(recording.result.arn)
    assert arn == "arn:aws:acm:us-east-1:123456789012:consoles-certificate"


def test_a_wildcard_is_refused() -> None:
    with pytest.raises(ValueError, match=r"\*\.mlops\.example\.com"):
        CertificateArgs(domain_name="*.mlops.example.com", zone_id="Z123")
