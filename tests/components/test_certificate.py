"""Certificates."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest

from components.base import Site
from components.certificate import Certificate, CertificateArgs
from tests.components.recorder import Answer, Recording, record

MODELS = "models.mlops.example.com"
NAMES = ("mlflow.mlops.example.com", "grafana.mlops.example.com")
RECORD = "aws:route53/record:Record"
ISSUED = "aws:acm/certificateValidation:CertificateValidation"


def proofs(inputs: Mapping[str, Any]) -> dict[str, Any]:
    """What ACM asks for: one proof per name, and for a wildcard that of the name it is below."""
    return {
        "domainValidationOptions": [
            {
                "domainName": name,
                "resourceRecordName": f"_x.{name.removeprefix('*.')}.",
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


def many_hosts(site: Site) -> Recording[Certificate]:
    args = CertificateArgs(domain_name=MODELS, wildcard_below=MODELS, zone_id="Z123")
    answers: dict[str, Answer] = {
        "aws:acm/certificate:Certificate": proofs,
        RECORD: lambda inputs: {"fqdn": inputs["name"]},
    }
    return record(lambda: Certificate("models", args, site), answers=answers)


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


@pytest.mark.parametrize("others", [(), ("*.models.mlops.example.com",)])
def test_a_wildcard_among_the_names_is_refused(others: tuple[str, ...]) -> None:
    first = MODELS if others else "*.mlops.example.com"
    with pytest.raises(ValueError, match=r"names \['\*\.(models\.)?mlops\.example\.com'\]: no"):
        CertificateArgs(domain_name=first, alternative_names=others, zone_id="Z123")


def test_a_service_with_many_hosts_has_a_wildcard_of_its_own(site: Site) -> None:
    made = many_hosts(site).one("aws:acm/certificate:Certificate").inputs
    assert made["domainName"] == MODELS
    assert made["subjectAlternativeNames"] == [f"*.{MODELS}"]


def test_the_proof_of_a_name_proves_the_wildcard_below_it_too(site: Site) -> None:
    (one,) = many_hosts(site).all(RECORD)
    assert one.inputs["name"] == f"_x.{MODELS}."


@pytest.mark.parametrize("below", ["mlops.example.com", "grafana.mlops.example.com", "example.com"])
def test_only_a_service_whose_hosts_come_and_go_has_a_wildcard(below: str) -> None:
    with pytest.raises(ValueError, match="expected a name of models"):
        CertificateArgs(domain_name=below, wildcard_below=below, zone_id="Z123")


def test_beside_a_wildcard_no_other_service_is_named() -> None:
    with pytest.raises(ValueError, match="expected that name alone"):
        CertificateArgs(
            domain_name=NAMES[0], alternative_names=[MODELS], wildcard_below=MODELS, zone_id="Z123"
        )
