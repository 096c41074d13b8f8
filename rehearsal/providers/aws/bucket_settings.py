"""What is set once on a bucket: versioning, encryption, ownership, public access, policy and
access logs. Each resource's ID is the bucket's name."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Mapping, Sequence
from typing import Any, ClassVar

from botocore.exceptions import ClientError

from rehearsal.providers.aws.lookup import code_of, gone_is_none
from rehearsal.providers.aws.resource import Aws, Resource
from rehearsal.providers.aws.shapes import reported, request
from rehearsal.providers.wire import Props

_BLOCKS = ("blockPublicAcls", "blockPublicPolicy", "ignorePublicAcls", "restrictPublicBuckets")
_OPEN: Mapping[str, Any] = dict.fromkeys(_BLOCKS, False)


class BucketSetting(Resource):
    """One setting of a bucket: put as a whole, at first and at every change."""

    required: ClassVar[frozenset[str]] = frozenset({"bucket"})
    replaces: ClassVar[frozenset[str]] = frozenset({"bucket"})

    def create(self, aws: Aws, props: Props) -> str:
        self.put(aws, props)
        return props["bucket"]

    def read(self, aws: Aws, id_: str, props: Props) -> Props | None:
        return self.shown(aws, id_, props)

    def update(self, aws: Aws, id_: str, old: Props, new: Props) -> None:
        self.put(aws, new)

    @abstractmethod
    def put(self, aws: Aws, props: Props) -> None:
        """Set it to what `props` says."""

    @abstractmethod
    def shown(self, aws: Aws, bucket: str, props: Props) -> Props | None:
        """The setting as S3 shows it, or None when it or the bucket is gone."""


class BucketVersioning(BucketSetting):
    """A delete suspends it: S3 never goes back to "never versioned"."""

    token: ClassVar[str] = "aws:s3/bucketVersioning:BucketVersioning"
    inputs: ClassVar[frozenset[str]] = frozenset({"bucket", "versioningConfiguration"})
    required: ClassVar[frozenset[str]] = inputs

    def put(self, aws: Aws, props: Props) -> None:
        asked = request("s3", "PutBucketVersioning", props)
        aws.client("s3").put_bucket_versioning(**asked)

    @gone_is_none("NoSuchBucket")
    def shown(self, aws: Aws, bucket: str, props: Props) -> Props | None:
        found = aws.client("s3").get_bucket_versioning(Bucket=bucket)
        if not found.get("Status"):
            return None
        setting = {"Status": found["Status"], "MfaDelete": found.get("MFADelete", "Disabled")}
        described = {"Bucket": bucket, "VersioningConfiguration": setting}
        return reported(props, described, ("bucket", "versioningConfiguration"))

    def delete(self, aws: Aws, id_: str, props: Props) -> None:
        try:
            aws.client("s3").put_bucket_versioning(
                Bucket=id_, VersioningConfiguration={"Status": "Suspended"}
            )
        except ClientError as error:
            # Object lock needs versions: such a bucket keeps them until it is deleted.
            if code_of(error) != "InvalidBucketState":
                raise


class BucketServerSideEncryptionConfiguration(BucketSetting):
    """A delete goes back to S3's own keys."""

    token: ClassVar[str] = (
        "aws:s3/bucketServerSideEncryptionConfiguration:BucketServerSideEncryptionConfiguration"
    )
    inputs: ClassVar[frozenset[str]] = frozenset({"bucket", "rules"})
    required: ClassVar[frozenset[str]] = inputs

    def put(self, aws: Aws, props: Props) -> None:
        rules = {"serverSideEncryptionConfiguration": {"rules": props["rules"]}}
        asked = request("s3", "PutBucketEncryption", {"bucket": props["bucket"], **rules})
        aws.client("s3").put_bucket_encryption(**asked)

    @gone_is_none("NoSuchBucket", "ServerSideEncryptionConfigurationNotFoundError")
    def shown(self, aws: Aws, bucket: str, props: Props) -> Props | None:
        found = aws.client("s3").get_bucket_encryption(Bucket=bucket)
        rules = found["ServerSideEncryptionConfiguration"]["Rules"]
        return reported(props, {"Bucket": bucket, "Rules": rules}, ("bucket", "rules"))

    def delete(self, aws: Aws, id_: str, props: Props) -> None:
        aws.client("s3").delete_bucket_encryption(Bucket=id_)


class BucketOwnershipControls(BucketSetting):
    """Who owns the objects; `BucketOwnerEnforced` turns access lists off."""

    token: ClassVar[str] = "aws:s3/bucketOwnershipControls:BucketOwnershipControls"
    inputs: ClassVar[frozenset[str]] = frozenset({"bucket", "rule"})
    required: ClassVar[frozenset[str]] = inputs

    def put(self, aws: Aws, props: Props) -> None:
        rules = {"ownershipControls": {"rules": [props["rule"]]}}
        asked = request("s3", "PutBucketOwnershipControls", {"bucket": props["bucket"], **rules})
        aws.client("s3").put_bucket_ownership_controls(**asked)

    @gone_is_none("NoSuchBucket", "OwnershipControlsNotFoundError")
    def shown(self, aws: Aws, bucket: str, props: Props) -> Props | None:
        found = aws.client("s3").get_bucket_ownership_controls(Bucket=bucket)
        rule = found["OwnershipControls"]["Rules"][0]
        return reported(props, {"Bucket": bucket, "Rule": rule}, ("bucket", "rule"))

    def delete(self, aws: Aws, id_: str, props: Props) -> None:
        aws.client("s3").delete_bucket_ownership_controls(Bucket=id_)


class BucketPublicAccessBlock(BucketSetting):
    """Four switches; a delete opens all of them."""

    token: ClassVar[str] = "aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock"
    inputs: ClassVar[frozenset[str]] = frozenset({"bucket", "skipDestroy", *_BLOCKS})
    defaults: ClassVar[Mapping[str, Any]] = _OPEN

    def put(self, aws: Aws, props: Props) -> None:
        aws.client("s3").put_public_access_block(
            Bucket=props["bucket"], PublicAccessBlockConfiguration=_switches(props)
        )

    @gone_is_none("NoSuchBucket", "NoSuchPublicAccessBlockConfiguration")
    def shown(self, aws: Aws, bucket: str, props: Props) -> Props | None:
        found = aws.client("s3").get_public_access_block(Bucket=bucket)
        described = {**found["PublicAccessBlockConfiguration"], "Bucket": bucket}
        return reported(props, described, ("bucket", *_BLOCKS))

    def delete(self, aws: Aws, id_: str, props: Props) -> None:
        if not props.get("skipDestroy"):
            aws.client("s3").delete_public_access_block(Bucket=id_)


class AccountPublicAccessBlock(Resource):
    """The same four switches for every bucket of the account; its ID is the account's."""

    token: ClassVar[str] = "aws:s3/accountPublicAccessBlock:AccountPublicAccessBlock"
    inputs: ClassVar[frozenset[str]] = frozenset({"accountId", *_BLOCKS})
    replaces: ClassVar[frozenset[str]] = frozenset({"accountId"})
    delete_before_replace: ClassVar[bool] = True
    defaults: ClassVar[Mapping[str, Any]] = _OPEN

    def create(self, aws: Aws, props: Props) -> str:
        account = props.get("accountId") or aws.account_id
        self._put(aws, account, props)
        return account

    @gone_is_none("NoSuchPublicAccessBlockConfiguration")
    def read(self, aws: Aws, id_: str, props: Props) -> Props | None:
        found = aws.client("s3control").get_public_access_block(AccountId=id_)
        described = {**found["PublicAccessBlockConfiguration"], "AccountId": id_}
        return reported(props, described, ("accountId", *_BLOCKS))

    def update(self, aws: Aws, id_: str, old: Props, new: Props) -> None:
        self._put(aws, id_, new)

    def delete(self, aws: Aws, id_: str, props: Props) -> None:
        aws.client("s3control").delete_public_access_block(AccountId=id_)

    def _put(self, aws: Aws, account: str, props: Props) -> None:
        aws.client("s3control").put_public_access_block(
            AccountId=account, PublicAccessBlockConfiguration=_switches(props)
        )


class BucketPolicy(BucketSetting):
    """Who may do what with the bucket."""

    token: ClassVar[str] = "aws:s3/bucketPolicy:BucketPolicy"
    inputs: ClassVar[frozenset[str]] = frozenset({"bucket", "policy"})
    required: ClassVar[frozenset[str]] = inputs

    def put(self, aws: Aws, props: Props) -> None:
        aws.client("s3").put_bucket_policy(Bucket=props["bucket"], Policy=props["policy"])

    @gone_is_none("NoSuchBucket", "NoSuchBucketPolicy")
    def shown(self, aws: Aws, bucket: str, props: Props) -> Props | None:
        policy = aws.client("s3").get_bucket_policy(Bucket=bucket)["Policy"]
        return reported(props, {"Bucket": bucket, "Policy": policy}, ("bucket", "policy"))

    def delete(self, aws: Aws, id_: str, props: Props) -> None:
        aws.client("s3").delete_bucket_policy(Bucket=id_)


class BucketLogging(BucketSetting):
    """Where the bucket's access log goes."""

    token: ClassVar[str] = "aws:s3/bucketLogging:BucketLogging"
    inputs: ClassVar[frozenset[str]] = frozenset(
        {"bucket", "targetBucket", "targetPrefix", "targetObjectKeyFormat"}
    )
    required: ClassVar[frozenset[str]] = frozenset({"bucket", "targetBucket", "targetPrefix"})

    def put(self, aws: Aws, props: Props) -> None:
        target = {key: value for key, value in props.items() if key in _TARGET}
        asked = request(
            "s3",
            "PutBucketLogging",
            {"bucket": props["bucket"], "bucketLoggingStatus": {"loggingEnabled": target}},
        )
        aws.client("s3").put_bucket_logging(**asked)

    @gone_is_none("NoSuchBucket")
    def shown(self, aws: Aws, bucket: str, props: Props) -> Props | None:
        found = aws.client("s3").get_bucket_logging(Bucket=bucket).get("LoggingEnabled")
        if not found:
            return None
        return reported(props, {**found, "Bucket": bucket}, ("bucket", *_TARGET))

    def delete(self, aws: Aws, id_: str, props: Props) -> None:
        aws.client("s3").put_bucket_logging(Bucket=id_, BucketLoggingStatus={})


_TARGET = ("targetBucket", "targetPrefix", "targetObjectKeyFormat")


def _switches(props: Props) -> dict[str, bool]:
    return {key[:1].upper() + key[1:]: bool(props[key]) for key in _BLOCKS}


RESOURCES: Sequence[Resource] = (
    BucketVersioning(),
    BucketServerSideEncryptionConfiguration(),
    BucketOwnershipControls(),
    BucketPublicAccessBlock(),
    AccountPublicAccessBlock(),
    BucketPolicy(),
    BucketLogging(),
)
