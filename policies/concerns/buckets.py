"""Buckets: private, encrypted, versioned, logged, and hard to lose."""

from __future__ import annotations

from collections.abc import Iterator

from policies.buckets import BUCKET, POLICY, siblings, takes_delivered_logs
from policies.finding import Broken
from policies.policy_documents import (
    actions,
    allowing,
    denying,
    is_everybody,
    is_public,
)
from policies.properties import Properties
from policies.repair import Draft
from policies.rule import ResourceRule, Rule, StackRule
from policies.subject import STACK, Stack, Subject

DOCS = "https://docs.aws.amazon.com/AmazonS3/latest/userguide"
BLOCKS = ("blockPublicAcls", "blockPublicPolicy", "ignorePublicAcls", "restrictPublicBuckets")
ACCOUNT_BLOCK = "aws:s3/accountPublicAccessBlock:AccountPublicAccessBlock"
ACL = "aws:s3/bucketAcl:BucketAcl"
PUBLIC_ACLS = ("public-read", "public-read-write", "authenticated-read", "website")
PUBLIC_GROUPS = ("global/AllUsers", "global/AuthenticatedUsers")
LOCKING_OUT = frozenset({"*", "s3:*", "s3:putbucketpolicy", "s3:deletebucketpolicy"})


def _reachable_by_the_public(one: Subject, stack: Stack) -> Iterator[Broken]:
    found = list(siblings(one, stack, "PublicAccessBlock"))
    if not any(all(each.flag(key) for key in BLOCKS) for each in found):
        shown = _missing_blocks(found[0]) if found else "no public access block"
        yield Broken("bucket", shown, f"a public access block with {', '.join(BLOCKS)}")


def _missing_blocks(block: Properties) -> str:
    return f"without {', '.join(key for key in BLOCKS if not block.flag(key))}"


def _with_foreign_owners(one: Subject, stack: Stack) -> Iterator[Broken]:
    owners = [
        each.text("rule.objectOwnership") for each in siblings(one, stack, "OwnershipControls")
    ]
    if "BucketOwnerEnforced" not in owners:
        shown = owners[0] if owners else "no ownership controls"
        yield Broken("bucket", shown, "BucketOwnerEnforced")


def _without_customer_key(one: Subject, stack: Stack) -> Iterator[Broken]:
    rules = list(_encryption(one, stack))
    if takes_delivered_logs(one, stack):
        if not any(_algorithm(rule) for rule in rules):
            yield Broken("bucket", "no encryption", "AES256: deliveries take no customer key")
        return
    if not any(_algorithm(rule).startswith("aws:kms") and _has_key(rule) for rule in rules):
        shown = next(map(_algorithm, rules), "") or "no encryption"
        yield Broken("bucket", shown, "aws:kms with a customer key")
    elif not any(rule.flag("bucketKeyEnabled") for rule in rules):
        yield Broken("bucket", "no bucket key", "bucketKeyEnabled")


def _encryption(one: Subject, stack: Stack) -> Iterator[Properties]:
    """Encryption rules, inline or of the sibling; the provider has them as an object or a list."""
    inline = one.properties.under("serverSideEncryptionConfiguration")
    yield from [*inline.each("rule"), *inline.each("rules")]
    for each in siblings(one, stack, "ServerSideEncryptionConfiguration"):
        yield from each.each("rules")


def _algorithm(rule: Properties) -> str:
    return rule.text("applyServerSideEncryptionByDefault.sseAlgorithm")


def _has_key(rule: Properties) -> bool:
    return rule.has("applyServerSideEncryptionByDefault.kmsMasterKeyId")


def _unversioned(one: Subject, stack: Stack) -> Iterator[Broken]:
    states = [
        each.text("versioningConfiguration.status") for each in siblings(one, stack, "Versioning")
    ]
    if "Enabled" not in states and not one.properties.flag("versioning.enabled"):
        yield Broken("bucket", states[0] if states else "no versioning", "Enabled")


def _without_tls(one: Subject, stack: Stack) -> Iterator[Broken]:
    documents = [one.properties.document("policy")]
    documents += [each.document("policy") for each in siblings(one, stack, "Policy")]
    if not any(_demands_tls(each) for document in documents for each in denying(document)):
        yield Broken("bucket", "no such policy", "a policy that denies aws:SecureTransport = false")


def _demands_tls(statement: Properties) -> bool:
    return (
        is_everybody(statement)
        and "s3:*" in actions(statement)
        and statement.under("Condition.Bool").scalar("aws:SecureTransport") == "false"
        and len(statement.texts("Resource")) > 1
    )


def _open_policy(one: Subject) -> Iterator[Broken]:
    for statement in allowing(one.properties.document("policy")):
        if is_public(statement):
            yield Broken(statement.at("Principal"), statement.shown("Principal"), "who is meant")


def _locking_policy(one: Subject) -> Iterator[Broken]:
    for statement in denying(one.properties.document("policy")):
        taken = LOCKING_OUT & set(actions(statement))
        if is_everybody(statement) and taken and not statement.under("Condition").names():
            shown = statement.shown("Action")
            yield Broken(
                statement.at("Action"), shown, "a condition, or no denial of the policy itself"
            )


def _unlogged(one: Subject, stack: Stack) -> Iterator[Broken]:
    inline = one.properties.has("loggings") or one.properties.has("logging")
    logged = inline or any(each.has("targetBucket") for each in siblings(one, stack, "Logging"))
    if not logged and not takes_delivered_logs(one, stack):
        yield Broken("bucket", "no access logs", "access logs to a bucket for them")


def _ageless(one: Subject, stack: Stack) -> Iterator[Broken]:
    rules = [
        rule
        for each in siblings(one, stack, "LifecycleConfiguration")
        for rule in each.each("rules")
    ]
    rules += one.properties.each("lifecycleRules")
    if not any(_aborts_uploads(rule) for rule in rules):
        shown = f"{len(rules)} rules" if rules else "no lifecycle"
        yield Broken("bucket", shown, "a rule for all objects that aborts incomplete uploads")


def _aborts_uploads(rule: Properties) -> bool:
    on = rule.text("status") == "Enabled" or bool(rule.flag("enabled"))
    everything = not rule.text("filter.prefix") and not rule.text("prefix")
    days = rule.number("abortIncompleteMultipartUpload.daysAfterInitiation") or rule.number(
        "abortIncompleteMultipartUploadDays"
    )
    return on and everything and bool(days)


def _unlocked(one: Subject, stack: Stack) -> Iterator[Broken]:
    if not _must_be_locked(one) or takes_delivered_logs(one, stack):
        return
    locks = [*siblings(one, stack, "ObjectLockConfiguration")]
    locks.append(one.properties.under("objectLockConfiguration"))
    if not any(_keeps(lock) for lock in locks):
        yield Broken("bucket", "no object lock", "an object lock with a default retention")


def _must_be_locked(one: Subject) -> bool:
    name = f"-{one.properties.text('bucket')}-"
    return any(f"-{purpose}-" in name for purpose in one.settings.locked_buckets)


def _keeps(lock: Properties) -> bool:
    kept = lock.under("rule.defaultRetention")
    return bool(kept.text("mode")) and bool(kept.number("days") or kept.number("years"))


def _emptied_on_destroy(one: Subject) -> Iterator[Broken]:
    if one.properties.flag("forceDestroy"):
        yield Broken("forceDestroy", one.properties.shown("forceDestroy"), "false")


def _kept_on_destroy(one: Subject, draft: Draft) -> None:
    if one.properties.flag("forceDestroy"):
        draft.set("forceDestroy", False)


def _open_account(_root: Subject, stack: Stack) -> Iterator[Broken]:
    blocks = [each.properties for each in stack.of(ACCOUNT_BLOCK)]
    if not any(all(each.flag(key) for key in BLOCKS) for each in blocks):
        shown = _missing_blocks(blocks[0]) if blocks else "no block for the account"
        yield Broken("", shown, f"an account-wide block with {', '.join(BLOCKS)}")


def _public_acl(one: Subject) -> Iterator[Broken]:
    if one.properties.text("acl") in PUBLIC_ACLS:
        yield Broken("acl", one.properties.shown("acl"), "private")
    for grant in one.properties.each("accessControlPolicy.grants"):
        if grant.text("grantee.uri").endswith(PUBLIC_GROUPS):
            yield Broken(
                grant.at("grantee.uri"), grant.shown("grantee.uri"), "no group of everybody"
            )


RULES: tuple[Rule, ...] = (
    StackRule(
        number=46,
        name="bucket-public-access-blocked",
        because="One careless policy or ACL publishes the bucket; the block refuses both.",
        fix="Give the bucket a BucketPublicAccessBlock with all four set.",
        severity="critical",
        reference=f"{DOCS}/access-control-block-public-access.html",
        types=(BUCKET,),
        broken=_reachable_by_the_public,
    ),
    StackRule(
        number=47,
        name="bucket-owner-enforced",
        because="With ACLs an object may belong to another account, which no policy here reaches.",
        fix="Give the bucket BucketOwnershipControls with BucketOwnerEnforced.",
        severity="medium",
        reference=f"{DOCS}/about-object-ownership.html",
        types=(BUCKET,),
        broken=_with_foreign_owners,
    ),
    StackRule(
        number=48,
        name="bucket-customer-key",
        because="Without a key of one's own nobody can revoke access to what is stored, and "
        "without a bucket key each object costs a call to it. Buckets that AWS delivers access "
        "logs to take S3's own key only.",
        fix="Encrypt with aws:kms, kmsMasterKeyId and bucketKeyEnabled.",
        severity="high",
        reference=f"{DOCS}/UsingKMSEncryption.html",
        types=(BUCKET,),
        broken=_without_customer_key,
    ),
    StackRule(
        number=49,
        name="bucket-versioned",
        because="What is overwritten or deleted without versions is gone.",
        fix="Give the bucket BucketVersioning with status Enabled.",
        severity="high",
        reference=f"{DOCS}/Versioning.html",
        types=(BUCKET,),
        broken=_unversioned,
    ),
    StackRule(
        number=50,
        name="bucket-tls-only",
        because="Without TLS objects and signatures are read on the way.",
        fix="Deny s3:* on the bucket and its objects where aws:SecureTransport is false.",
        severity="high",
        reference=f"{DOCS}/security-best-practices.html",
        types=(BUCKET,),
        broken=_without_tls,
    ),
    ResourceRule(
        number=51,
        name="bucket-policy-not-public",
        because="A statement for everybody is a statement for strangers.",
        fix="Name the principals, or the account or organisation in a condition.",
        severity="critical",
        reference=f"{DOCS}/access-control-block-public-access.html#access-control-block-public-access-policy-status",
        types=(POLICY, BUCKET),
        broken=_open_policy,
    ),
    ResourceRule(
        number=52,
        name="bucket-policy-keeps-owners-in",
        because="A denial of everything to everybody can only be lifted by the root user.",
        fix="Put a condition on the denial, or leave the policy's own actions out of it.",
        severity="high",
        reference=f"{DOCS}/bucket-policies.html",
        types=(POLICY, BUCKET),
        broken=_locking_policy,
    ),
    StackRule(
        number=53,
        name="bucket-logged",
        because="Without access logs nobody can say who read what.",
        fix="Give the bucket BucketLogging to a bucket for access logs.",
        severity="medium",
        reference=f"{DOCS}/ServerLogs.html",
        types=(BUCKET,),
        broken=_unlogged,
    ),
    StackRule(
        number=54,
        name="bucket-lifecycle",
        because="Parts of uploads that never ended are paid for and seen by nobody.",
        fix="Add a lifecycle rule for all objects with abortIncompleteMultipartUpload.",
        severity="low",
        reference=f"{DOCS}/mpu-abort-incomplete-mpu-lifecycle-config.html",
        types=(BUCKET,),
        broken=_ageless,
    ),
    StackRule(
        number=56,
        name="bucket-locked",
        because="Who can delete backups and logs can hide, and can blackmail. Buckets that AWS "
        "delivers access logs to take no lock.",
        fix="Give the bucket an object lock with a default retention.",
        severity="high",
        reference=f"{DOCS}/object-lock.html",
        types=(BUCKET,),
        broken=_unlocked,
    ),
    ResourceRule(
        number=57,
        name="bucket-kept-on-destroy",
        because="A destroy that empties the bucket first has no way back.",
        fix="Leave forceDestroy out.",
        severity="high",
        reference="https://www.pulumi.com/registry/packages/aws/api-docs/s3/bucket/#forcedestroy_python",
        types=(BUCKET,),
        broken=_emptied_on_destroy,
        repair=_kept_on_destroy,
    ),
    StackRule(
        number=58,
        name="account-public-access-blocked",
        because="A bucket that somebody makes by hand tomorrow has no block of its own.",
        fix="Declare an AccountPublicAccessBlock with all four set, in the primary stack.",
        severity="high",
        reference=f"{DOCS}/configuring-block-public-access-account.html",
        types=(STACK,),
        # One stack owns what the account has once.
        roles=frozenset({"primary"}),
        broken=_open_account,
    ),
    ResourceRule(
        number=59,
        name="bucket-acl-private",
        because="An ACL for everybody publishes each object that it is on.",
        fix="Leave ACLs out; say who may read in a policy.",
        severity="critical",
        reference=f"{DOCS}/acl-overview.html",
        types=(BUCKET, ACL),
        broken=_public_acl,
    ),
)
