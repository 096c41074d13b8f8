"""What proves the rule about buckets in both regions."""

from __future__ import annotations

from typing import Any

from tests.policies.scene import (
    PLAINTEXT,
    UNKNOWN,
    Cases,
    Described,
    fails,
    passes,
    recorded,
    secret,
)

NAME = "mlops-platform-production-models-123456789012-g1"
THERE = "mlops-platform-dr-models-123456789012-g1"
BUCKET = recorded("aws:s3/bucket:Bucket", asked="stack").but(
    {"bucket": NAME, "replicationConfiguration": None}
)
PEER = Described(
    type="aws:s3/bucket:Bucket",
    name="peer",
    properties={"bucket": THERE, "arn": f"arn:aws:s3:::{THERE}"},
)
ON = {"status": "Enabled"}
OFF = {"status": "Disabled"}
TO = {"bucket": f"arn:aws:s3:::{THERE}", "replicationTime": ON, "metrics": ON}
RULE: dict[str, Any] = {"status": "Enabled", "filter": {"prefix": ""}, "destination": TO}


def _to(**changes: Any) -> dict[str, Any]:
    return {"destination": {**TO, **changes}}


def _replicated(bucket: Any = NAME, /, **changes: Any) -> Described:
    return Described(
        type="aws:s3/bucketReplicationConfig:BucketReplicationConfig",
        name="models-replication",
        properties={"bucket": bucket, "rules": [{**RULE, **changes}]},
    )


INLINE = BUCKET.but({"replicationConfiguration": {"rules": [RULE]}})
UNNAMED = {"replicated_buckets": ("features",)}

CASES = {
    "bucket-replicated": Cases(
        failing=(
            fails(BUCKET, at="bucket", wanted="the other region's bucket", others=(PEER,)),
            fails(BUCKET, _replicated("another"), at="bucket", others=(PEER,)),
            fails(BUCKET, _replicated(status="Disabled"), at="bucket", others=(PEER,)),
            fails(BUCKET, _replicated(filter={"prefix": "a/"}), at="bucket", others=(PEER,)),
            fails(BUCKET, _replicated(filter={"tag": {"key": "a"}}), at="bucket", others=(PEER,)),
            fails(BUCKET, _replicated(filter={"tags": {"a": "b"}}), at="bucket", others=(PEER,)),
            fails(BUCKET, _replicated(filter={"and": {"a": "b"}}), at="bucket", others=(PEER,)),
            fails(BUCKET, _replicated(prefix="a/"), at="bucket", others=(PEER,)),
            fails(BUCKET, _replicated(), at="bucket"),
            fails(BUCKET, PEER, _replicated(), at="bucket"),
            *(
                fails(BUCKET, _replicated(**_to(**{key: wrong})), at="bucket", others=(PEER,))
                for key in ("replicationTime", "metrics")
                for wrong in (OFF, None)
            ),
            fails(
                BUCKET, _replicated(**_to(bucket=f"arn:aws:s3:::{NAME}")),
                at="bucket", others=(PEER,),
            ),
            fails(
                BUCKET.but({"replicationConfiguration": {"rules": [{**RULE, **OFF}]}}),
                at="bucket", others=(PEER,),
            ),
            fails(BUCKET.but({"bucket": "models-x"}), at="bucket"),
            fails(BUCKET.but({"bucket": "x-models"}), at="bucket"),
        ),
        passing=(
            passes(BUCKET, _replicated(), others=(PEER,)),
            passes(BUCKET, others=(PEER, _replicated())),
            passes(BUCKET, _replicated(filter=None), others=(PEER,)),
            passes(BUCKET, _replicated(UNKNOWN).flowing("bucket", BUCKET), others=(PEER,)),
            passes(BUCKET, _replicated(**OFF), others=(PEER, _replicated())),
            passes(INLINE, others=(PEER,)),
            passes(BUCKET.but({"bucket": "mlops-supermodels-1"}), others=(PEER,)),
            passes(BUCKET, others=(PEER,), settings=UNNAMED),
            passes(BUCKET, role="standby", others=(PEER,)),
        ),
        unknown=passes(BUCKET, _replicated(**_to(bucket=UNKNOWN)), others=(PEER,)),
        secret=fails(BUCKET, _replicated(status=secret(PLAINTEXT)), at="bucket", others=(PEER,)),
    ),
}  # fmt: skip
