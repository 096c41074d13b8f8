"""Between the engine's messages and what rules judge. Properties are read once, for all rules."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Protocol

from google.protobuf.struct_pb2 import Struct, Value
from pulumi.runtime.proto import analyzer_pb2

from policies.finding import Finding
from policies.properties import Properties
from policies.stack_settings import StackSettings
from policies.subject import Subject

SEVERITIES = {
    "low": analyzer_pb2.POLICY_SEVERITY_LOW,
    "medium": analyzer_pb2.POLICY_SEVERITY_MEDIUM,
    "high": analyzer_pb2.POLICY_SEVERITY_HIGH,
    "critical": analyzer_pb2.POLICY_SEVERITY_CRITICAL,
}


class Described(Protocol):
    """What both requests say of a resource."""

    urn: str
    type: str
    name: str

    @property
    def properties(self) -> Struct: ...
    @property
    def options(self) -> analyzer_pb2.AnalyzerResourceOptions: ...
    @property
    def provider(self) -> analyzer_pb2.AnalyzerProviderResource: ...


def subject_of(request: Described, settings: StackSettings, raw: Mapping[str, Any]) -> Subject:
    """The subject of a request whose properties were read into `raw`."""
    return Subject(
        urn=request.urn,
        type=request.type,
        name=request.name,
        properties=Properties(raw),
        settings=settings,
        protected=request.options.protect,
        provider_name=request.provider.name,
        provider=Properties(plain(request.provider.properties)),
        parent=request.options.parent,
    )


def member_of(
    resource: analyzer_pb2.AnalyzerResource, settings: StackSettings, inputs: Mapping[str, Any]
) -> Subject:
    """The subject of one resource of a whole stack, with what it depends on.

    While its provider waits for a cluster that is only planned, a preview has no outputs of it:
    then it is judged by its `inputs`.
    """
    return Subject(
        urn=resource.urn,
        type=resource.type,
        name=resource.name,
        properties=Properties(plain(resource.properties) or inputs),
        settings=settings,
        protected=resource.options.protect,
        provider_name=resource.provider.name,
        provider=Properties(plain(resource.provider.properties)),
        parent=resource.parent,
        dependencies=frozenset(resource.dependencies),
        property_dependencies={
            key: tuple(found.urns) for key, found in resource.propertyDependencies.items()
        },
    )


def plain(struct: Struct) -> dict[str, Any]:
    """A message's object as Python's."""
    return {key: _plain(value) for key, value in struct.fields.items()}


def _plain(value: Value) -> Any:
    kind = value.WhichOneof("kind")
    if kind == "struct_value":
        return plain(value.struct_value)
    if kind == "list_value":
        return [_plain(one) for one in value.list_value.values]
    return None if kind in (None, "null_value") else getattr(value, kind)


def diagnostic(found: Finding, pack: str, version: str) -> analyzer_pb2.AnalyzeDiagnostic:
    """A finding as the engine prints it. What a preview cannot know is only said."""
    mandatory = found.outcome == "violation"
    return analyzer_pb2.AnalyzeDiagnostic(
        policyName=found.rule,
        policyPackName=pack,
        policyPackVersion=version,
        description=found.because,
        message=found.message,
        urn=found.urn,
        severity=SEVERITIES[found.severity],
        enforcementLevel=analyzer_pb2.MANDATORY if mandatory else analyzer_pb2.ADVISORY,
    )
