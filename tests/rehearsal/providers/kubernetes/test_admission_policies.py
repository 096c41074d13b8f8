"""Admission policies in the simulated cluster: our own, on the objects that a real API server
is asked about too."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from rehearsal.providers.kubernetes.releases import TYPE
from rehearsal.providers.plugin import PluginError, Subject
from tests.control_plane.examples import BAD, GOOD, PLAIN
from tests.infra.services.stacks import everything
from tests.rehearsal.providers.kubernetes.judged import Judged
from tests.rehearsal.providers.kubernetes.manifests import deployment, namespace, pod
from tests.rehearsal.providers.kubernetes.test_releases import inputs

Example = Callable[[], dict[str, Any]]


def _put(made: Judged, kind: str) -> None:
    for plan in everything():
        for part in plan.objects:
            if part.kind == kind:
                made.put(dict(part.manifest))


@pytest.fixture(scope="module")
def cluster(tmp_path_factory: pytest.TempPathFactory) -> Judged:
    """Our policies in force, with KServe's kinds."""
    made = Judged(tmp_path_factory.mktemp("cluster"))
    made.put(namespace(name=PLAIN))
    for kind in ("Namespace", "PriorityClass", "LimitRange", "CustomResourceDefinition"):
        _put(made, kind)
    for chart in ("kserve-crd", "kserve-resources", "kueue", "kubeflow-trainer", "velero",
                  "external-secrets"):  # fmt: skip
        made.provider.create(Subject(TYPE, chart), inputs(chart))
    for kind in ("ValidatingAdmissionPolicy", "ValidatingAdmissionPolicyBinding"):
        _put(made, kind)
    return made


@pytest.mark.parametrize(
    ("policy", "example"), BAD, ids=[f"{n}-{p}" for n, (p, _) in enumerate(BAD)]
)
def test_each_policy_refuses_its_own(cluster: Judged, policy: str, example: Example) -> None:
    name = f"mlops-{policy}"
    said = cluster.refusal(example())
    assert f"ValidatingAdmissionPolicy '{name}' with binding '{name}' denied request" in said


@pytest.mark.parametrize("example", GOOD, ids=[str(n) for n in range(len(GOOD))])
def test_sound_objects_pass(cluster: Judged, example: Example) -> None:
    body = example()
    cluster.put(body)
    cluster.delete(body)


def _policy(expression: str, **spec: Any) -> dict[str, Any]:
    rules = [{"apiGroups": [""], "apiVersions": ["v1"], "operations": ["CREATE", "UPDATE"],
              "resources": ["pods"]}]  # fmt: skip
    made = {
        "failurePolicy": "Fail",
        "matchConstraints": {"resourceRules": rules},
        "validations": [{"expression": expression, "message": "no"}],
        **spec,
    }
    return {"apiVersion": "admissionregistration.k8s.io/v1", "kind": "ValidatingAdmissionPolicy",
            "metadata": {"name": "mine"}, "spec": made}  # fmt: skip


BINDING = {
    "apiVersion": "admissionregistration.k8s.io/v1",
    "kind": "ValidatingAdmissionPolicyBinding",
    "metadata": {"name": "mine"},
    "spec": {"policyName": "mine", "validationActions": ["Deny"]},
}


def test_an_expression_that_does_not_compile_is_refused_with_its_policy(tmp_path: Path) -> None:
    said = Judged(tmp_path).refusal(_policy("object.spec.containers.al(c, true)"))
    assert "ValidatingAdmissionPolicy mine: compilation failed" in said


def test_a_policy_that_the_simulation_cannot_judge_is_refused(tmp_path: Path) -> None:
    kind = {"apiVersion": "v1", "kind": "ConfigMap"}
    said = Judged(tmp_path).refusal(_policy("true", paramKind=kind))
    assert "cannot judge paramKind" in said


def test_an_expression_that_fails_denies_unless_failures_are_ignored(tmp_path: Path) -> None:
    cluster = Judged(tmp_path)
    failing = _policy("object.spec.absent.also == 1")
    cluster.put(namespace(), failing, BINDING)
    assert "expression resulted in error" in cluster.refusal(pod())
    cluster.change(_policy("object.spec.absent.also == 1", failurePolicy="Ignore"))
    cluster.put(pod())


def test_a_policy_on_pods_is_told_of_by_the_workload_that_makes_them(tmp_path: Path) -> None:
    cluster = Judged(tmp_path)
    cluster.put(namespace(), _policy("has(object.spec.priorityClassName)"), BINDING)
    said = cluster.wait(deployment(pod()))
    assert "ReplicaSet [FailedCreate] Error creating: " in said
    assert "ValidatingAdmissionPolicy 'mine' with binding 'mine' denied request: no" in said
    cluster.change(deployment(pod(priorityClassName="system-node-critical")))


def test_a_policy_sees_the_object_as_it_was(tmp_path: Path) -> None:
    cluster = Judged(tmp_path)
    cluster.put(
        namespace(),
        _policy("oldObject == null || object.spec.hostname == oldObject.spec.hostname"),
        BINDING,
        pod(hostname="a"),
    )
    cluster.change(pod(hostname="a"))
    with pytest.raises(PluginError, match="denied request"):
        cluster.change(pod(hostname="b"))
