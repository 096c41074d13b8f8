"""The fence's table: who may write, in three regions that agree on every write.

One item per platform says which region holds the lease, in which epoch and until when. Two
regions keep a replica, a third only a witness, so that losing any one of them leaves a majority
and a strongly consistent answer. Source: DynamoDB developer guide, multi-Region strong
consistency.
"""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass

import pulumi
import pulumi_aws as aws
from pulumi import Input, ResourceOptions

from components.base import Component, Site
from lease.protocol import first

KEY = "platform"
"""The table's only key: the primary's prefix."""


def table_name(platform: str) -> str:
    """The table of the platform whose primary has the prefix `platform`, in each region."""
    return f"{platform}-fence"


def first_record(platform: str, holder: str) -> str:
    """The item of a platform that nobody has run yet, in DynamoDB's JSON."""
    values = asdict(first(platform, holder))
    return json.dumps(
        {
            name: {"N": str(value)} if isinstance(value, int) else {"S": value}
            for name, value in values.items()
        }
    )


@dataclass(frozen=True, kw_only=True)
class FenceArgs:
    """Raises ValueError where two of the three regions are the same."""

    key_arn: Input[str]
    peer_region: str
    peer_key_arn: Input[str]
    witness_region: str


class Fence(Component):
    """A table with strong consistency between regions, and the platform's first record."""

    table_name: pulumi.Output[str]
    arn: pulumi.Output[str]

    def __init__(
        self, name: str, args: FenceArgs, site: Site, opts: ResourceOptions | None = None
    ) -> None:
        regions = (site.region, args.peer_region, args.witness_region)
        if len(set(regions)) < len(regions):
            raise ValueError(
                f"witness_region: {args.witness_region}: expected a third region beside "
                f"{site.region} and {args.peer_region}"
            )
        super().__init__(name, site, opts)
        table = self._table(args)
        self._record(table)
        self.table_name, self.arn = table.name, table.arn
        self.register_outputs({"table_name": self.table_name})

    def _table(self, args: FenceArgs) -> aws.dynamodb.Table:
        name = table_name(self.site.prefix)
        return aws.dynamodb.Table(
            self.child("table"),
            name=name,
            billing_mode="PAY_PER_REQUEST",
            hash_key=KEY,
            attributes=[{"name": KEY, "type": "S"}],
            server_side_encryption={"enabled": True, "kms_key_arn": args.key_arn},
            point_in_time_recovery={"enabled": True},
            deletion_protection_enabled=self.site.protect_data,
            replicas=[
                {
                    "region_name": args.peer_region,
                    "kms_key_arn": args.peer_key_arn,
                    "consistency_mode": "STRONG",
                }
            ],
            global_table_witness={"region_name": args.witness_region},
            tags=self.tags("table", name=name),
            opts=self.holds_data(),
        )

    def _record(self, table: aws.dynamodb.Table) -> None:
        """Written once, where there is none: from then on it is the agents' and the failover's,
        and a destroy leaves it while the data is protected."""
        aws.dynamodb.TableItem(
            self.child("first-record"),
            table_name=table.name,
            hash_key=KEY,
            item=first_record(self.site.prefix, self.site.region),
            opts=self.holds_data(retain=self.site.protect_data, ignore_changes=["item"]),
        )
