"""ACM certificates: validated by DNS, and issued once each name's record can be found in a
public hosted zone of the account. The record is the same in every region, as with ACM."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from typing import Any, cast

from rehearsal.cloud.call import Answer, Call

ISSUED = "ISSUED"
ALGORITHMS = "acm:key-algorithm"


def request_certificate(call: Call) -> Answer:
    """RequestCertificate: moto forgets which kind of key was asked for."""
    answer = call.upstream()
    algorithm = call.params.get("KeyAlgorithm") or "RSA_2048"
    call.here.table(ALGORITHMS)[answer["CertificateArn"]] = {"algorithm": algorithm}
    return answer


def describe_certificate(call: Call) -> Answer:
    """DescribeCertificate."""
    issue_validated(call)
    answer = call.upstream()
    asked = call.here.table(ALGORITHMS).get(call.params["CertificateArn"])
    if asked:
        answer["Certificate"]["KeyAlgorithm"] = asked["algorithm"]
    for option in answer["Certificate"].get("DomainValidationOptions", []):
        if "ResourceRecord" in option:
            option["ResourceRecord"] = validation_record(call.account, option["DomainName"])
    return answer


def list_certificates(call: Call) -> Answer:
    """ListCertificates."""
    issue_validated(call)
    return call.upstream()


def issue_validated(call: Call) -> None:
    """Issue every certificate whose names are all validated by now."""
    records = set(_cnames(call))
    for certificate in _certificates(call.here.moto("acm")):
        if certificate.status == "PENDING_VALIDATION":
            needed = [validation_record(call.account, name) for name in _names(certificate)]
            if all((r["Name"], r["Value"]) in records for r in needed):
                certificate.status = ISSUED


def certificate_with_arn(call: Call, arn: str) -> Any | None:
    """The certificate with an ARN in the region of the call, as moto keeps it."""
    return next((c for c in _certificates(call.here.moto("acm")) if c.arn == arn), None)


def validation_record(account: str, domain: str) -> dict[str, str]:
    """The CNAME that proves who owns a domain; a wildcard's is that of its parent."""
    name = domain.removeprefix("*.")
    digits = hashlib.sha256(f"{account}:{name}".encode()).hexdigest()
    return {
        "Name": f"_{digits[:32]}.{name}.",
        "Type": "CNAME",
        "Value": f"_{digits[32:]}.acm-validations.aws.",
    }


def _certificates(backend: Any) -> list[Any]:
    return list(cast("dict[str, Any]", vars(backend)["_certificates"]).values())


def _names(certificate: Any) -> set[str]:
    return {certificate.common_name, *certificate.sans}


def _cnames(call: Call) -> Iterator[tuple[str, str]]:
    """Name and value of every CNAME in public zones, both with a dot at the end."""
    for zone in call.cloud.moto("route53").zones.values():
        if zone.private_zone:
            continue
        for record in zone.rrsets:
            if record.type == "CNAME":
                for value in record.records:
                    yield _dotted(record.name), _dotted(value)


def _dotted(name: str) -> str:
    return name if name.endswith(".") else f"{name}."


OPERATIONS = {
    "DescribeCertificate": describe_certificate,
    "ListCertificates": list_certificates,
    "RequestCertificate": request_certificate,
}
