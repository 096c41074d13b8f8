"""What pods name, among the resources of a stack: accounts, classes, configuration, secrets.

A secret is the ExternalSecret that makes it, and the value in Secrets Manager that it brings.
"""

from __future__ import annotations

from collections.abc import Iterator

from rehearsal.providers.kubernetes.objects import Object
from rehearsal.providers.kubernetes.pods.needs import needs
from rehearsal.providers.kubernetes.pods.pod import Pod, pod_of
from rehearsal.providers.kubernetes.pods.references import remote, target
from rehearsal.providers.wire import as_object
from rehearsal.timeline.engine import Resource

VALUE = "aws:secretsmanager/secretVersion:SecretVersion"
EXTERNAL = "ExternalSecret"

Name = tuple[str, str, str]
"""Kind, namespace (empty for what has none) and name."""


class Named:
    """The resources that pods may name, once they were learnt."""

    def __init__(self) -> None:
        self._objects: dict[Name, Resource] = {}
        self._values: dict[str, Resource] = {}

    def learn(self, one: Resource) -> None:
        """Remember a resource."""
        if one.type == VALUE:
            self._values[_secret(str(one.inputs.get("secretId")))] = one
        metadata = as_object(one.inputs.get("metadata"))
        if one.type.startswith("kubernetes:") and metadata:
            kind, name = str(one.inputs.get("kind")), str(metadata.get("name"))
            if kind == EXTERNAL:
                kind, name = "Secret", target(one.inputs)
            self._objects[kind, str(metadata.get("namespace") or ""), name] = one

    def of(self, one: Resource) -> Iterator[Resource]:
        """What the pods of `one` name and the stack has."""
        pod = pod_of(one.inputs) if as_object(one.inputs.get("metadata")) else None
        for name in _names(pod) if pod else ():
            found = self._objects.get(name)
            if found is not None:
                yield found
                yield from self._brought(found.inputs)

    def _brought(self, body: Object) -> Iterator[Resource]:
        if body.get("kind") == EXTERNAL:
            for one in remote(body):
                value = self._values.get(str(one["key"]))
                if value is not None:
                    yield value


def _names(pod: Pod) -> Iterator[Name]:
    yield "ServiceAccount", pod.namespace, pod.account
    yield "PriorityClass", "", str(pod.spec.get("priorityClassName"))
    for need in needs(pod):
        yield need.kind, pod.namespace, need.name


def _secret(arn: str) -> str:
    """Name of a secret, from its ARN with six characters at the end."""
    return arn.partition(":secret:")[2].rpartition("-")[0]
