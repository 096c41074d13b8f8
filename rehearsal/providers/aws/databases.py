"""Database instances: new ones, replicas, and ones restored from a snapshot or to a point in
time. Changes are made in place, among them the promotion of a replica and a new name."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar

from rehearsal.providers.aws import tagging
from rehearsal.providers.aws.database_members import (
    INHERITED,
    MODIFIED_NAMES,
    NAMES,
    NOT_RESTORED,
    RESTORED_NAMES,
    STEERING,
    described,
)
from rehearsal.providers.aws.lookup import gone_is_none
from rehearsal.providers.aws.resource import Aws, Resource
from rehearsal.providers.aws.shapes import request, same
from rehearsal.providers.plugin import PluginError
from rehearsal.providers.wire import Props


class Instance(Resource):
    """The ID is the resource ID `db-…`, which a new identifier does not change; an import
    gives the identifier."""

    token: ClassVar[str] = "aws:rds/instance:Instance"
    known_by_state: ClassVar[frozenset[str]] = frozenset({"replicateSourceDb"})
    inputs: ClassVar[frozenset[str]] = frozenset(
        {
            "allocatedStorage",
            "allowMajorVersionUpgrade",
            "applyImmediately",
            "autoMinorVersionUpgrade",
            "availabilityZone",
            "backupRetentionPeriod",
            "backupWindow",
            "caCertIdentifier",
            "copyTagsToSnapshot",
            "databaseInsightsMode",
            "dbName",
            "dbSubnetGroupName",
            "dedicatedLogVolume",
            "deleteAutomatedBackups",
            "deletionProtection",
            "enabledCloudwatchLogsExports",
            "engine",
            "engineLifecycleSupport",
            "engineVersion",
            "finalSnapshotIdentifier",
            "iamDatabaseAuthenticationEnabled",
            "identifier",
            "instanceClass",
            "iops",
            "kmsKeyId",
            "licenseModel",
            "maintenanceWindow",
            "manageMasterUserPassword",
            "masterUserSecretKmsKeyId",
            "maxAllocatedStorage",
            "monitoringInterval",
            "monitoringRoleArn",
            "multiAz",
            "networkType",
            "optionGroupName",
            "parameterGroupName",
            "password",
            "passwordWo",
            "passwordWoVersion",
            "performanceInsightsEnabled",
            "performanceInsightsKmsKeyId",
            "performanceInsightsRetentionPeriod",
            "port",
            "publiclyAccessible",
            "replicateSourceDb",
            "restoreToPointInTime",
            "skipFinalSnapshot",
            "snapshotIdentifier",
            "storageEncrypted",
            "storageThroughput",
            "storageType",
            "tags",
            "username",
            "vpcSecurityGroupIds",
        }
    )
    required: ClassVar[frozenset[str]] = frozenset({"instanceClass"})
    replaces: ClassVar[frozenset[str]] = frozenset(
        {"availabilityZone", "dbName", "engine", "kmsKeyId", "restoreToPointInTime"}
        | {"snapshotIdentifier", "storageEncrypted", "username"}
    )
    autoname: ClassVar[str | None] = "identifier"
    write_only: ClassVar[frozenset[str]] = frozenset({"passwordWo"})

    def create(self, aws: Aws, props: Props) -> str:
        marks = tagging.given(aws, "rds", "CreateDBInstance", props)
        made = _creation(aws.client("rds"), {**props, **_password(props)}, marks)
        return made["DBInstance"]["DbiResourceId"]

    def configure(self, aws: Aws, id_: str, props: Props) -> None:
        """Wait, then say what a replica or a restored instance can only be told now."""
        _settle(aws, props["identifier"])
        late = {key: props[key] for key in _late(props) if key in props}
        if late:
            _modify(aws, props["identifier"], late, {**props, "applyImmediately": True})

    @gone_is_none("DBInstanceNotFound", "DBInstanceNotFoundFault")
    def read(self, aws: Aws, id_: str, props: Props) -> Props | None:
        instance = _found(aws, id_, props)
        return described(aws, props, instance) if instance else None

    def update(self, aws: Aws, id_: str, old: Props, new: Props) -> None:
        name = old["identifier"]
        if not same(old.get("replicateSourceDb"), new.get("replicateSourceDb")):
            _promote(aws, name, new)
        changed = {
            key: new[key]
            for key in self.inputs - STEERING - {"replicateSourceDb"}
            if key in new and new[key] != old.get(key)
        }
        changed |= _unset(old, new)
        if old.get("passwordWoVersion") != new.get("passwordWoVersion"):
            changed |= _password(new)
        if changed:
            _modify(aws, name, changed, new, old.get("enabledCloudwatchLogsExports"))
        if old.get("tags") != new.get("tags"):
            arn = aws.arn("rds", f"db:{new['identifier']}")
            tagging.retag(aws, "rds", arn, old, new)

    def delete(self, aws: Aws, id_: str, props: Props) -> None:
        if self.read(aws, id_, props) is None:
            return
        name = props["identifier"]
        asked: dict[str, Any] = {"SkipFinalSnapshot": bool(props.get("skipFinalSnapshot"))}
        if not asked["SkipFinalSnapshot"]:
            if not props.get("finalSnapshotIdentifier"):
                raise PluginError(
                    f"finalSnapshotIdentifier: {name} is deleted with a final snapshot, which "
                    "needs a name; give one, or set skipFinalSnapshot"
                )
            asked["FinalDBSnapshotIdentifier"] = props["finalSnapshotIdentifier"]
        if "deleteAutomatedBackups" in props:
            asked["DeleteAutomatedBackups"] = props["deleteAutomatedBackups"]
        aws.client("rds").delete_db_instance(DBInstanceIdentifier=name, **asked)


_POLL = {"Delay": 1, "MaxAttempts": 60}
_OFF: Mapping[str, Any] = {
    "deletionProtection": False,
    "multiAz": False,
    "performanceInsightsEnabled": False,
    "enabledCloudwatchLogsExports": [],
}
"""What a setting becomes that is no longer given; others keep their value, as RDS does."""


def _creation(rds: Any, props: Props, marks: dict[str, Any]) -> Any:
    """The creating call that fits what is given."""
    own = {key: value for key, value in props.items() if key not in STEERING}
    if props.get("replicateSourceDb"):
        kept = {key: value for key, value in own.items() if key not in INHERITED}
        asked = request("rds", "CreateDBInstanceReadReplica", kept, rename=NAMES)
        return rds.create_db_instance_read_replica(**asked, **marks)
    restored = {key: value for key, value in own.items() if key not in NOT_RESTORED}
    if props.get("snapshotIdentifier"):
        asked = request("rds", "RestoreDBInstanceFromDBSnapshot", restored, rename=NAMES)
        source = {"DBSnapshotIdentifier": props["snapshotIdentifier"]}
        return rds.restore_db_instance_from_db_snapshot(**asked, **source, **marks)
    if props.get("restoreToPointInTime"):
        restored |= props["restoreToPointInTime"]
        asked = request("rds", "RestoreDBInstanceToPointInTime", restored, rename=RESTORED_NAMES)
        return rds.restore_db_instance_to_point_in_time(**asked, **marks)
    asked = request("rds", "CreateDBInstance", own, rename=NAMES)
    return rds.create_db_instance(**asked, **marks)


def _late(props: Props) -> frozenset[str]:
    """What is told after creation. A replica has its source's credentials and version."""
    fixed = {"engine", "engineVersion", "dbName", "username", "storageEncrypted", "licenseModel"}
    if props.get("replicateSourceDb"):
        return INHERITED - fixed - {"engineLifecycleSupport"}
    if props.get("snapshotIdentifier") or props.get("restoreToPointInTime"):
        given = {"passwordWo"} if props.get("passwordWo") else set[str]()
        return NOT_RESTORED - fixed - {"kmsKeyId"} | given
    return frozenset()


def _password(props: Props) -> Props:
    return {"password": props["passwordWo"]} if props.get("passwordWo") else {}


def _unset(old: Props, new: Props) -> Props:
    return {key: off for key, off in _OFF.items() if old.get(key) and key not in new}


def _modify(
    aws: Aws, name: str, changed: Props, props: Props, logs_before: list[str] | None = None
) -> None:
    if "passwordWo" in changed:
        changed = {**changed, "password": changed["passwordWo"]}
    plain = {k: v for k, v in changed.items() if k not in {*_LOGS, "passwordWo"}}
    asked = request("rds", "ModifyDBInstance", plain, rename=MODIFIED_NAMES)
    if "enabledCloudwatchLogsExports" in changed:
        asked["CloudwatchLogsExportConfiguration"] = _log_changes(
            logs_before or [], changed["enabledCloudwatchLogsExports"]
        )
    if props.get("allowMajorVersionUpgrade"):
        asked["AllowMajorVersionUpgrade"] = True
    aws.client("rds").modify_db_instance(
        DBInstanceIdentifier=name,
        ApplyImmediately=bool(props.get("applyImmediately")),
        **asked,
    )
    _settle(aws, str(changed.get("identifier", name)))


_LOGS = ("enabledCloudwatchLogsExports",)


def _log_changes(old: list[str], new: list[str]) -> dict[str, list[str]]:
    return {
        "EnableLogTypes": sorted(set(new) - set(old)),
        "DisableLogTypes": sorted(set(old) - set(new)),
    }


def _promote(aws: Aws, name: str, new: Props) -> None:
    """Make a replica a database of its own: what removing its source means."""
    if new.get("replicateSourceDb"):
        raise PluginError(
            f"replicateSourceDb: {name} cannot follow another source than the one it was made "
            "for; take the property away to promote it, or make another replica"
        )
    asked = request(
        "rds",
        "PromoteReadReplica",
        new,
        only=("backupRetentionPeriod", "backupWindow"),
        rename=NAMES,
    )
    aws.client("rds").promote_read_replica(DBInstanceIdentifier=name, **asked)
    _settle(aws, name)


def _found(aws: Aws, id_: str, props: Props) -> Mapping[str, Any] | None:
    """The instance with this resource ID; by its name where that is the ID of an import."""
    rds = aws.client("rds")
    if not id_.startswith("db-"):
        return rds.describe_db_instances(DBInstanceIdentifier=id_)["DBInstances"][0]
    by_id = [{"Name": "dbi-resource-id", "Values": [id_]}]
    instances = rds.describe_db_instances(Filters=by_id)["DBInstances"]
    named = [one for one in instances if one["DBInstanceIdentifier"] == props.get("identifier")]
    return next(iter(named or instances), None)


def _settle(aws: Aws, name: str) -> None:
    waiter = aws.client("rds").get_waiter("db_instance_available")
    waiter.wait(DBInstanceIdentifier=name, WaiterConfig=_POLL)


RESOURCES: tuple[Resource, ...] = (Instance(),)
