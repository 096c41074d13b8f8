"""Items of DynamoDB tables. One that is there already is nobody's to create: the official provider
writes only where there is none."""

from __future__ import annotations

import json
from typing import Any, ClassVar

from rehearsal.providers.aws.lookup import gone_is_none
from rehearsal.providers.aws.resource import Aws, Resource
from rehearsal.providers.wire import Props


class TableItem(Resource):
    """The ID is `table|key|value`. Only attributes that the program gave are read."""

    token: ClassVar[str] = "aws:dynamodb/tableItem:TableItem"
    inputs: ClassVar[frozenset[str]] = frozenset({"hashKey", "item", "tableName"})
    required: ClassVar[frozenset[str]] = inputs
    replaces: ClassVar[frozenset[str]] = frozenset({"hashKey", "tableName"})
    known_by: ClassVar[frozenset[str]] = required

    def forces(self, old: Props, new: Props) -> frozenset[str]:
        """Another key is another item."""
        return self.replaces if _key(old) == _key(new) else self.replaces | {"item"}

    def create(self, aws: Aws, props: Props) -> str:
        _put(aws, props, ConditionExpression=f"attribute_not_exists({props['hashKey']})")
        (value,) = _key(props)[props["hashKey"]].values()
        return f"{props['tableName']}|{props['hashKey']}|{value}"

    @gone_is_none("ResourceNotFoundException")
    def read(self, aws: Aws, id_: str, props: Props) -> Props | None:
        given = json.loads(props["item"])
        found = aws.client("dynamodb").get_item(
            TableName=props["tableName"], Key=_key(props), ConsistentRead=True
        )
        if "Item" not in found:
            return None
        held = {name: value for name, value in found["Item"].items() if name in given}
        text = props["item"] if held == given else json.dumps(held, sort_keys=True)
        return {"tableName": props["tableName"], "hashKey": props["hashKey"], "item": text}

    def update(self, aws: Aws, id_: str, old: Props, new: Props) -> None:
        """Write the whole item anew."""
        _put(aws, new)

    def delete(self, aws: Aws, id_: str, props: Props) -> None:
        aws.client("dynamodb").delete_item(TableName=props["tableName"], Key=_key(props))


def _put(aws: Aws, props: Props, **condition: str) -> None:
    aws.client("dynamodb").put_item(
        TableName=props["tableName"], Item=json.loads(props["item"]), **condition
    )


def _key(props: Props) -> dict[str, dict[str, Any]]:
    return {props["hashKey"]: json.loads(props["item"])[props["hashKey"]]}


RESOURCES: tuple[Resource, ...] = (TableItem(),)
