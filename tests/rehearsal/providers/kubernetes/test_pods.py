"""Pods of objects in the simulated cluster: refused, never scheduled, or never started."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from catalog.charts import CHARTS
from rehearsal.providers.kubernetes.pods.account import OwnImage
from rehearsal.providers.kubernetes.pods.images import own_image
from rehearsal.providers.kubernetes.refusals import RULES
from rehearsal.providers.kubernetes.releases import TYPE
from rehearsal.providers.plugin import PluginError, Subject
from tests.rehearsal.providers.kubernetes.judged import Judged, group
from tests.rehearsal.providers.kubernetes.manifests import (
    SPACE,
    Manifest,
    claim,
    deployment,
    from_secret,
    job,
    mounting,
    namespace,
    pod,
    quota,
    sized,
    thing,
)
from tests.rehearsal.providers.kubernetes.refused import PRIVILEGED, REFUSED, Refused
from tests.rehearsal.providers.kubernetes.test_releases import inputs

WAITED = "Deployment judged/web: timed out waiting to be ready: "


@pytest.fixture
def cluster(tmp_path: Path) -> Judged:
    made = Judged(tmp_path)
    made.put(namespace())
    return made


@pytest.mark.parametrize("row", REFUSED, ids=lambda row: row.rule)
def test_what_the_api_server_refuses_is_refused_at_once(tmp_path: Path, row: Refused) -> None:
    cluster = Judged(tmp_path)
    cluster.put(*row.before)
    assert cluster.refusal(row.bad) == row.said
    cluster.put(row.good)


def test_every_rule_of_the_table_is_tested() -> None:
    """Controls of Pod Security have examples of their own."""
    others = {rule.name for rule in RULES if not rule.name.startswith("Pod Security")}
    assert others == {row.rule for row in REFUSED if "Pod Security" not in row.rule} | {
        "an object keeps to the admission policies that are bound",
        "a secret or configuration that a pod needs is there, with its key",
        "a secret or configuration that a pod mounts is there",
        "an image of the account's own registry is there",
        "an external secret has its store and a value in the account",
        "a claim that a pod mounts is there",
        "a claim's storage class exists and its driver runs",
        "some node group or node pool can hold a pod",
        "what a job asks the API server for is answered",
        "the account of a job may do what the job asks for",
    }


def test_a_workload_whose_pods_are_forbidden_is_kept_and_never_ready(tmp_path: Path) -> None:
    cluster = Judged(tmp_path)
    cluster.put(namespace("restricted"))
    said = cluster.wait(deployment(PRIVILEGED))
    assert said.startswith(f"{WAITED}ReplicaSet [FailedCreate] Error creating: pods ")
    assert 'violates PodSecurity "restricted:v1.35"' in said
    cluster.change(deployment(pod()))


def test_a_job_is_judged_and_a_cron_job_is_not_waited_for(tmp_path: Path) -> None:
    cluster = Judged(tmp_path)
    cluster.put(namespace("baseline"))
    assert "Job [FailedCreate]" in cluster.wait(job(PRIVILEGED))
    template = {"spec": job(PRIVILEGED)["spec"]}
    spec = {"schedule": "0 0 * * *", "jobTemplate": template}
    cluster.put(thing("batch/v1", "CronJob", "later", spec=spec))


def test_a_quota_counts_all_pods_of_a_workload_and_what_is_there(cluster: Judged) -> None:
    cluster.put(quota(**{"requests.cpu": "1", "pods": "3"}))
    half = sized({"cpu": "250m"})
    one_too_many = "requested: pods=1, used: pods=3, limited: pods=3"
    assert one_too_many in cluster.wait(deployment(half, replicas=5))
    cluster.change(deployment(half, replicas=3))
    assert one_too_many in cluster.refusal(half)
    cluster.change(deployment(half, replicas=2))
    cluster.put(half)


def test_a_quota_is_reckoned_beside_releases_too(tmp_path: Path) -> None:
    cluster = Judged(tmp_path)
    cluster.put(namespace("baseline", name="keda"))
    cluster.provider.create(Subject(TYPE, "keda"), inputs("keda"))
    limit = quota(**{"count/secrets": "1"})
    limit["metadata"]["namespace"] = "keda"
    secret = thing("v1", "Secret", "login", stringData={"token": "t"})
    secret["metadata"]["namespace"] = "keda"
    cluster.put(limit, secret)


def test_a_pod_that_ran_before_counts_as_much_as_its_largest_step(cluster: Judged) -> None:
    cluster.put(quota(**{"requests.cpu": "1"}))
    first = {"name": "first", "image": "a", "resources": {"requests": {"cpu": "2"}}}
    with_first = sized({"cpu": "500m"})
    with_first["spec"]["initContainers"] = [first]
    assert "requested: requests.cpu=2" in cluster.refusal(with_first)
    first["resources"] = {"requests": {"cpu": "1"}}
    cluster.put(with_first)


def test_a_limit_ranges_defaults_satisfy_a_quota(cluster: Judged) -> None:
    cluster.put(quota(**{"requests.cpu": "1", "limits.memory": "1Gi"}))
    assert "must specify limits.memory for: main; requests.cpu for: main" in cluster.refusal(pod())
    defaults = {"defaultRequest": {"cpu": "100m"}, "default": {"cpu": "1", "memory": "512Mi"}}
    cluster.put(
        thing("v1", "LimitRange", "defaults",
              spec={"limits": [{"type": "Container", **defaults}]})
    )  # fmt: skip
    cluster.put(pod())


SECRET = thing("v1", "Secret", "login", stringData={"token": "t"})


@pytest.mark.parametrize(
    ("bad", "good", "said"),
    [
        (
            from_secret("absent", "token"),
            from_secret("absent", "token", optional=True),
            '[main] -- [CreateContainerConfigError] secret "absent" not found',
        ),
        (
            from_secret("login", "password"),
            from_secret("login", "token"),
            "[CreateContainerConfigError] couldn't find key password in Secret judged/login",
        ),
        (
            mounting({"configMap": {"name": "absent"}}),
            mounting({"configMap": {"name": "kube-root-ca.crt"}}),
            'MountVolume.SetUp failed for volume "data": configmap "absent" not found',
        ),
        (
            mounting({"projected": {"sources": [{"secret": {"name": "absent"}}]}}),
            mounting({"projected": {"sources": [{"secret": {"name": "login"}}]}}),
            'secret "absent" not found',
        ),
        (
            mounting({"persistentVolumeClaim": {"claimName": "absent"}}),
            mounting({"emptyDir": {}}),
            '[Unschedulable] persistentvolumeclaim "absent" not found',
        ),
    ],
)
def test_a_pod_waits_in_vain_for_what_is_not_there(
    cluster: Judged, bad: Manifest, good: Manifest, said: str
) -> None:
    cluster.put(SECRET)
    assert said in cluster.wait(deployment(bad))
    cluster.change(deployment(good))


REGISTRY = "123456789012.dkr.ecr.us-east-1.amazonaws.com"
PUSHED = OwnImage(
    account="123456789012", region="us-east-1", repository="mlops/web", tag="latest",
    digest=f"sha256:{'a' * 64}",
)  # fmt: skip


@pytest.mark.parametrize(
    ("repository", "digest"), [("web", PUSHED.digest), ("mlops/web", f"sha256:{'b' * 64}")]
)
def test_an_image_that_nobody_pushed_is_pulled_in_vain(
    cluster: Judged, repository: str, digest: str
) -> None:
    cluster.account.images = [PUSHED]
    absent = f"{REGISTRY}/{repository}@{digest}"
    assert cluster.wait(deployment(pod({"image": absent}))) == (
        f"{WAITED}containers with unready status: [main] -- [ImagePullBackOff] Back-off pulling "
        f'image "{absent}": ErrImagePull: failed to resolve reference "{absent}": '
        f"{absent}: not found"
    )
    cluster.change(deployment(pod({"image": f"{REGISTRY}/{PUSHED.repository}@{PUSHED.digest}"})))


def test_of_other_registries_nobody_knows_what_they_hold(cluster: Judged) -> None:
    cluster.account.images = []
    cluster.put(deployment(pod({"image": "quay.io/somebody/something:1.2"})))


@pytest.mark.parametrize(
    ("text", "identifier"),
    [
        (f"{REGISTRY}/a/b", {"imageTag": "latest"}),
        (f"{REGISTRY}/a/b:1.2", {"imageTag": "1.2"}),
        (f"{REGISTRY}/a/b:1.2@sha256:abc", {"imageDigest": "sha256:abc"}),
    ],
)
def test_a_digest_decides_which_image_is_meant(text: str, identifier: dict[str, str]) -> None:
    image = own_image(text)
    assert image is not None
    assert (image.repository, image.identifier) == ("a/b", identifier)


def _store(cluster: Judged) -> Callable[[], None]:
    """external-secrets with an external secret for `login`; makes the store when called."""
    chart = CHARTS["external-secrets"]
    cluster.put(namespace("restricted", chart.namespace))
    cluster.provider.create(Subject(TYPE, chart.name), inputs(chart.name))
    remote = {"key": "prod/login", "property": "token"}
    spec: dict[str, Any] = {
        "secretStoreRef": {"name": "aws", "kind": "ClusterSecretStore"},
        "target": {"name": "login"},
        "data": [{"secretKey": "token", "remoteRef": remote}],
    }
    cluster.put(thing("external-secrets.io/v1", "ExternalSecret", "login", spec=spec))
    provider = {"aws": {"service": "SecretsManager", "region": "us-east-1"}}
    store = {"apiVersion": "external-secrets.io/v1", "kind": "ClusterSecretStore",
             "metadata": {"name": "aws"}, "spec": {"provider": provider}}  # fmt: skip
    return lambda: cluster.put(store)


def test_an_external_secret_needs_its_store_and_a_value_in_the_account(cluster: Judged) -> None:
    make_store = _store(cluster)
    asking = deployment(from_secret("login", "token"))
    assert 'ExternalSecret login: could not get ClusterSecretStore "aws"' in cluster.wait(asking)
    make_store()
    for value, said in (
        (None, "prod/login in us-east-1: no such secret, or one without a value"),
        ({"user": "u"}, "key token does not exist in secret prod/login"),
    ):
        cluster.delete(asking)
        if value is not None:
            cluster.account.secrets["us-east-1/prod/login"] = json.dumps(value)
        assert said in cluster.wait(asking)
    cluster.account.secrets["us-east-1/prod/login"] = json.dumps({"token": "t"})
    cluster.change(asking)


STORAGE = {"apiVersion": "storage.k8s.io/v1", "kind": "StorageClass",
           "metadata": {"name": "gp3"}, "provisioner": "ebs.csi.aws.com",
           "volumeBindingMode": "WaitForFirstConsumer"}  # fmt: skip


def test_a_claim_needs_a_class_that_is_there(cluster: Judged) -> None:
    assert "no storage class is set" in cluster.wait(claim())
    cluster.delete(claim())
    assert 'storageclass.storage.k8s.io "gp3" not found' in cluster.wait(claim(storage="gp3"))
    cluster.put(STORAGE)
    cluster.change(claim(storage="gp3"))


@pytest.mark.parametrize("driver", [True, False])
def test_a_pod_with_a_claim_needs_the_driver_of_its_class(tmp_path: Path, driver: bool) -> None:
    addons = frozenset({"aws-ebs-csi-driver"} if driver else ())
    cluster = Judged(tmp_path, addons)
    cluster.put(namespace(), STORAGE, claim(storage="gp3"))
    asking = deployment(mounting({"persistentVolumeClaim": {"claimName": "data"}}))
    if driver:
        cluster.put(asking)
    else:
        assert "external provisioner 'ebs.csi.aws.com'" in cluster.wait(asking)


def test_a_release_whose_claims_no_class_serves_is_taken_back(tmp_path: Path) -> None:
    cluster = Judged(tmp_path, frozenset({"aws-ebs-csi-driver"}))
    chart = CHARTS["valkey"]
    cluster.put(namespace(name=chart.namespace))
    storage = {"enabled": True, "requestedSize": "8Gi", "className": "gp3"}
    asked = inputs(chart.name, values={"dataStorage": storage})
    with pytest.raises(PluginError, match=r'release .*"valkey": storageclass.* "gp3" not found'):
        cluster.provider.create(Subject(TYPE, chart.name), asked)
    cluster.put(STORAGE)
    cluster.provider.create(Subject(TYPE, chart.name), asked)


GPU = {"key": "nvidia.com/gpu", "value": "present", "effect": "NoSchedule"}


@pytest.mark.parametrize(
    ("spec", "said"),
    [
        ({"nodeSelector": {"pool": "gpu"}}, "1 node(s) had untolerated taint {nvidia.com/gpu: "),
        (
            {"nodeSelector": {"pool": "absent"}},
            "1 node(s) didn't match Pod's node affinity/selector, 1 node(s) had untolerated",
        ),
        ({"nodeSelector": {"kubernetes.io/arch": "arm64"}}, "0/2 nodes are available"),
        (
            {
                "nodeSelector": {"pool": "gpu"},
                "tolerations": [{"key": GPU["key"], "operator": "Equal", "value": "other"}],
            },
            "untolerated taint",
        ),
    ],
)
def test_a_pod_that_no_pool_can_hold_is_never_scheduled(
    cluster: Judged, spec: Manifest, said: str
) -> None:
    cluster.account.groups = [
        group("general", "m5.large", labels={"pool": "general"}),
        group("gpu", "g4dn.xlarge", labels={"pool": "gpu"}, taints=(GPU,)),
    ]
    assert said in cluster.wait(deployment(pod(**spec)))
    tolerations = [{"key": GPU["key"], "operator": "Exists"}]
    cluster.change(deployment(pod(nodeSelector={"pool": "gpu"}, tolerations=tolerations)))


def test_a_pod_larger_than_every_instance_type_is_never_scheduled(cluster: Judged) -> None:
    cluster.account.groups = [group("general", "m5.large")]
    assert "1 Insufficient memory" in cluster.wait(deployment(sized({"memory": "9Gi"})))
    cluster.change(deployment(sized({"memory": "4Gi", "cpu": "1"})))


def test_node_groups_are_asked_for_again_only_where_a_pod_fits_nowhere(cluster: Judged) -> None:
    cluster.account.groups = [group("general", "m5.large")]
    cluster.put(deployment(pod()), job(pod()))
    assert cluster.account.asked == 1
    cluster.account.groups.append(group("late", "m5.large", labels={"pool": "late"}))
    cluster.put(pod(nodeSelector={"pool": "late"}))
    assert cluster.account.asked == 2


def test_a_node_pool_of_karpenter_holds_pods_while_karpenter_runs(cluster: Judged) -> None:
    cluster.account.groups = []
    cluster.provider.create(Subject(TYPE, "karpenter-crd"), inputs("karpenter-crd"))
    reference = {"group": "karpenter.k8s.aws", "kind": "EC2NodeClass", "name": "default"}
    family = {"key": "karpenter.k8s.aws/instance-family", "operator": "In", "values": ["m6i"]}
    template = {"spec": {"requirements": [family], "nodeClassRef": reference}}
    pool = {"apiVersion": "karpenter.sh/v1", "kind": "NodePool",
            "metadata": {"name": "general"}, "spec": {"template": template}}  # fmt: skip
    cluster.put(pool)
    assert "0/0 nodes are available" in cluster.wait(deployment(sized({"cpu": "4"})))
    cluster.provider.create(Subject(TYPE, "karpenter"), inputs("karpenter"))
    cluster.change(deployment(sized({"cpu": "4"})))
    assert cluster.objects.in_namespace("c", SPACE)
