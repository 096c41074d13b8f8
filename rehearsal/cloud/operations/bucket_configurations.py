"""S3 configurations of which a bucket has several, by identifier: intelligent tiering,
request metrics and analytics. moto knows only those of the inventory."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from rehearsal.cloud.call import Answer, Call
from rehearsal.cloud.errors import ApiError
from rehearsal.cloud.operations.buckets import bucket_of
from rehearsal.cloud.state import Table

SEPARATOR = "\0"


@dataclass(frozen=True)
class Kind:
    """One kind of configuration; `name` is part of the names of its operations."""

    name: str

    @property
    def member(self) -> str:
        return f"{self.name}Configuration"

    def put(self, call: Call) -> Answer:
        """Put…Configuration."""
        self._table(call)[self._key(call)] = call.params[self.member]
        return {}

    def get(self, call: Call) -> Answer:
        """Get…Configuration."""
        return {self.member: self._found(call)}

    def listed(self, call: Call) -> Answer:
        """List…Configurations: all on one page."""
        start = bucket_of(call).name + SEPARATOR
        found = [each for key, each in self._table(call).items() if key.startswith(start)]
        return {"IsTruncated": False, f"{self.member}List": found}

    def delete(self, call: Call) -> Answer:
        """Delete…Configuration."""
        self._found(call)
        del self._table(call)[self._key(call)]
        return {}

    def operations(self) -> dict[str, Callable[[Call], Answer]]:
        """Its four operations by name."""
        return {
            f"DeleteBucket{self.member}": self.delete,
            f"GetBucket{self.member}": self.get,
            f"ListBucket{self.member}s": self.listed,
            f"PutBucket{self.member}": self.put,
        }

    def _table(self, call: Call) -> Table:
        return call.cloud.everywhere.table(f"s3:{self.name}")

    def _key(self, call: Call) -> str:
        return bucket_of(call).name + SEPARATOR + call.params["Id"]

    def _found(self, call: Call) -> dict[str, object]:
        found = self._table(call).get(self._key(call))
        if found is None:
            text = f"The specified configuration does not exist: {call.params['Id']}"
            raise ApiError("NoSuchConfiguration", text, 404)
        return found


OPERATIONS = {
    name: operation
    for kind in ("IntelligentTiering", "Metrics", "Analytics")
    for name, operation in Kind(kind).operations().items()
}
