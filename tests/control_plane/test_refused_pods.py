"""Pods that the simulated cluster refuses, on a real API server: refused too, in the same words.

Kubernetes' own examples of the Pod Security levels, and every row of the simulation's refusals.
"""

from __future__ import annotations

import copy
import json
import time
from collections.abc import Generator
from typing import Any

import pytest
from kubernetes.dynamic.exceptions import NotFoundError

from rehearsal.providers.kubernetes.pods.pod import pod_of
from rehearsal.providers.kubernetes.pods.security import violated
from tests.control_plane.cluster import Cluster
from tests.control_plane.server import control_plane
from tests.rehearsal.providers.kubernetes.manifests import ENFORCE, SPACE
from tests.rehearsal.providers.kubernetes.refused import REFUSED, Refused
from tests.rehearsal.providers.kubernetes.test_pod_security import examples

pytestmark = [
    pytest.mark.control_plane,
    pytest.mark.xdist_group("control-plane"),
    pytest.mark.timeout(480),
]

LEVELS = ("baseline", "restricted")
PINNED = "v1.35"
SETTLED_SECONDS = 60
INVALID = ('Pod "procmount0" is invalid: ', 'Pod "procmount1" is invalid: ')
"""Without a user namespace /proc is not unmasked: refused before any level is asked."""


@pytest.fixture(scope="module")
def cluster(tmp_path_factory: pytest.TempPathFactory) -> Generator[Cluster]:
    """A namespace at each level."""
    with control_plane(tmp_path_factory.mktemp("control-plane")) as plane:
        made = Cluster(plane)
        for level in LEVELS:
            _namespace(made, {"metadata": {"name": level, "labels": _labels(level)}})
        yield made


def _labels(level: str) -> dict[str, str]:
    return {ENFORCE: level, f"{ENFORCE}-version": PINNED}


def _namespace(cluster: Cluster, body: dict[str, Any]) -> None:
    """Make it, and wait for the account that every pod in it runs as."""
    cluster.create({"apiVersion": "v1", "kind": "Namespace", **body})
    deadline = time.monotonic() + SETTLED_SECONDS
    while True:
        try:
            cluster.get("v1", "ServiceAccount", "default", body["metadata"]["name"])
        except NotFoundError:
            assert time.monotonic() < deadline, "no service account was made"
            time.sleep(0.1)
        else:
            return


def _said(cluster: Cluster, body: dict[str, Any]) -> str:
    """The API server's message; empty where it accepts."""
    answer = cluster.try_out(body)
    return json.loads(answer)["message"] if answer else ""


@pytest.mark.parametrize("level", LEVELS)
@pytest.mark.parametrize("outcome", ["pass", "fail"])
def test_both_judge_kubernetes_own_examples_in_the_same_words(
    cluster: Cluster, level: str, outcome: str
) -> None:
    differing: list[tuple[str, str]] = []
    for example in examples(level, outcome):
        body = copy.deepcopy(example)
        name = example["metadata"]["name"].replace("_", "-")
        body["metadata"] |= {"name": name, "namespace": level}
        pod = pod_of(body)
        assert pod is not None
        ours = violated(pod, _labels(level), "1.35")
        expected = f'pods "{pod.name}" is forbidden: {ours}' if ours else ""
        said = _said(cluster, body)
        if said != expected and not said.startswith(INVALID):
            differing.append((said, expected))
    assert differing == []


@pytest.mark.parametrize("row", REFUSED, ids=lambda row: row.rule)
def test_both_refuse_what_the_table_says(cluster: Cluster, row: Refused) -> None:
    space = f"space-{REFUSED.index(row)}"
    for body in row.before:
        _put(cluster, _in(body, space))
    wanted = row.said.replace(f"{SPACE}/", f"{space}/")
    deadline = time.monotonic() + SETTLED_SECONDS
    # A new quota is only enforced once it was counted.
    while (said := _said(cluster, _in(row.bad, space))) != wanted:
        assert time.monotonic() < deadline, said
        time.sleep(0.2)
    assert _said(cluster, _in(row.good, space)) == ""


def _in(body: dict[str, Any], space: str) -> dict[str, Any]:
    """The object in a namespace of its own; a namespace becomes that one."""
    made = copy.deepcopy(body)
    if made["kind"] == "Namespace":
        made["metadata"]["name"] = space
    elif "namespace" in made["metadata"]:
        made["metadata"]["namespace"] = space
    return made


def _put(cluster: Cluster, body: dict[str, Any]) -> None:
    if body["kind"] == "Namespace":
        _namespace(cluster, {"metadata": body["metadata"]})
    else:
        cluster.create(body)
