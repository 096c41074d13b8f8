"""The engine's questions, answered: what is wrong with a resource, with a stack, what to repair.

Speaks the analyzer protocol itself: pulumi-policy reads a resource's properties anew for every
rule, and all of a stack's for every rule about stacks.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, date, datetime
from typing import Any

import grpc
from google.protobuf import empty_pb2
from google.protobuf.struct_pb2 import Struct
from pulumi.runtime.proto import analyzer_pb2, analyzer_pb2_grpc, plugin_pb2

from policies.engine.messages import SEVERITIES, diagnostic, member_of, plain, subject_of
from policies.exemptions import exempted, expired
from policies.finding import Finding
from policies.judging import judge_resource, judge_stack, repair
from policies.repair import Draft
from policies.rule import PairRule, ResourceRule, Rule, StackRule
from policies.stack_settings import PolicySettingsError, StackSettings, read
from policies.subject import STACK, Stack

PACK = "mlops-platform"
VERSION = "0.1.0"


class Analyzer(analyzer_pb2_grpc.AnalyzerServicer):
    """Judges one stack by `rules`. Method names are the protocol's."""

    def __init__(self, rules: Sequence[Rule]) -> None:
        self._rules = rules
        self._settings: StackSettings | None = None
        self._inputs: dict[str, Mapping[str, Any]] = {}
        """What each resource was given, by URN."""

    def Handshake(
        self, request: analyzer_pb2.AnalyzerHandshakeRequest, context: grpc.ServicerContext
    ) -> analyzer_pb2.AnalyzerHandshakeResponse:
        return analyzer_pb2.AnalyzerHandshakeResponse()

    def GetPluginInfo(
        self, request: empty_pb2.Empty, context: grpc.ServicerContext
    ) -> plugin_pb2.PluginInfo:
        return plugin_pb2.PluginInfo(version=VERSION)

    def GetAnalyzerInfo(
        self, request: empty_pb2.Empty, context: grpc.ServicerContext
    ) -> analyzer_pb2.AnalyzerInfo:
        told = [_info(rule) for rule in self._rules if not isinstance(rule, PairRule)]
        return analyzer_pb2.AnalyzerInfo(
            name=PACK, version=VERSION, supportsConfig=True, policies=told
        )

    def ConfigureStack(
        self, request: analyzer_pb2.AnalyzerStackConfigureRequest, context: grpc.ServicerContext
    ) -> analyzer_pb2.AnalyzerStackConfigureResponse:
        try:
            self._settings = read(request.stack)
        except PolicySettingsError as error:
            context.abort(grpc.StatusCode.FAILED_PRECONDITION, str(error))
        return analyzer_pb2.AnalyzerStackConfigureResponse()

    def Configure(
        self, request: analyzer_pb2.ConfigureAnalyzerRequest, context: grpc.ServicerContext
    ) -> empty_pb2.Empty:
        """Levels are the pack's own: a rule is not switched off, a resource is exempted. The
        engine sends the levels that it was told, and those of `--policy-pack-config`."""
        own = {rule.name: _level(rule) for rule in self._rules}
        changed = sorted(
            name
            for name, config in request.policyConfig.items()
            if own.get(name) != config.enforcementLevel or config.properties.fields
        )
        if changed:
            context.abort(
                grpc.StatusCode.INVALID_ARGUMENT,
                f"policy configuration of {', '.join(changed)}: it cannot be changed; write an "
                "exemption with a reason and a date into policies/stacks/<stack>.yaml",
            )
        return empty_pb2.Empty()

    def Analyze(
        self, request: analyzer_pb2.AnalyzeRequest, context: grpc.ServicerContext
    ) -> analyzer_pb2.AnalyzeResponse:
        settings = self._expected(context)
        raw = self._inputs[request.urn] = plain(request.properties)
        one = subject_of(request, settings, raw)
        return _response(judge_resource(self._rules, one), settings)

    def AnalyzeStack(
        self, request: analyzer_pb2.AnalyzeStackRequest, context: grpc.ServicerContext
    ) -> analyzer_pb2.AnalyzeResponse:
        settings = self._expected(context)
        members = [
            member_of(one, settings, self._inputs.get(one.urn, {})) for one in request.resources
        ]
        stack = Stack(members, settings)
        root = next((one.urn for one in stack.of(STACK)), "")
        found = [
            *judge_stack(self._rules, stack),
            *expired(settings.exemptions, _today(), root),
        ]
        return _response(found, settings)

    def Remediate(
        self, request: analyzer_pb2.AnalyzeRequest, context: grpc.ServicerContext
    ) -> analyzer_pb2.RemediateResponse:
        """Each rule's repair, one after the other, on the properties themselves."""
        response = analyzer_pb2.RemediateResponse()
        draft = Draft(plain(request.properties))
        one = subject_of(request, self._expected(context), draft.raw)
        for rule in self._rules:
            if isinstance(rule, ResourceRule):
                problem = repair(rule, one, draft)
                if draft.changed:
                    response.remediations.append(_remediation(rule, draft))
                elif problem:
                    response.remediations.append(_unrepaired(rule, problem))
        return response

    def Cancel(self, request: empty_pb2.Empty, context: grpc.ServicerContext) -> empty_pb2.Empty:
        return empty_pb2.Empty()

    def _expected(self, context: grpc.ServicerContext) -> StackSettings:
        if self._settings is not None:
            return self._settings
        told = "the engine named no stack"
        context.abort(grpc.StatusCode.FAILED_PRECONDITION, told)
        raise PolicySettingsError(told)


def _info(rule: Rule) -> analyzer_pb2.PolicyInfo:
    kind = (
        analyzer_pb2.POLICY_TYPE_STACK
        if isinstance(rule, StackRule)
        else analyzer_pb2.POLICY_TYPE_RESOURCE
    )
    return analyzer_pb2.PolicyInfo(
        name=rule.name,
        displayName=rule.name,
        description=f"{rule.because} {rule.fix}",
        enforcementLevel=_level(rule),
        policy_type=kind,
        severity=SEVERITIES[rule.severity],
        url=rule.reference,
    )


def _level(rule: Rule) -> analyzer_pb2.EnforcementLevel.ValueType:
    if isinstance(rule, ResourceRule) and rule.repair:
        return analyzer_pb2.REMEDIATE
    return analyzer_pb2.MANDATORY if rule.level == "mandatory" else analyzer_pb2.ADVISORY


def _response(found: Iterable[Finding], settings: StackSettings) -> analyzer_pb2.AnalyzeResponse:
    told = exempted(found, settings.exemptions, _today())
    return analyzer_pb2.AnalyzeResponse(
        diagnostics=[diagnostic(one, PACK, VERSION) for one in told]
    )


def _remediation(rule: Rule, draft: Draft) -> analyzer_pb2.Remediation:
    properties = Struct()
    properties.update(draft.raw)
    return analyzer_pb2.Remediation(
        policyName=rule.name,
        policyPackName=PACK,
        policyPackVersion=VERSION,
        description=rule.because,
        properties=properties,
    )


def _unrepaired(rule: Rule, problem: str) -> analyzer_pb2.Remediation:
    return analyzer_pb2.Remediation(
        policyName=rule.name,
        policyPackName=PACK,
        policyPackVersion=VERSION,
        description=rule.because,
        diagnostic=f"not repaired: {problem}",
    )


def _today() -> date:
    return datetime.now(UTC).date()
