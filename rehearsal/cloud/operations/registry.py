"""ECR: templates for repositories that replication makes, pull-through caches, settings."""

from __future__ import annotations

from rehearsal.cloud.call import Answer, Call
from rehearsal.cloud.clock import now
from rehearsal.cloud.errors import ApiError
from rehearsal.cloud.paging import page
from rehearsal.cloud.state import Record, Table

TEMPLATES = "ecr:template"
CACHES = "ecr:cache"
SETTINGS = "ecr:setting"
DEFAULTS = {"BASIC_SCAN_TYPE_VERSION": "AWS_NATIVE", "REGISTRY_POLICY_SCOPE": "V2"}


def create_repository_creation_template(call: Call) -> Answer:
    """CreateRepositoryCreationTemplate."""
    prefix = call.params["prefix"]
    if prefix in call.here.table(TEMPLATES):
        raise ApiError("TemplateAlreadyExistsException", f"a template for {prefix} exists")
    made = {**_given(call), "createdAt": now(), "updatedAt": now()}
    call.here.table(TEMPLATES)[prefix] = made
    return {"registryId": call.account, "repositoryCreationTemplate": made}


def describe_repository_creation_templates(call: Call) -> Answer:
    """DescribeRepositoryCreationTemplates, all or those asked for."""
    found = _wanted(call.here.table(TEMPLATES), call.listed("prefixes"))
    return {"registryId": call.account, **page(call, "repositoryCreationTemplates", found)}


def update_repository_creation_template(call: Call) -> Answer:
    """UpdateRepositoryCreationTemplate."""
    found = _template(call)
    found.update({**_given(call), "updatedAt": now()})
    return {"registryId": call.account, "repositoryCreationTemplate": found}


def delete_repository_creation_template(call: Call) -> Answer:
    """DeleteRepositoryCreationTemplate."""
    found = _template(call)
    del call.here.table(TEMPLATES)[found["prefix"]]
    return {"registryId": call.account, "repositoryCreationTemplate": found}


def create_pull_through_cache_rule(call: Call) -> Answer:
    """CreatePullThroughCacheRule."""
    prefix = call.params["ecrRepositoryPrefix"]
    if prefix in call.here.table(CACHES):
        raise ApiError("PullThroughCacheRuleAlreadyExistsException", f"a rule for {prefix} exists")
    made = {**_given(call), "createdAt": now(), "registryId": call.account}
    call.here.table(CACHES)[prefix] = made
    return made


def describe_pull_through_cache_rules(call: Call) -> Answer:
    """DescribePullThroughCacheRules, all or those asked for."""
    found = _wanted(call.here.table(CACHES), call.listed("ecrRepositoryPrefixes"))
    return page(call, "pullThroughCacheRules", found)


def delete_pull_through_cache_rule(call: Call) -> Answer:
    """DeletePullThroughCacheRule."""
    found = call.here.table(CACHES).pop(call.params["ecrRepositoryPrefix"], None)
    if found is None:
        raise ApiError("PullThroughCacheRuleNotFoundException", "no such rule")
    kept = ("ecrRepositoryPrefix", "upstreamRegistryUrl", "createdAt", "registryId")
    return {name: found[name] for name in kept}


def get_account_setting(call: Call) -> Answer:
    """GetAccountSetting."""
    name = call.params["name"]
    if name not in DEFAULTS:
        raise ApiError("ValidationException", f"{name} is not a setting; {sorted(DEFAULTS)} are")
    held = call.here.table(SETTINGS).get(name, {"value": DEFAULTS[name]})
    return {"name": name, "value": held["value"]}


def put_account_setting(call: Call) -> Answer:
    """PutAccountSetting."""
    name = call.params["name"]
    if name not in DEFAULTS:
        raise ApiError("ValidationException", f"{name} is not a setting; {sorted(DEFAULTS)} are")
    call.here.table(SETTINGS)[name] = {"value": call.params["value"]}
    return {"name": name, "value": call.params["value"]}


def _given(call: Call) -> Record:
    return {name: value for name, value in call.params.items() if value is not None}


def _wanted(table: Table, names: list[str]) -> list[Record]:
    return [record for name, record in table.items() if not names or name in names]


def _template(call: Call) -> Record:
    found = call.here.table(TEMPLATES).get(call.params["prefix"])
    if found is None:
        raise ApiError("TemplateNotFoundException", f"no template for {call.params['prefix']}")
    return found


OPERATIONS = {
    "CreatePullThroughCacheRule": create_pull_through_cache_rule,
    "CreateRepositoryCreationTemplate": create_repository_creation_template,
    "DeletePullThroughCacheRule": delete_pull_through_cache_rule,
    "DeleteRepositoryCreationTemplate": delete_repository_creation_template,
    "DescribePullThroughCacheRules": describe_pull_through_cache_rules,
    "DescribeRepositoryCreationTemplates": describe_repository_creation_templates,
    "GetAccountSetting": get_account_setting,
    "PutAccountSetting": put_account_setting,
    "UpdateRepositoryCreationTemplate": update_repository_creation_template,
}
