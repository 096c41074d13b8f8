"""The engine's questions, asked without an engine."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from typing import Any, NoReturn, cast

import grpc
import pytest
from google.protobuf import empty_pb2
from google.protobuf.struct_pb2 import Struct
from pulumi.runtime.proto import analyzer_pb2

from policies.catalogue import RULES
from policies.engine.analyzer import Analyzer
from policies.engine.messages import plain
from policies.finding import Broken
from policies.rule import PairRule, ResourceRule, Rule
from policies.subject import Subject
from rehearsal.scenario.world import project_root
from tests.policies.scene import PLAINTEXT, recorded, secret

DATABASE = recorded("aws:rds/instance:Instance")


class Refused(Exception):
    """What a call was refused with."""


class Context:
    """Takes refusals."""

    def abort(self, code: grpc.StatusCode, details: str) -> NoReturn:
        raise Refused(details)


CONTEXT = cast("grpc.ServicerContext", Context())


def _analyzer(*rules: Rule) -> Analyzer:
    made = Analyzer(rules or RULES)
    made.ConfigureStack(analyzer_pb2.AnalyzerStackConfigureRequest(stack="production"), CONTEXT)
    return made


def _request(properties: dict[str, Any]) -> analyzer_pb2.AnalyzeRequest:
    struct = Struct()
    struct.update(properties)
    return analyzer_pb2.AnalyzeRequest(
        type=DATABASE.type, name=DATABASE.name, urn=DATABASE.urn, properties=struct
    )


def _fails(_one: Subject) -> Iterator[Broken]:
    yield from ()
    raise ZeroDivisionError


FAILING = ResourceRule(
    number=900,
    name="cannot-tell",
    because="It is broken.",
    fix="Mend it.",
    severity="low",
    reference="https://www.pulumi.com/docs/",
    level="advisory",
    types=(DATABASE.type,),
    broken=_fails,
)


def test_a_rule_that_fails_is_a_mandatory_violation_and_no_aborted_update() -> None:
    found = _analyzer(FAILING).Analyze(_request(dict(DATABASE.properties)), CONTEXT)
    (told,) = found.diagnostics
    assert (told.policyName, told.enforcementLevel) == ("cannot-tell", analyzer_pb2.MANDATORY)
    assert "the rule failed with ZeroDivisionError at test_analyzer.py:" in told.message


def test_the_engine_is_told_of_every_rule_but_those_about_pairs() -> None:
    told = {one.name for one in _analyzer().GetAnalyzerInfo(empty_pb2.Empty(), CONTEXT).policies}
    assert told == {rule.name for rule in RULES if not isinstance(rule, PairRule)}


@pytest.mark.parametrize("level", [analyzer_pb2.DISABLED, analyzer_pb2.ADVISORY])
def test_the_engines_levels_are_taken_and_others_refused(
    level: analyzer_pb2.EnforcementLevel.ValueType,
) -> None:
    own = {
        one.name: analyzer_pb2.PolicyConfig(enforcementLevel=one.enforcementLevel)
        for one in _analyzer().GetAnalyzerInfo(empty_pb2.Empty(), CONTEXT).policies
    }
    request = analyzer_pb2.ConfigureAnalyzerRequest(policyConfig=own)
    assert _analyzer().Configure(request, CONTEXT) == empty_pb2.Empty()
    request.policyConfig["database-encrypted"].enforcementLevel = level
    with pytest.raises(Refused, match="database-encrypted: it cannot be changed"):
        _analyzer().Configure(request, CONTEXT)


def test_settings_of_a_rule_are_refused_too() -> None:
    config = analyzer_pb2.PolicyConfig(enforcementLevel=analyzer_pb2.MANDATORY)
    config.properties.update({"days": 1})
    request = analyzer_pb2.ConfigureAnalyzerRequest(policyConfig={"database-encrypted": config})
    with pytest.raises(Refused, match="write an exemption"):
        _analyzer().Configure(request, CONTEXT)


def test_nothing_is_judged_before_the_engine_has_named_the_stack() -> None:
    with pytest.raises(Refused, match="the engine named no stack"):
        Analyzer(RULES).Analyze(_request({}), CONTEXT)


@pytest.mark.parametrize(("outputs", "named"), [({}, "keda"), ({"metadata": {"name": "b"}}, "b")])
def test_what_has_no_outputs_yet_is_judged_by_its_inputs(
    outputs: dict[str, Any], named: str
) -> None:
    """As in the preview of a cluster and what shall run in it."""
    analyzer = _analyzer()
    space: dict[str, Any] = {
        "type": "kubernetes:core/v1:Namespace",
        "name": "a",
        "urn": "urn:pulumi:a::b::c::a",
    }
    given, told = Struct(), Struct()
    given.update({"metadata": {"name": "keda"}})
    told.update(outputs)
    analyzer.Analyze(analyzer_pb2.AnalyzeRequest(properties=given, **space), CONTEXT)
    member = analyzer_pb2.AnalyzerResource(properties=told, **space)
    found = analyzer.AnalyzeStack(analyzer_pb2.AnalyzeStackRequest(resources=[member]), CONTEXT)
    (open_,) = [one for one in found.diagnostics if one.policyName == "namespace-default-deny"]
    assert f"metadata.name is {named}," in open_.message


def test_a_repair_keeps_what_it_does_not_mend_as_it_came() -> None:
    given = {**DATABASE.properties, "publiclyAccessible": True, "passwordWo": secret(PLAINTEXT)}
    told = _analyzer().Remediate(_request(given), CONTEXT).remediations
    (mended,) = [plain(one.properties) for one in told if one.policyName == "database-private"]
    assert mended == {**given, "publiclyAccessible": False}


def test_the_pack_starts_without_the_sdk() -> None:
    """Which would take longer to import than a preview takes to judge."""
    program = (
        "import sys\n"
        "from policies.engine.bare_protocol import without_sdk\n"
        "without_sdk()\n"
        "import policies.engine.analyzer\n"
        "print('pulumi.output' in sys.modules, 'pulumi.automation' in sys.modules)\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", program],
        cwd=project_root(), capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert (done.stdout, done.stderr) == ("False False\n", "")
