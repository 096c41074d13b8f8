"""Everything that the program makes, on a real API server: accepted, enforced, settled."""

from __future__ import annotations

import copy
from collections.abc import Callable, Generator, Iterator
from pathlib import Path
from typing import Any

import pytest

from components.services.kueue import QUEUE_LABEL
from components.services.plan import Object
from tests.control_plane.can_i import CAN
from tests.control_plane.cluster import Cluster, objects_in_order, until
from tests.control_plane.declared import HELD, missing
from tests.control_plane.definitions import definitions
from tests.control_plane.examples import (
    BAD,
    GOOD,
    GPU,
    PLAIN,
    REGISTRY,
    deployment,
    pod,
    restricted_with,
    with_container,
)
from tests.control_plane.server import control_plane
from tests.infra.services.stacks import everything

pytestmark = [
    pytest.mark.control_plane,
    pytest.mark.xdist_group("control-plane"),
    pytest.mark.timeout(480),
]


@pytest.fixture(scope="module")
def refused() -> dict[str, str]:
    """What the API server said against an object, by the object's place in the plans."""
    return {}


@pytest.fixture(scope="module")
def cluster(
    tmp_path_factory: pytest.TempPathFactory, refused: dict[str, str]
) -> Generator[Cluster]:
    """Everything applied in its order, with the charts' kinds there before."""
    folder: Path = tmp_path_factory.mktemp("control-plane")
    with control_plane(folder) as plane:
        made = Cluster(plane)
        refused |= made.take_in(definitions(), everything())
        made.create({"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": PLAIN}})
        until(lambda: "pinned-images" in made.try_out(BAD[0][1]()))
        yield made


def test_the_api_server_accepts_every_object(cluster: Cluster, refused: dict[str, str]) -> None:
    assert refused == {}
    assert cluster.get("v1", "Namespace", "models").metadata.name == "models"


def test_the_api_server_holds_what_is_declared(cluster: Cluster) -> None:
    """Quotas, defaults, scalers, budgets, workloads and admission policies, each whole."""
    declared = [one for _, one in objects_in_order(everything()) if one.kind in HELD]
    assert {one.kind for one in declared} >= HELD - {"StatefulSet"}
    assert [lack for one in declared for lack in _lacks(cluster, one)] == []


def _lacks(cluster: Cluster, one: Object) -> Iterator[str]:
    api_version, name = one.manifest["apiVersion"], one.manifest["metadata"]["name"]
    held = cluster.get(api_version, one.kind, name, one.namespace).to_dict()["spec"]
    # A scaler has them from the first second on.
    spec = {
        key: value
        for key, value in one.manifest["spec"].items()
        if f"spec.{key}" not in one.ignore_changes
    }
    for lack in missing(spec, held):
        yield f"{one.kind} {one.namespace}/{name}: {lack}"


def test_every_scaler_has_something_to_scale(cluster: Cluster) -> None:
    charts = [one.chart for plan in everything() for one in plan.releases]
    of_charts = {name for one in charts for name in (one.name, *one.service_accounts)}
    for _, one in objects_in_order(everything()):
        if one.kind != "HorizontalPodAutoscaler":
            continue
        target = one.manifest["spec"]["scaleTargetRef"]
        # A chart's own workload, which is not installed here, has its name or its account's.
        if target["name"] not in of_charts:
            found = cluster.get(target["apiVersion"], target["kind"], target["name"], one.namespace)
            assert found.metadata.name == target["name"]


def test_every_policy_is_bound_so_that_it_denies(cluster: Cluster) -> None:
    objects = [one for _, one in objects_in_order(everything())]
    policies = {
        one.manifest["metadata"]["name"]
        for one in objects
        if one.kind == "ValidatingAdmissionPolicy"
    }
    bindings = cluster.dynamic.resources.get(
        api_version="admissionregistration.k8s.io/v1", kind="ValidatingAdmissionPolicyBinding"
    )
    denied = {
        one.spec.policyName for one in bindings.get().items if "Deny" in one.spec.validationActions
    }
    assert policies <= denied


def _node_class() -> dict[str, Any]:
    found = [
        one.manifest for _, one in objects_in_order(everything()) if one.kind == "EC2NodeClass"
    ]
    return copy.deepcopy(dict(found[0])) | {"metadata": {"name": "another"}}


def test_a_custom_resource_with_an_unknown_field_is_refused(cluster: Cluster) -> None:
    unknown = _node_class()
    unknown["spec"]["subnets"] = []
    assert 'unknown field \\"spec.subnets\\"' in cluster.try_out(unknown)
    assert cluster.try_out(_node_class()) == ""


def test_a_custom_resource_is_judged_by_the_rules_of_its_definition(cluster: Cluster) -> None:
    """In CEL, which no JSON schema says."""
    restricted = _node_class()
    restricted["spec"]["tags"]["kubernetes.io/cluster/of-mine"] = "owned"
    assert "tag contains a restricted tag matching kubernetes.io/cluster/" in cluster.try_out(
        restricted
    )


@pytest.mark.parametrize(
    ("policy", "example"), BAD, ids=[f"{n}-{p}" for n, (p, _) in enumerate(BAD)]
)
def test_each_admission_policy_refuses_its_own(
    cluster: Cluster, policy: str, example: Callable[[], dict[str, Any]]
) -> None:
    said = cluster.try_out(example())
    assert f"ValidatingAdmissionPolicy 'mlops-{policy}'" in said


def test_every_admission_policy_has_an_object_that_it_refuses() -> None:
    names = {
        one.manifest["metadata"]["name"].removeprefix("mlops-")
        for _, one in objects_in_order(everything())
        if one.kind == "ValidatingAdmissionPolicy" and one.name.startswith("policy-")
    }
    assert names == {policy for policy, _ in BAD}


@pytest.mark.parametrize("example", GOOD, ids=[str(n) for n in range(len(GOOD))])
def test_sound_objects_pass(cluster: Cluster, example: Callable[[], dict[str, Any]]) -> None:
    assert cluster.try_out(example()) == ""


@pytest.fixture(scope="module")
def running(cluster: Cluster) -> str:
    """A pod to debug."""
    cluster.create(pod(PLAIN))
    return "probe"


@pytest.mark.parametrize(
    ("policy", "changed"),
    [
        ("pinned-images", {"image": "busybox"}),
        ("own-images-by-digest", {"image": f"{REGISTRY}/tools:1.0"}),
        ("no-host-access", {"securityContext": {"privileged": True}}),
    ],
)
def test_a_container_for_debugging_is_judged_like_any_other(
    cluster: Cluster, running: str, policy: str, changed: dict[str, Any]
) -> None:
    sound = {"name": "debug", "image": "busybox:1.37"}
    assert cluster.debug(running, PLAIN, sound) == ""
    said = cluster.debug(running, PLAIN, {**sound, **changed})
    assert f"ValidatingAdmissionPolicy 'mlops-{policy}'" in said


def test_a_template_that_names_no_sizes_gets_pods_that_have_them(cluster: Cluster) -> None:
    cluster.create(deployment(restricted_with("data-science", resources={})))

    def sizes() -> list[Any]:
        pods = cluster.dynamic.resources.get(api_version="v1", kind="Pod")
        found = pods.get(namespace="data-science", label_selector="app=probe").items
        return [one.spec.containers[0].resources.to_dict() for one in found]

    until(lambda: bool(sizes()))
    assert sizes() == [
        {"requests": {"cpu": "100m", "memory": "128Mi"}, "limits": {"memory": "512Mi"}}
    ]


def test_the_api_server_itself_refuses_to_overcommit_gpus_of_pods(cluster: Cluster) -> None:
    sizes = {"requests": {GPU: "1", "cpu": "1", "memory": "1Gi"}, "limits": {"memory": "1Gi"}}
    said = cluster.try_out(with_container(resources=sizes))
    assert "Limit must be set for non overcommitable resources" in said


def test_pod_security_refuses_what_the_level_forbids(cluster: Cluster) -> None:
    said = cluster.try_out(pod("models"))
    assert 'violates PodSecurity \\"restricted:v1.35\\"' in said


@pytest.mark.parametrize(
    ("group", "verb", "resource", "namespace", "allowed"),
    CAN,
    ids=[f"{row[0]} {row[1]} {row[2]} {row[3]}" for row in CAN],
)
def test_each_role_may_do_what_it_is_for(
    cluster: Cluster, group: str, verb: str, resource: str, namespace: str, allowed: bool
) -> None:
    name, _, api_group = resource.partition(".")
    plural, _, sub = name.partition("/")
    attributes = {
        "verb": verb,
        "group": api_group,
        "resource": plural,
        "subresource": sub,
        "namespace": namespace,
    }
    review = {
        "apiVersion": "authorization.k8s.io/v1",
        "kind": "SubjectAccessReview",
        "metadata": {},
        "spec": {"user": "somebody", "groups": [group], "resourceAttributes": attributes},
    }
    assert cluster.create(review).status.allowed is allowed


def test_a_quota_holds(cluster: Cluster) -> None:
    claim: dict[str, Any] = {
        "apiVersion": "v1",
        "kind": "PersistentVolumeClaim",
        "metadata": {"name": "too-much", "namespace": "data-science"},
        "spec": {
            "accessModes": ["ReadWriteOnce"],
            "resources": {"requests": {"storage": "501Gi"}},
        },
    }
    assert "exceeded quota: quota, requested: requests.storage=501Gi" in cluster.try_out(claim)
    claim["spec"]["resources"]["requests"]["storage"] = "10Gi"
    assert cluster.try_out(claim) == ""


@pytest.mark.parametrize(
    ("namespace", "size", "exceeded"),
    [
        ("models", {"requests": {"cpu": "281"}}, "requests.cpu=281"),
        ("training", {"requests": {"cpu": "281"}}, "requests.cpu=281"),
        ("training", {"requests": {GPU: "13"}, "limits": {GPU: "13"}}, f"requests.{GPU}=13"),
        ("argo", {"requests": {"cpu": "5"}}, "requests.cpu=5"),
    ],
)
def test_no_namespace_asks_for_more_than_there_is(
    cluster: Cluster, namespace: str, size: dict[str, Any], exceeded: str
) -> None:
    made = restricted_with(namespace, resources=size)
    # Where training is queued, what takes a GPU names its queue.
    made["metadata"]["labels"] = {QUEUE_LABEL: "training"}
    said = cluster.try_out(made)
    assert f"exceeded quota: quota, requested: {exceeded}" in said


def test_our_jobs_run_to_their_end(cluster: Cluster) -> None:
    """So Pod Security, quotas and admission let their pods in."""
    assert cluster.jobs_end(everything()) > 0


def test_an_application_is_let_in_and_gets_ready(cluster: Cluster) -> None:
    def ready() -> bool:
        found = cluster.get("apps/v1", "Deployment", "platform-api", "mlops-platform")
        return found.status.readyReplicas == 3

    until(ready)


def test_the_feature_server_is_let_in_and_its_scaler_owns_the_count(cluster: Cluster) -> None:
    """kwok has no metrics, so the scaler only brings it back to the minimum."""
    name, namespace = "feast-feature-server", "mlops-platform"

    def ready() -> bool:
        found = cluster.get("apps/v1", "Deployment", name, namespace)
        return found.spec.replicas == found.status.readyReplicas == 3

    until(ready)
    cluster.scale(name, namespace, 1)
    until(ready)
