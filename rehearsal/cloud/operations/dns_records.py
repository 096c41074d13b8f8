"""Listing the records of Route 53: the asterisk of a wildcard is told as its octal code, which
moto takes for another name.

Source: Route 53 developer guide, DNS domain name format, asterisks.
"""

from __future__ import annotations

import json

from rehearsal.cloud.call import Answer, Call, Params

ASTERISK = "*"
CODE = r"\052"


def list_record_sets(call: Call) -> Answer:
    """ListResourceRecordSets."""
    answer = call.ask("route53", "ListResourceRecordSets", _read(call.params))
    for record in answer["ResourceRecordSets"]:
        record["Name"] = record["Name"].replace(ASTERISK, CODE)
    if "NextRecordName" in answer:
        answer["NextRecordName"] = answer["NextRecordName"].replace(ASTERISK, CODE)
    return answer


def _read(params: Params) -> Params:
    """The call with names as they are written; nothing else of it holds the code."""
    return json.loads(json.dumps(params).replace(json.dumps(CODE)[1:-1], ASTERISK))


OPERATIONS = {
    "ListResourceRecordSets": list_record_sets,
}
