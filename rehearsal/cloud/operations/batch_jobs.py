"""S3 batch replication: objects that a bucket's rules would copy today, copied once.

A job is done within its creating call; what AWS generates first, a manifest, is nowhere seen.
"""

from __future__ import annotations

from typing import Any

from rehearsal.cloud.call import Answer, Call
from rehearsal.cloud.clock import now
from rehearsal.cloud.errors import ApiError
from rehearsal.cloud.operations.bucket_replication import RULES
from rehearsal.cloud.operations.eks_records import identifier
from rehearsal.cloud.paging import page
from rehearsal.cloud.state import Record

KIND = "s3control:job"
LISTED = ("JobId", "Description", "Operation", "Priority", "Status", "CreationTime")


def create_job(call: Call) -> Answer:
    """CreateJob: the same token is the same job."""
    token, table = call.params["ClientRequestToken"], call.here.table(KIND)
    for known in table.values():
        if known["Token"] == token:
            return {"JobId": known["JobId"]}
    id_ = identifier(call, token)
    generator = call.mapped("ManifestGenerator.S3JobManifestGenerator")
    bucket = str(generator.get("SourceBucket", "")).rpartition(":")[2]
    rules = call.cloud.everywhere.table(RULES).get(bucket)
    copied, failed = _copied(call, bucket, rules) if rules else (0, 0)
    table[id_] = {
        "Token": token,
        "JobId": id_,
        "JobArn": f"arn:aws:s3:{call.region}:{call.account}:job/{id_}",
        "Description": call.params.get("Description") or "",
        "Operation": call.params["Operation"],
        "Priority": call.params["Priority"],
        "RoleArn": call.params["RoleArn"],
        "Report": call.params["Report"],
        "CreationTime": now(),
        # Without a rule there is nothing that the manifest could list.
        "Status": "Complete" if rules else "Failed",
        "ProgressSummary": {
            "TotalNumberOfTasks": copied + failed,
            "NumberOfTasksSucceeded": copied,
            "NumberOfTasksFailed": failed,
        },
    }
    return {"JobId": id_}


def describe_job(call: Call) -> Answer:
    """DescribeJob."""
    found = call.here.table(KIND).get(call.params["JobId"])
    if found is None:
        raise ApiError("NoSuchJob", "The specified job does not exist", 404)
    return {"Job": {name: value for name, value in found.items() if name != "Token"}}


def list_jobs(call: Call) -> Answer:
    """ListJobs."""
    jobs = [_listed(each) for each in call.here.table(KIND).values()]
    return page(call, "Jobs", jobs, size="MaxResults", token="NextToken")


def _listed(job: Record) -> dict[str, Any]:
    shown = {name: job[name] for name in LISTED if name != "Operation"}
    [operation] = job["Operation"]
    return {**shown, "Operation": operation, "ProgressSummary": job["ProgressSummary"]}


def _copied(call: Call, bucket: str, rules: Record) -> tuple[int, int]:
    """How many objects were copied, and how many could not be."""
    target = str(rules["Rules"][0]["Destination"]["Bucket"]).rpartition(":")[2]
    buckets = call.cloud.moto("s3").buckets
    if target not in buckets:
        return 0, len(buckets[bucket].keys)
    for key, found in buckets[bucket].keys.items():
        if key not in buckets[target].keys:
            buckets[target].keys[key] = found
    return len(buckets[bucket].keys), 0


OPERATIONS = {"CreateJob": create_job, "DescribeJob": describe_job, "ListJobs": list_jobs}
