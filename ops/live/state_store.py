"""The state's bucket, key and copy, in KMS, S3 and IAM of both regions."""

from __future__ import annotations

import json
from collections.abc import Mapping

from ops.errors import Refused
from ops.live.aws import Answer, Aws, NotFound
from ops.world.state_store import BucketFacts, KeyFacts, Place

NAME = "mlops-platform-state"
ALIAS = f"alias/{NAME}"
ROLE = f"{NAME}-copy"
POLICY = "copy"
DESCRIPTION = "Pulumi state and the secrets in it"
PRIVATE = {
    "BlockPublicAcls": True,
    "IgnorePublicAcls": True,
    "BlockPublicPolicy": True,
    "RestrictPublicBuckets": True,
}
COPIED = (".pulumi/stacks/", ".pulumi/history/", ".pulumi/backups/", ".pulumi/meta.yaml")
"""Everything of the backend but its locks. Source: Pulumi, filestate backend."""
HOME_OF_S3 = "us-east-1"
"""The region in which a bucket is made by naming no region."""


class StateStore:
    """What holds the state; `regions` reaches each of its regions."""

    def __init__(self, regions: Mapping[str, Aws]) -> None:
        self._regions = regions
        self._any = next(iter(regions.values()))

    @property
    def account(self) -> str:
        """The account that the credentials belong to."""
        return self._any.account()

    def key(self, region: str) -> KeyFacts | None:
        """The key behind the alias."""
        aws = self._regions[region]
        try:
            found = aws.read("kms", "describe_key", KeyId=ALIAS)["KeyMetadata"]
        except NotFound:
            return None
        rotates = aws.read("kms", "get_key_rotation_status", KeyId=found["KeyId"])
        return KeyFacts(arn=found["Arn"], rotates=rotates["KeyRotationEnabled"])

    def bucket(self, place: Place) -> BucketFacts | None:
        """The bucket and how it is kept."""
        aws, name = self._regions[place.region], place.bucket
        try:
            aws.read("s3", "head_bucket", Bucket=name)
        except NotFound:
            return None
        return BucketFacts(
            versioned=aws.read("s3", "get_bucket_versioning", Bucket=name).get("Status")
            == "Enabled",
            private=_asked(aws, "get_public_access_block", name).get(
                "PublicAccessBlockConfiguration"
            )
            == PRIVATE,
            key=self._encrypts_with(place),
            tls_only=_refuses_plain(_asked(aws, "get_bucket_policy", name), name),
        )

    def role(self) -> str | None:
        """The role, once its permissions are attached."""
        try:
            found = self._any.read("iam", "get_role", RoleName=ROLE)["Role"]
            self._any.read("iam", "get_role_policy", RoleName=ROLE, PolicyName=POLICY)
        except NotFound:
            return None
        return str(found["Arn"])

    def copied_to(self, place: Place) -> str | None:
        """The bucket that every part but the locks is copied to."""
        found = _asked(self._regions[place.region], "get_bucket_replication", place.bucket)
        rules: list[Answer] = found.get("ReplicationConfiguration", {}).get("Rules", [])
        ends = {rule["Destination"]["Bucket"] for rule in rules if rule["Status"] == "Enabled"}
        parts = {rule["Filter"]["Prefix"] for rule in rules}
        if len(ends) != 1 or parts != set(COPIED):
            return None
        return str(ends.pop()).rpartition(":")[2]

    def make_key(self, region: str) -> None:
        """A key of this description is taken, so that a killed run leaves no second one."""
        aws = self._regions[region]
        key = self._described(aws)
        if key is None:
            made = aws.write("kms", "create_key", MultiRegion=True, Description=DESCRIPTION)
            key = str(made["KeyMetadata"]["KeyId"])
        if self.key(region) is None:
            aws.write("kms", "create_alias", AliasName=ALIAS, TargetKeyId=key)
        aws.write("kms", "enable_key_rotation", KeyId=key)

    def copy_key(self, source: str, region: str) -> None:
        """ReplicateKey, and the alias."""
        key, there = self._described(self._regions[source]), self._regions[region]
        if key is None:
            raise Refused(f"{ALIAS} in {source}: no key that could be copied")
        if self._described(there) is None:
            self._regions[source].write(
                "kms",
                "replicate_key",
                KeyId=key,
                ReplicaRegion=region,
                Description=DESCRIPTION,
            )
        there.write("kms", "create_alias", AliasName=ALIAS, TargetKeyId=key)

    def make_bucket(self, place: Place) -> None:
        """CreateBucket."""
        where: Answer = {}
        if place.region != HOME_OF_S3:
            where = {"CreateBucketConfiguration": {"LocationConstraint": place.region}}
        self._regions[place.region].write("s3", "create_bucket", Bucket=place.bucket, **where)

    def secure(self, place: Place, key: str) -> None:
        """Public access first: the policy is the last to come."""
        aws, name = self._regions[place.region], place.bucket
        encryption = {"SSEAlgorithm": "aws:kms", "KMSMasterKeyID": key}
        rule = {"ApplyServerSideEncryptionByDefault": encryption, "BucketKeyEnabled": True}
        settings: tuple[tuple[str, Answer], ...] = (
            ("put_public_access_block", {"PublicAccessBlockConfiguration": PRIVATE}),
            ("put_bucket_versioning", {"VersioningConfiguration": {"Status": "Enabled"}}),
            (
                "put_bucket_encryption",
                {"ServerSideEncryptionConfiguration": {"Rules": [rule]}},
            ),
            ("put_bucket_policy", {"Policy": _policy(_tls_only(name))}),
        )
        for operation, given in settings:
            aws.write("s3", operation, Bucket=name, **given)

    def make_role(self, source: Place, source_key: str, copy: Place, copy_key: str) -> None:
        """The role, then what it may do."""
        try:
            self._any.read("iam", "get_role", RoleName=ROLE)
        except NotFound:
            trust = _policy(
                {
                    "Effect": "Allow",
                    "Principal": {"Service": "s3.amazonaws.com"},
                    "Action": "sts:AssumeRole",
                    "Condition": {"StringEquals": {"aws:SourceAccount": self.account}},
                }
            )
            self._any.write("iam", "create_role", RoleName=ROLE, AssumeRolePolicyDocument=trust)
        self._any.write(
            "iam",
            "put_role_policy",
            RoleName=ROLE,
            PolicyName=POLICY,
            PolicyDocument=_may_copy(source, source_key, copy, copy_key),
        )

    def copy(self, source: Place, copy: Place, role: str, key: str) -> None:
        """PutBucketReplication: a rule for each part."""
        rules = [
            {
                "ID": prefix.strip("./").replace("/", "-"),
                "Status": "Enabled",
                "Priority": place,
                "Filter": {"Prefix": prefix},
                "DeleteMarkerReplication": {"Status": "Enabled"},
                "SourceSelectionCriteria": {"SseKmsEncryptedObjects": {"Status": "Enabled"}},
                "Destination": {
                    "Bucket": f"arn:aws:s3:::{copy.bucket}",
                    "EncryptionConfiguration": {"ReplicaKmsKeyID": key},
                },
            }
            for place, prefix in enumerate(COPIED, start=1)
        ]
        self._regions[source.region].write(
            "s3",
            "put_bucket_replication",
            Bucket=source.bucket,
            ReplicationConfiguration={"Role": role, "Rules": rules},
        )

    def _encrypts_with(self, place: Place) -> str | None:
        """ARN of the bucket's default key, also where the bucket names it by its alias."""
        aws = self._regions[place.region]
        key = _key_of(_asked(aws, "get_bucket_encryption", place.bucket))
        if key is not None and key.endswith(ALIAS):
            behind = self.key(place.region)
            return behind.arn if behind else None
        return key

    def _described(self, aws: Aws) -> str | None:
        """ID of the enabled multi-region key with the description."""
        for page in aws.pages("kms", "list_keys"):
            for each in page["Keys"]:
                found = aws.read("kms", "describe_key", KeyId=each["KeyId"])["KeyMetadata"]
                ours = found["Description"] == DESCRIPTION and found["MultiRegion"]
                if ours and found["KeyState"] == "Enabled":
                    return str(found["KeyId"])
        return None


def _asked(aws: Aws, operation: str, bucket: str) -> Answer:
    """A configuration of a bucket; empty where it has none."""
    try:
        return aws.read("s3", operation, Bucket=bucket)
    except NotFound:
        return {}


def _key_of(encryption: Answer) -> str | None:
    rules: list[Answer] = encryption.get("ServerSideEncryptionConfiguration", {}).get("Rules", [])
    for rule in rules:
        key = rule["ApplyServerSideEncryptionByDefault"].get("KMSMasterKeyID")
        if key:
            return str(key)
    return None


def _tls_only(bucket: str) -> Answer:
    arn = f"arn:aws:s3:::{bucket}"
    return {
        "Sid": "TlsOnly",
        "Effect": "Deny",
        "Principal": "*",
        "Action": "s3:*",
        "Resource": [arn, f"{arn}/*"],
        "Condition": {"Bool": {"aws:SecureTransport": "false"}},
    }


def _refuses_plain(policy: Answer, bucket: str) -> bool:
    """Whether the statement is among those of the policy, which may have others."""
    document: Answer = json.loads(policy.get("Policy") or "{}")
    return _tls_only(bucket) in document.get("Statement", [])


def _may_copy(source: Place, source_key: str, copy: Place, copy_key: str) -> str:
    here, there = f"arn:aws:s3:::{source.bucket}", f"arn:aws:s3:::{copy.bucket}"
    read = ("GetObjectVersionForReplication", "GetObjectVersionAcl", "GetObjectVersionTagging")
    write = ("ReplicateObject", "ReplicateDelete", "ReplicateTags")
    return _policy(
        _allow(["s3:GetReplicationConfiguration", "s3:ListBucket"], here),
        _allow([f"s3:{action}" for action in read], f"{here}/*"),
        _allow([f"s3:{action}" for action in write], f"{there}/*"),
        _allow(["kms:Decrypt"], source_key),
        _allow(["kms:Encrypt"], copy_key),
    )


def _allow(actions: list[str], resource: str) -> Answer:
    return {"Effect": "Allow", "Action": actions, "Resource": resource}


def _policy(*statements: Answer) -> str:
    return json.dumps({"Version": "2012-10-17", "Statement": list(statements)})
