"""The database's password: generated, write-only, in a secret of our own.

RDS could manage it, but a source with a managed password cannot have a replica, and its
rotation breaks connection strings.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import pulumi
import pulumi_aws as aws
import pulumi_random as random
from pulumi import Input, ResourceOptions

from components.base import Component, Site

LENGTH = 32
RECOVERY_DAYS = 30
"""How long a deleted secret can be brought back."""


@dataclass(frozen=True, kw_only=True)
class DatabasePasswordArgs:
    """What a client needs to know beside the password."""

    username: str
    host: str
    port: int
    database: str
    version: int
    """Raise it to generate and write a new one: a write-only value itself is never compared."""
    key_arn: Input[str]
    replica_regions: Mapping[str, Input[str]]
    """Regions that get a copy of the secret, with the key to encrypt it there."""


class DatabasePassword(Component):
    """A password and the secret that holds it."""

    value: pulumi.Output[str]
    """Alphanumeric, because it becomes a part of connection strings; a Pulumi secret."""
    version: int
    secret_arn: pulumi.Output[str]

    def __init__(
        self, name: str, args: DatabasePasswordArgs, site: Site, opts: ResourceOptions | None = None
    ) -> None:
        super().__init__(name, site, opts)
        self.value = pulumi.Output.secret(self._password(args).result)
        self.version = args.version
        secret = self._secret(args)
        self._content(args, secret)
        self.secret_arn = secret.arn
        self.register_outputs({"secret_arn": self.secret_arn})

    def _password(self, args: DatabasePasswordArgs) -> random.RandomPassword:
        return random.RandomPassword(
            self.child("value"),
            length=LENGTH,
            special=False,
            keepers={"version": str(args.version)},
            opts=self.options(),
        )

    def _secret(self, args: DatabasePasswordArgs) -> aws.secretsmanager.Secret:
        name = self.site.data_name("database")
        return aws.secretsmanager.Secret(
            self.child("secret"),
            name=name,
            description="Administrator of the platform's PostgreSQL",
            kms_key_id=args.key_arn,
            recovery_window_in_days=RECOVERY_DAYS,
            replicas=[
                {"region": region, "kms_key_id": key}
                for region, key in args.replica_regions.items()
            ]
            or None,
            tags=self.tags("secret", name=name),
            opts=self.holds_data(),
        )

    def _content(self, args: DatabasePasswordArgs, secret: aws.secretsmanager.Secret) -> None:
        content = pulumi.Output.json_dumps(
            {
                "username": args.username,
                "password": self.value,
                "host": args.host,
                "port": args.port,
                "dbname": args.database,
                "engine": "postgres",
            }
        )
        aws.secretsmanager.SecretVersion(
            self.child("content"),
            secret_id=secret.id,
            secret_string_wo=content,
            secret_string_wo_version=args.version,
            opts=self.options(),
        )
