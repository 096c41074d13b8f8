"""Readiness as a resource: the jobs that ask the API server, as the program makes them."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from components.services.answers import answers
from components.services.keda import keda
from components.services.plan import Object
from rehearsal.providers.kubernetes.releases import TYPE
from rehearsal.providers.plugin import Subject
from tests.rehearsal.providers.kubernetes.judged import Judged
from tests.rehearsal.providers.kubernetes.manifests import Manifest, namespace
from tests.rehearsal.providers.kubernetes.test_releases import inputs

SCALED: Manifest = {
    "apiVersion": "keda.sh/v1alpha1",
    "kind": "ScaledObject",
    "metadata": {"name": "probe", "namespace": "keda"},
    "spec": {"scaleTargetRef": {"name": "x"}, "triggers": [{"type": "cpu", "metadata": {}}]},
}


@pytest.fixture
def cluster(tmp_path: Path) -> Judged:
    made = Judged(tmp_path)
    made.put(namespace("restricted", "keda"))
    return made


def _gate(probe: Manifest = SCALED) -> list[Manifest]:
    """Account, role, binding, probe and job, in this order."""
    parts = answers(namespace="keda", version="1", resource="scaledobjects", probe=probe, after=())
    return [dict(one.manifest) for one in parts]


def _install(cluster: Judged) -> None:
    cluster.provider.create(Subject(TYPE, "keda"), inputs("keda"))


def test_a_job_that_asks_before_the_release_fails_and_says_what_is_missing(
    cluster: Judged,
) -> None:
    *before, job = _gate()
    cluster.put(*before)
    said = cluster.wait(job)
    assert said.startswith("Job keda/scaledobjects-answers-1: timed out waiting to be ready: ")
    assert '[BackoffLimitExceeded] ask: error when creating "/probe/probe.json": ' in said
    assert 'no matches for kind "ScaledObject" in version "keda.sh/v1alpha1"' in said
    _install(cluster)
    cluster.change(job)


def test_a_definition_without_its_webhook_does_not_answer(cluster: Judged) -> None:
    _install(cluster)
    *before, job = _gate()
    cluster.put(*before)
    cluster.objects.delete(next(_releases(cluster)))
    assert 'failed calling webhook "vscaledobject.kb.io"' in cluster.wait(job)


def _releases(cluster: Judged) -> Any:
    from rehearsal.providers.kubernetes.objects import Key

    yield Key("c", "helm.sh/v3", "HelmRelease", "keda", "keda")


@pytest.mark.parametrize("left_out", ["Role", "RoleBinding"])
def test_a_job_may_do_only_what_its_role_grants(cluster: Judged, left_out: str) -> None:
    _install(cluster)
    *before, job = _gate()
    cluster.put(*(one for one in before if one["kind"] != left_out))
    assert (
        'scaledobjects.keda.sh is forbidden: User "system:serviceaccount:keda:'
        'scaledobjects-answers" cannot create resource "scaledobjects" in API group "keda.sh" '
        'in the namespace "keda"'
    ) in cluster.wait(job)


def test_an_object_that_the_definition_refuses_fails_the_job(cluster: Judged) -> None:
    _install(cluster)
    *before, job = _gate({**SCALED, "spec": {**SCALED["spec"], "colour": "red"}})
    cluster.put(*before)
    assert "colour" in cluster.wait(job)


def test_asking_leaves_nothing_behind(cluster: Judged) -> None:
    _install(cluster)
    cluster.put(*_gate())
    assert list(cluster.objects.of_kind("c", "ScaledObject")) == []


def test_another_command_of_kubectl_is_not_taken_for_done(cluster: Judged) -> None:
    *before, job = _gate()
    spec = job["spec"]["template"]["spec"]
    spec["containers"][0]["command"] = ["kubectl", "wait", "--for=condition=Ready", "pod/x"]
    cluster.put(*before)
    assert "the simulated cluster does not run 'kubectl wait" in cluster.wait(job)


def test_the_programs_own_gate_opens_after_its_release(cluster: Judged) -> None:
    parts = [one for one in keda("mlops").parts if isinstance(one, Object)]
    gate = [dict(one.manifest) for one in parts if one.name.startswith("answers")]
    *before, job = gate
    cluster.put(*before)
    assert "no matches for kind" in cluster.wait(job)
    _install(cluster)
    cluster.change(job)
