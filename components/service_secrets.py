"""The services' secrets in Secrets Manager, under one key; external-secrets reads them.

A generated value is alphanumeric, since some become a part of connection strings, and written
as write-only: it is in no plan and in no value. A provided one is left without a value, which
external-secrets reports until an operator puts it in.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field

import pulumi
import pulumi_aws as aws
import pulumi_random as random
from pulumi import Input, ResourceOptions

from catalog.service_secrets import SECRETS, ServiceSecret
from components.base import Component, Site

LENGTH = 32
RECOVERY_DAYS = 7


@dataclass(frozen=True, kw_only=True)
class ServiceSecretsArgs:
    """`copies`: regions that get a copy of each secret, with a key of theirs; `without`: secrets
    that another stack has, by name."""

    key_arn: Input[str]
    copies: Mapping[str, Input[str]] = field(default_factory=dict[str, Input[str]])
    without: Collection[str] = ()


class ServiceSecrets(Component):
    """Those of `catalog.service_secrets`, but for what another stack has."""

    arns: Mapping[str, pulumi.Output[str]]
    """By the secret's name, without the prefix."""
    passwords: Mapping[str, pulumi.Output[str]]
    """Of the generated ones, by the same name; Pulumi secrets."""

    def __init__(
        self, name: str, args: ServiceSecretsArgs, site: Site, opts: ResourceOptions | None = None
    ) -> None:
        super().__init__(name, site, opts)
        made = [one for one in SECRETS.values() if one.name not in args.without]
        secrets = {one.name: self._secret(one, args) for one in made}
        self.passwords = {
            one.name: self._content(one, secrets[one.name])
            for one in made
            if one.origin == "generated"
        }
        self.arns = {name: secret.arn for name, secret in secrets.items()}
        self.register_outputs({"arns": self.arns})

    def _secret(
        self, declared: ServiceSecret, args: ServiceSecretsArgs
    ) -> aws.secretsmanager.Secret:
        name = self.site.name(declared.name)
        return aws.secretsmanager.Secret(
            self.child(declared.name),
            name=name,
            description=f"{declared.origin.capitalize()}: {', '.join(declared.keys)}",
            kms_key_id=args.key_arn,
            replicas=[{"region": region, "kms_key_id": key} for region, key in args.copies.items()]
            or None,
            # While data is protected a deleted secret can be brought back; a teardown must
            # free the name, or the next deployment is refused.
            recovery_window_in_days=RECOVERY_DAYS if self.site.protect_data else 0,
            tags=self.tags(declared.name, name=name),
            opts=self.holds_data(),
        )

    def _content(
        self, declared: ServiceSecret, secret: aws.secretsmanager.Secret
    ) -> pulumi.Output[str]:
        """Generates the password and writes it into the secret."""
        value = random.RandomPassword(
            self.child(f"{declared.name}-value"),
            length=LENGTH,
            special=False,
            keepers={"version": str(declared.version)},
            opts=self.options(),
        )
        password = pulumi.Output.secret(value.result)
        known = {"username": declared.username} if declared.username else {}
        aws.secretsmanager.SecretVersion(
            self.child(f"{declared.name}-content"),
            secret_id=secret.id,
            secret_string_wo=pulumi.Output.json_dumps({**known, "password": password}),
            secret_string_wo_version=declared.version,
            opts=self.options(),
        )
        return password
