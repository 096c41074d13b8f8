"""ACM certificates: requested and validated by DNS, or imported."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar

from rehearsal.providers.aws import tagging
from rehearsal.providers.aws.lookup import gone_is_none
from rehearsal.providers.aws.resource import Aws, Resource
from rehearsal.providers.aws.shapes import reported, request
from rehearsal.providers.plugin import PluginError
from rehearsal.providers.wire import Props, as_list, as_object


class Certificate(Resource):
    """The ID is the ARN. `domainValidationOptions` are the records that prove ownership."""

    token: ClassVar[str] = "aws:acm/certificate:Certificate"
    inputs: ClassVar[frozenset[str]] = frozenset(
        {
            "certificateBody",
            "certificateChain",
            "domainName",
            "keyAlgorithm",
            "options",
            "privateKey",
            "subjectAlternativeNames",
            "tags",
            "validationMethod",
            "validationOptions",
        }
    )
    replaces: ClassVar[frozenset[str]] = frozenset(
        {"domainName", "keyAlgorithm", "subjectAlternativeNames", "validationMethod"}
        | {"validationOptions"}
    )

    def create(self, aws: Aws, props: Props) -> str:
        if "privateKey" in props:
            marks = tagging.given(aws, "acm", "ImportCertificate", props)
            return _import(aws, props, marks)
        asked = request(
            "acm",
            "RequestCertificate",
            props,
            only=self.replaces | {"options"},
            rename={"validationOptions": "DomainValidationOptions"},
        )
        marks = tagging.given(aws, "acm", "RequestCertificate", props)
        return aws.client("acm").request_certificate(**asked, **marks)["CertificateArn"]

    @gone_is_none("ResourceNotFoundException")
    def read(self, aws: Aws, id_: str, props: Props) -> Props | None:
        found = aws.client("acm").describe_certificate(CertificateArn=id_)["Certificate"]
        shown = {
            **{key: found[key] for key in ("DomainName", "Options") if key in found},
            "keyAlgorithm": found.get("KeyAlgorithm", "").replace("-", "_"),
            "subjectAlternativeNames": _alternatives(props, found),
            "tags": tagging.own(aws, "acm", id_),
        }
        return {
            **reported(props, shown, ("domainName", "subjectAlternativeNames", "tags")),
            "arn": id_,
            "status": found["Status"],
            "type": found["Type"],
            "domainValidationOptions": [
                _proof(option) for option in found.get("DomainValidationOptions", ())
            ],
        }

    def update(self, aws: Aws, id_: str, old: Props, new: Props) -> None:
        imported = ("privateKey", "certificateBody", "certificateChain")
        if any(old.get(key) != new.get(key) for key in imported):
            _import(aws, new, {"CertificateArn": id_})
        if old.get("options") != new.get("options"):
            asked = request("acm", "UpdateCertificateOptions", new, only=("options",))
            aws.client("acm").update_certificate_options(CertificateArn=id_, **asked)
        tagging.retag(aws, "acm", id_, old, new)

    def delete(self, aws: Aws, id_: str, props: Props) -> None:
        aws.client("acm").delete_certificate(CertificateArn=id_)


class CertificateValidation(Resource):
    """Nothing in AWS: waits until the certificate is issued. The ID is when that was."""

    token: ClassVar[str] = "aws:acm/certificateValidation:CertificateValidation"
    inputs: ClassVar[frozenset[str]] = frozenset({"certificateArn", "validationRecordFqdns"})
    required: ClassVar[frozenset[str]] = frozenset({"certificateArn"})
    replaces: ClassVar[frozenset[str]] = inputs

    def create(self, aws: Aws, props: Props) -> str:
        arn = props["certificateArn"]
        if "validationRecordFqdns" in props:
            _cover(aws, arn, props["validationRecordFqdns"])
        aws.client("acm").get_waiter("certificate_validated").wait(
            CertificateArn=arn, WaiterConfig={"Delay": 1, "MaxAttempts": 10}
        )
        return _issued_at(aws, arn) or arn

    @gone_is_none("ResourceNotFoundException")
    def read(self, aws: Aws, id_: str, props: Props) -> Props | None:
        issued = _issued_at(aws, props["certificateArn"])
        return {**props} if issued else None

    def delete(self, aws: Aws, id_: str, props: Props) -> None:
        """Nothing to delete: the certificate and its records are resources of their own."""


def _import(aws: Aws, props: Props, more: Mapping[str, Any]) -> str:
    given = {"Certificate": "certificateBody", "PrivateKey": "privateKey"}
    chain = {"CertificateChain": "certificateChain"} if props.get("certificateChain") else {}
    asked = {member: props[key].encode() for member, key in {**given, **chain}.items()}
    return aws.client("acm").import_certificate(**asked, **more)["CertificateArn"]


def _alternatives(props: Props, found: Mapping[str, Any]) -> list[str]:
    """ACM repeats the domain name among the alternatives; the program need not."""
    names = as_list(found.get("SubjectAlternativeNames"))
    given = as_list(props.get("subjectAlternativeNames"))
    return [name for name in names if name != found["DomainName"] or name in given]


def _proof(option: Mapping[str, Any]) -> Props:
    record = as_object(option.get("ResourceRecord"))
    return {
        "domainName": option["DomainName"],
        "resourceRecordName": record.get("Name"),
        "resourceRecordType": record.get("Type"),
        "resourceRecordValue": record.get("Value"),
    }


def _cover(aws: Aws, arn: str, names: list[str]) -> None:
    """Refuse a list that misses a domain: the certificate would never be issued."""
    found = aws.client("acm").describe_certificate(CertificateArn=arn)["Certificate"]
    proofs = [_proof(option) for option in found.get("DomainValidationOptions", ())]
    given = {name.rstrip(".") for name in names}
    missing = sorted(
        {proof["resourceRecordName"].rstrip(".") for proof in proofs if proof["resourceRecordName"]}
        - given
    )
    if missing:
        raise PluginError(
            f"validationRecordFqdns: the records {', '.join(missing)} are missing; make one "
            "for each of the certificate's domainValidationOptions"
        )


def _issued_at(aws: Aws, arn: str) -> str | None:
    found = aws.client("acm").describe_certificate(CertificateArn=arn)["Certificate"]
    issued = found["Status"] == "ISSUED"
    return str(found.get("IssuedAt") or found.get("ImportedAt")) if issued else None


RESOURCES: tuple[Resource, ...] = (Certificate(), CertificateValidation())
