"""ValidatingAdmissionPolicies of a simulated cluster, evaluated on every object that comes.

Source: Kubernetes, validating admission policy. Parameters and selectors by object are not
used by any policy here: one that has them is refused when it is made.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from rehearsal.providers.kubernetes.expressions import ExpressionError, check, evaluate
from rehearsal.providers.kubernetes.objects import Key, Object, Objects
from rehearsal.providers.kubernetes.resources import resource_of
from rehearsal.providers.plugin import PluginError
from rehearsal.providers.wire import Props, as_list, as_object

KIND = "ValidatingAdmissionPolicy"
BINDING = "ValidatingAdmissionPolicyBinding"
NAME_LABEL = "kubernetes.io/metadata.name"
"""Every namespace has it."""
NOT_JUDGED = ("paramKind", "matchConditions", "objectSelector", "excludeResourceRules")


def require_allowed(objects: Objects, key: Key, body: Object, before: Object | None) -> None:
    """Raises PluginError, in the API server's words, where a policy denies `body`.

    `before`: the object as it was, at an update.
    """
    if body["kind"] == KIND:
        _require_sound(body)
    policies = {one["metadata"]["name"]: one for one in objects.of_kind(key.cluster, KIND)}
    if not policies:
        return
    group, resource = resource_of(objects, key.cluster, body)
    space = _namespace(objects, key)
    asked = {"apiGroups": group, "resources": resource,
             "operations": "CREATE" if before is None else "UPDATE"}  # fmt: skip
    for binding in objects.of_kind(key.cluster, BINDING):
        policy = policies.get(binding["spec"]["policyName"])
        if policy and _bound(binding, policy, asked, space):
            known = {"object": body, "oldObject": before, "namespaceObject": space or None}
            for message in _denials(policy["spec"], known):
                name = policy["metadata"]["name"]
                raise PluginError(
                    f"{resource} \"{key.name}\" is forbidden: {KIND} '{name}' with binding "
                    f"'{binding['metadata']['name']}' denied request: {message}"
                )


def _namespace(objects: Objects, key: Key) -> Object:
    """The object's namespace with the label that every one has; empty outside of one."""
    if not key.namespace:
        return {}
    found = objects.get(Key(key.cluster, "v1", "Namespace", "", key.namespace)) or {}
    metadata = as_object(found.get("metadata"))
    labels = {**as_object(metadata.get("labels")), NAME_LABEL: key.namespace}
    return {**found, "metadata": {**metadata, "labels": labels}}


def _require_sound(policy: Object) -> None:
    """The API server compiles what it is given; a policy that we cannot judge is refused too."""
    name, spec = policy["metadata"]["name"], policy["spec"]
    unknown = [one for one in NOT_JUDGED if spec.get(one) or spec["matchConstraints"].get(one)]
    if unknown:
        raise PluginError(f"{KIND} {name}: the simulated cluster cannot judge {unknown[0]}")
    written = [*as_list(spec.get("variables")), *as_list(spec.get("validations"))]
    for one in written:
        try:
            check(one["expression"])
        except ExpressionError as error:
            raise PluginError(f"{KIND} {name}: compilation failed: {error}") from error


def _bound(binding: Object, policy: Object, asked: Props, space: Object) -> bool:
    """Whether the policy judges such a request through this binding."""
    if "Deny" not in binding["spec"]["validationActions"]:
        return False
    matches = (as_object(policy["spec"]["matchConstraints"]),
               as_object(binding["spec"].get("matchResources")))  # fmt: skip
    return all(_matches(one, asked, space) for one in matches)


def _matches(match: Props, asked: Props, space: Object) -> bool:
    rules = as_list(match.get("resourceRules"))
    selector = as_object(match.get("namespaceSelector"))
    return (not rules or any(_rule_matches(rule, asked) for rule in rules)) and (
        not space or selected(selector, space["metadata"]["labels"])
    )


def _rule_matches(rule: Props, asked: Props) -> bool:
    return all({"*", value} & set(as_list(rule.get(key))) for key, value in asked.items())


def selected(selector: Props, labels: Props) -> bool:
    """Whether a label selector takes something with these labels."""
    if any(labels.get(k) != v for k, v in as_object(selector.get("matchLabels")).items()):
        return False
    return all(_holds(one, labels) for one in as_list(selector.get("matchExpressions")))


def _holds(term: Props, labels: Props) -> bool:
    key, values = term["key"], as_list(term.get("values"))
    match term["operator"]:
        case "In":
            return labels.get(key) in values
        case "NotIn":
            return labels.get(key) not in values
        case "Exists":
            return key in labels
        case _:
            return key not in labels


def _denials(spec: Props, known: Props) -> Iterator[str]:
    """Messages of validations that do not hold; an error counts as one, unless ignored."""
    ignores = spec.get("failurePolicy") == "Ignore"
    try:
        variables: dict[str, Any] = {}
        for one in as_list(spec.get("variables")):
            variables[one["name"]] = evaluate(one["expression"], {**known, "variables": variables})
        for one in as_list(spec["validations"]):
            if evaluate(one["expression"], {**known, "variables": variables}) is not True:
                yield str(one.get("message") or f"failed expression: {one['expression']}")
    except ExpressionError as error:
        if not ignores:
            yield f"expression resulted in error: {error}"
