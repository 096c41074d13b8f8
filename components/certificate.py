"""A certificate, proven by DNS.

Two regions that serve the same names are asked for the same proof, so that only one of them
may own the record: a destroy of the other must not take it away.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import pulumi
import pulumi_aws as aws
from pulumi import Input, Output, ResourceOptions

from components.base import Component, Site

RECORD_TTL = 60
"""Seconds."""
MANY_HOSTS = ("models",)
"""First labels of services below whose name hosts come and go without a change of the stack."""


@dataclass(frozen=True, kw_only=True)
class CertificateArgs:
    """Raises ValueError for a wildcard: one stolen key would serve every name of the domain.

    `wildcard_below` is the one exception: the name of a service whose hosts come and go below it,
    as the models' do. Its certificate names `*.<name>` too, and nothing of another service.
    """

    domain_name: str
    zone_id: Input[str]
    alternative_names: Sequence[str] = ()
    wildcard_below: str | None = None
    owns_validation: bool = True
    """True in exactly one of the stacks that serve these names."""

    def __post_init__(self) -> None:
        """Names are listed one by one, but for the hosts of a service that has many."""
        wildcards = [name for name in self.names if "*" in name]
        if wildcards:
            raise ValueError(f"certificate names {wildcards}: no wildcards; list each name")
        if self.wildcard_below is not None:
            _one_service(self.wildcard_below, self.names)

    @property
    def names(self) -> Sequence[str]:
        """Every name that is listed, each once: each is proven by a record of its own, and a
        wildcard by that of the name that it is below."""
        return list(dict.fromkeys((self.domain_name, *self.alternative_names)))

    @property
    def subjects(self) -> Sequence[str]:
        """Every name that the certificate speaks for."""
        wildcard = [f"*.{self.wildcard_below}"] if self.wildcard_below else []
        return [*self.names, *wildcard]


def _one_service(below: str, names: Sequence[str]) -> None:
    """Raises ValueError for a wildcard below anything but the one service that is named."""
    label = below.partition(".")[0]
    if label not in MANY_HOSTS:
        raise ValueError(
            f"wildcard_below {below!r}: expected a name of {' or '.join(MANY_HOSTS)}, whose hosts "
            "come and go; list each name instead"
        )
    if list(names) != [below]:
        raise ValueError(
            f"wildcard_below {below!r}: the certificate names {list(names)}, expected that name "
            "alone; give the others a certificate of their own"
        )


class Certificate(Component):
    """A certificate in the site's region."""

    arn: pulumi.Output[str]
    """Resolves only once the certificate is issued: a listener refuses a pending one."""

    def __init__(
        self, name: str, args: CertificateArgs, site: Site, opts: ResourceOptions | None = None
    ) -> None:
        super().__init__(name, site, opts)
        certificate = self._certificate(args)
        names = args.names if args.owns_validation else ()
        records = [self._record(args, certificate, domain) for domain in names]
        self.arn = self._issued(certificate, records).certificate_arn
        self.register_outputs({"arn": self.arn})

    def _certificate(self, args: CertificateArgs) -> aws.acm.Certificate:
        return aws.acm.Certificate(
            self.child("certificate"),
            domain_name=args.domain_name,
            subject_alternative_names=list(args.subjects[1:]),
            validation_method="DNS",
            key_algorithm="EC_prime256v1",
            tags=self.tags("certificate", name=args.domain_name),
            opts=self.options(),
        )

    def _record(
        self, args: CertificateArgs, certificate: aws.acm.Certificate, domain: str
    ) -> aws.route53.Record:
        proof = certificate.domain_validation_options.apply(
            lambda options: next(one for one in options if one.domain_name == domain)
        )
        return aws.route53.Record(
            self.child(domain),
            zone_id=args.zone_id,
            name=proof.apply(lambda one: str(one.resource_record_name)),
            type=proof.apply(lambda one: str(one.resource_record_type)),
            records=[proof.apply(lambda one: str(one.resource_record_value))],
            ttl=RECORD_TTL,
            allow_overwrite=True,
            opts=self.options(),
        )

    def _issued(
        self, certificate: aws.acm.Certificate, records: Sequence[aws.route53.Record]
    ) -> aws.acm.CertificateValidation:
        proofs: list[Output[str]] = [record.fqdn for record in records]
        return aws.acm.CertificateValidation(
            self.child("issued"),
            certificate_arn=certificate.arn,
            validation_record_fqdns=proofs or None,
            opts=self.options(),
        )
