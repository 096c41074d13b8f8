"""Updates of EKS clusters, node groups and add-ons: made in progress, found successful,
so that a client's waiter sees both states."""

from __future__ import annotations

import json
from typing import Any

from rehearsal.cloud.call import Answer, Call
from rehearsal.cloud.clock import now
from rehearsal.cloud.operations.eks_records import UPDATES, identifier, key, not_found
from rehearsal.cloud.paging import page
from rehearsal.cloud.state import Record


def begin(call: Call, cluster: str, kind: str, params: dict[str, Any], part: str = "") -> Answer:
    """Record an update of `cluster`, or of its node group or add-on `part`."""
    update: Record = {
        "id": identifier(call, cluster, kind),
        "status": "InProgress",
        "type": kind,
        "params": [
            {"type": name, "value": value if isinstance(value, str) else json.dumps(value)}
            for name, value in params.items()
        ],
        "createdAt": now(),
        "errors": [],
    }
    call.here.table(UPDATES)[key(cluster, part, update["id"])] = {**update, "status": "Successful"}
    return {"update": update}


def describe_update(call: Call) -> Answer:
    """DescribeUpdate: the update is over by the time anybody asks."""
    name, update_id = call.params["name"], call.params["updateId"]
    found = call.here.table(UPDATES).get(key(name, _part(call), update_id))
    if found is None:
        raise not_found(f"No update found for ID: {update_id}")
    return {"update": found}


def list_updates(call: Call) -> Answer:
    """ListUpdates of a cluster, or of one node group or add-on of it."""
    start = key(call.params["name"], _part(call), "")
    updates = [u["id"] for k, u in call.here.table(UPDATES).items() if k.startswith(start)]
    return page(call, "updateIds", updates)


def _part(call: Call) -> str:
    return call.params.get("nodegroupName") or call.params.get("addonName") or ""


OPERATIONS = {"DescribeUpdate": describe_update, "ListUpdates": list_updates}
