"""The key of a log group, after it was made."""

from __future__ import annotations

from typing import Any

from rehearsal.cloud.call import Answer, Call
from rehearsal.cloud.errors import ApiError


def associate_kms_key(call: Call) -> Answer:
    """AssociateKmsKey."""
    _group(call).kms_key_id = call.params["kmsKeyId"]
    return {}


def disassociate_kms_key(call: Call) -> Answer:
    """DisassociateKmsKey."""
    _group(call).kms_key_id = None
    return {}


def _group(call: Call) -> Any:
    given = call.params.get("logGroupName") or call.params.get("resourceIdentifier") or ""
    name = given.partition(":log-group:")[2].removesuffix(":*") or given
    found = call.here.moto("logs").groups.get(name)
    if found is None:
        raise ApiError("ResourceNotFoundException", f"The specified log group {name} is not there")
    return found


OPERATIONS = {"AssociateKmsKey": associate_kms_key, "DisassociateKmsKey": disassociate_kms_key}
