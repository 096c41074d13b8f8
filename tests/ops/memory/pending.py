"""A state with pending operations, and what is really there, in memory."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from ops.pending_state import pending_of, settled, unread_of
from ops.world.pending import Pending


@dataclass
class MemoryPending:
    """`there`: outputs by ID of what exists in the account; `tags`: ARNs by `mlops:id`; `belongs`:
    IDs of mount targets by their subnets."""

    account: str
    deployment: dict[str, Any] = field(default_factory=dict[str, Any])
    there: Mapping[str, dict[str, Any]] = field(default_factory=dict[str, "dict[str, Any]"])
    tags: Mapping[str, Sequence[str]] = field(default_factory=dict[str, "list[str]"])
    belongs: Mapping[str, str] = field(default_factory=dict[str, str])

    def pending(self) -> Sequence[Pending]:
        return pending_of(self.deployment)

    def unread(self) -> Sequence[str]:
        return unread_of(self.deployment)

    def tagged(self, identity: str) -> Sequence[str]:
        return self.tags.get(identity, [])

    def looked_up(self, pending: Pending) -> str | None:
        return self.belongs.get(str(pending.inputs.get("subnetId")))

    def settle(self, ids: Mapping[Pending, str | None]) -> None:
        self.deployment = settled(self.deployment, ids)

    def read_anew(self, urns: Sequence[str]) -> None:
        kept: list[dict[str, Any]] = []
        for each in self.deployment["resources"]:
            if each["urn"] not in urns or each.get("delete"):
                kept.append(each)
            elif each["id"] in self.there:
                kept.append({**each, "outputs": self.there[each["id"]]})
        self.deployment = {**self.deployment, "resources": kept}
