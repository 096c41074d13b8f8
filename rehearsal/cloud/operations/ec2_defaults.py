"""EC2's settings per account and region: the default key of EBS, snapshot sharing and the
instance metadata service."""

from __future__ import annotations

from rehearsal.cloud.call import Answer, Call

KIND = "ec2:defaults"
EBS_ALIAS = "alias/aws/ebs"
METADATA = ("HttpTokens", "HttpPutResponseHopLimit", "HttpEndpoint", "InstanceMetadataTags")


def get_ebs_default_kms_key_id(call: Call) -> Answer:
    """GetEbsDefaultKmsKeyId: AWS's own key until another is set."""
    return {"KmsKeyId": call.here.table(KIND).get("ebs", {}).get("key", EBS_ALIAS)}


def modify_ebs_default_kms_key_id(call: Call) -> Answer:
    """ModifyEbsDefaultKmsKeyId."""
    call.upstream()
    key = call.params["KmsKeyId"]
    if not key.startswith("arn:"):
        key = call.here.moto("kms").describe_key(key).arn
    call.here.table(KIND)["ebs"] = {"key": key}
    return {"KmsKeyId": key}


def reset_ebs_default_kms_key_id(call: Call) -> Answer:
    """ResetEbsDefaultKmsKeyId: AWS's own key again."""
    call.here.table(KIND).pop("ebs", None)
    call.here.moto("ec2").default_kms_key_id = ""
    return {"KmsKeyId": EBS_ALIAS}


def enable_snapshot_block_public_access(call: Call) -> Answer:
    """EnableSnapshotBlockPublicAccess."""
    state = call.params["State"]
    call.here.table(KIND)["snapshots"] = {"state": state}
    return {"State": state}


def disable_snapshot_block_public_access(call: Call) -> Answer:
    """DisableSnapshotBlockPublicAccess."""
    call.here.table(KIND).pop("snapshots", None)
    return {"State": "unblocked"}


def get_snapshot_block_public_access_state(call: Call) -> Answer:
    """GetSnapshotBlockPublicAccessState."""
    state = call.here.table(KIND).get("snapshots", {}).get("state", "unblocked")
    return {"State": state, "ManagedBy": "account"}


def modify_instance_metadata_defaults(call: Call) -> Answer:
    """ModifyInstanceMetadataDefaults: `no-preference` and -1 take a setting back."""
    defaults = call.here.table(KIND).setdefault("metadata", {})
    for setting in METADATA:
        value = call.params.get(setting)
        if value in ("no-preference", -1):
            defaults.pop(setting, None)
        elif value is not None:
            defaults[setting] = value
    return {"Return": True}


def get_instance_metadata_defaults(call: Call) -> Answer:
    """GetInstanceMetadataDefaults."""
    return {"AccountLevel": {**call.here.table(KIND).get("metadata", {}), "ManagedBy": "account"}}


OPERATIONS = {
    "DisableSnapshotBlockPublicAccess": disable_snapshot_block_public_access,
    "EnableSnapshotBlockPublicAccess": enable_snapshot_block_public_access,
    "GetEbsDefaultKmsKeyId": get_ebs_default_kms_key_id,
    "GetInstanceMetadataDefaults": get_instance_metadata_defaults,
    "GetSnapshotBlockPublicAccessState": get_snapshot_block_public_access_state,
    "ModifyEbsDefaultKmsKeyId": modify_ebs_default_kms_key_id,
    "ModifyInstanceMetadataDefaults": modify_instance_metadata_defaults,
    "ResetEbsDefaultKmsKeyId": reset_ebs_default_kms_key_id,
}
