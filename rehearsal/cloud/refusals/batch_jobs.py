"""S3 batch jobs: what they copy, and as whom."""

from __future__ import annotations

from rehearsal.cloud.call import Call
from rehearsal.cloud.lookups import absent_role, trusts
from rehearsal.cloud.refusals.rule import Rule

DOCS = "https://docs.aws.amazon.com/AmazonS3/latest/userguide"
SERVICE = "batchoperations.s3.amazonaws.com"


def _role(call: Call) -> str | None:
    role = call.params["RoleArn"]
    problem = absent_role(call, role)
    if problem is None and not trusts(call, role, SERVICE):
        problem = f"{role} does not trust {SERVICE}"
    return problem


def _manifest(call: Call) -> str | None:
    given = [one for one in ("Manifest", "ManifestGenerator") if call.params.get(one)]
    if len(given) != 1:
        return "Exactly one of Manifest and ManifestGenerator is given"
    return None


def _bucket(call: Call) -> str | None:
    generator = call.mapped("ManifestGenerator.S3JobManifestGenerator")
    name = str(generator.get("SourceBucket", "")).rpartition(":")[2]
    if name and name not in call.cloud.moto("s3").buckets:
        return f"The source bucket {name} does not exist"
    return None


RULES = (
    Rule(
        name="a batch job's role exists and trusts batch operations",
        service="s3control",
        operations=("CreateJob",),
        code="InvalidRequest",
        url=f"{DOCS}/batch-ops-iam-role-policies.html",
        broken=_role,
        status=400,
    ),
    Rule(
        name="a batch job has one manifest, given or generated",
        service="s3control",
        operations=("CreateJob",),
        code="InvalidRequest",
        url=f"{DOCS}/batch-ops-create-job.html",
        broken=_manifest,
        status=400,
    ),
    Rule(
        name="the bucket of a generated manifest exists",
        service="s3control",
        operations=("CreateJob",),
        code="InvalidRequest",
        url=f"{DOCS}/batch-ops-create-job.html",
        broken=_bucket,
        status=400,
    ),
)
