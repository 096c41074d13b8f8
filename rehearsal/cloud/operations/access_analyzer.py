"""IAM Access Analyzer: analyzers and their archive rules. Findings are not simulated."""

from __future__ import annotations

from rehearsal.cloud.call import Answer, Call
from rehearsal.cloud.clock import now
from rehearsal.cloud.errors import ApiError
from rehearsal.cloud.operations.eks_records import present
from rehearsal.cloud.paging import page
from rehearsal.cloud.state import Record

ANALYZERS = "accessanalyzer:analyzer"
RULES = "accessanalyzer:rule"


def create_analyzer(call: Call) -> Answer:
    """CreateAnalyzer: active at once."""
    name = call.params["analyzerName"]
    arn = f"arn:aws:access-analyzer:{call.region}:{call.account}:analyzer/{name}"
    call.here.table(ANALYZERS)[name] = present(
        {
            "arn": arn,
            "name": name,
            "type": call.params["type"],
            "createdAt": now(),
            "tags": call.mapped("tags"),
            "status": "ACTIVE",
            "configuration": call.params.get("configuration"),
        }
    )
    for rule in call.listed("archiveRules"):
        _add_rule(call, name, rule)
    return {"arn": arn}


def get_analyzer(call: Call) -> Answer:
    """GetAnalyzer."""
    return {"analyzer": _find(call)}


def list_analyzers(call: Call) -> Answer:
    """ListAnalyzers, of one type or all."""
    kind = call.params.get("type")
    found = [a for a in call.here.table(ANALYZERS).values() if kind in (None, a["type"])]
    return page(call, "analyzers", found)


def update_analyzer(call: Call) -> Answer:
    """UpdateAnalyzer."""
    analyzer = _find(call)
    if call.params.get("configuration"):
        analyzer["configuration"] = call.params["configuration"]
    return present({"configuration": analyzer.get("configuration")})


def delete_analyzer(call: Call) -> Answer:
    """DeleteAnalyzer: its rules go with it."""
    analyzer = _find(call)
    del call.here.table(ANALYZERS)[analyzer["name"]]
    rules = call.here.table(RULES)
    for key in [key for key in rules if key.startswith(analyzer["name"] + "/")]:
        del rules[key]
    return {}


def create_archive_rule(call: Call) -> Answer:
    """CreateArchiveRule."""
    _add_rule(call, _find(call)["name"], call.params)
    return {}


def get_archive_rule(call: Call) -> Answer:
    """GetArchiveRule."""
    return {"archiveRule": _find_rule(call)}


def list_archive_rules(call: Call) -> Answer:
    """ListArchiveRules of an analyzer."""
    start = _find(call)["name"] + "/"
    rules = [rule for key, rule in call.here.table(RULES).items() if key.startswith(start)]
    return page(call, "archiveRules", rules)


def update_archive_rule(call: Call) -> Answer:
    """UpdateArchiveRule."""
    _find_rule(call).update(filter=call.params["filter"], updatedAt=now())
    return {}


def delete_archive_rule(call: Call) -> Answer:
    """DeleteArchiveRule."""
    rule = _find_rule(call)
    del call.here.table(RULES)[f"{call.params['analyzerName']}/{rule['ruleName']}"]
    return {}


def tag_resource(call: Call) -> Answer:
    """TagResource."""
    _by_arn(call)["tags"].update(call.params["tags"])
    return {}


def untag_resource(call: Call) -> Answer:
    """UntagResource."""
    for key in call.params["tagKeys"]:
        _by_arn(call)["tags"].pop(key, None)
    return {}


def list_tags_for_resource(call: Call) -> Answer:
    """ListTagsForResource."""
    return {"tags": _by_arn(call)["tags"]}


def _add_rule(call: Call, analyzer: str, given: Record) -> None:
    times = {"createdAt": now(), "updatedAt": now()}
    name = given["ruleName"]
    rule: Record = {"ruleName": name, "filter": given["filter"], **times}
    call.here.table(RULES)[f"{analyzer}/{name}"] = rule


def _find(call: Call) -> Record:
    found = call.here.table(ANALYZERS).get(call.params["analyzerName"])
    if found is None:
        raise _not_found(call.params["analyzerName"])
    return found


def _find_rule(call: Call) -> Record:
    key = f"{_find(call)['name']}/{call.params['ruleName']}"
    found = call.here.table(RULES).get(key)
    if found is None:
        raise _not_found(key)
    return found


def _by_arn(call: Call) -> Record:
    for analyzer in call.here.table(ANALYZERS).values():
        if analyzer["arn"] == call.params["resourceArn"]:
            return analyzer
    raise _not_found(call.params["resourceArn"])


def _not_found(name: str) -> ApiError:
    return ApiError("ResourceNotFoundException", f"{name} cannot be found", 404)


OPERATIONS = {
    "CreateAnalyzer": create_analyzer,
    "CreateArchiveRule": create_archive_rule,
    "DeleteAnalyzer": delete_analyzer,
    "DeleteArchiveRule": delete_archive_rule,
    "GetAnalyzer": get_analyzer,
    "GetArchiveRule": get_archive_rule,
    "ListAnalyzers": list_analyzers,
    "ListArchiveRules": list_archive_rules,
    "ListTagsForResource": list_tags_for_resource,
    "TagResource": tag_resource,
    "UntagResource": untag_resource,
    "UpdateAnalyzer": update_analyzer,
    "UpdateArchiveRule": update_archive_rule,
}
