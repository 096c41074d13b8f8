"""Tags, which every AWS service spells its own way."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from rehearsal.providers.aws.resource import Aws
from rehearsal.providers.aws.shapes import Words
from rehearsal.providers.wire import Props


def wanted(aws: Aws, props: Props) -> dict[str, str]:
    """The provider's default tags and the resource's own; its own win."""
    return {**aws.default_tags, **(props.get("tags") or {})}


def pairs(aws: Aws, props: Props, key: str = "Key", value: str = "Value") -> list[dict[str, str]]:
    """Tags as a list of pairs; some services spell the two words in another way."""
    return [{key: name, value: text} for name, text in sorted(wanted(aws, props).items())]


def specification(kind: str, aws: Aws, props: Props) -> list[dict[str, Any]]:
    """EC2's `TagSpecifications` for one resource of `kind`; empty without tags."""
    tags = pairs(aws, props)
    return [{"ResourceType": kind, "Tags": tags}] if tags else []


def own(
    aws: Aws, described: Iterable[Mapping[str, str]] | None, key: str = "Key", value: str = "Value"
) -> Words:
    """Described tags without AWS's own and without the provider's defaults."""
    return own_map(aws, {tag[key]: tag[value] for tag in described or ()})


def own_map(aws: Aws, described: Mapping[str, str] | None) -> Words:
    """`own`, for the services that describe tags as a map."""
    return Words(
        {
            name: text
            for name, text in (described or {}).items()
            if not name.startswith("aws:") and aws.default_tags.get(name) != text
        }
    )


def changes(aws: Aws, old: Props, new: Props) -> tuple[dict[str, str], list[str]]:
    """Tags to set and keys to remove, to get from `old` to `new`."""
    before, after = wanted(aws, old), wanted(aws, new)
    put = {key: text for key, text in after.items() if before.get(key) != text}
    return put, sorted(before.keys() - after.keys())


def retag_ec2(aws: Aws, id_: str, old: Props, new: Props) -> None:
    """Bring the tags of any EC2 resource from `old` to `new`."""
    put, gone = changes(aws, old, new)
    ec2 = aws.client("ec2")
    if put:
        ec2.create_tags(Resources=[id_], Tags=[{"Key": k, "Value": v} for k, v in put.items()])
    if gone:
        ec2.delete_tags(Resources=[id_], Tags=[{"Key": key} for key in gone])
