"""A runbook reaches the site as it reaches the outside: time, names, balancers, clusters."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from http.client import HTTPException

import pytest

from ops.errors import Refused, Retryable
from ops.live.outside import Outside, outside
from ops.live.rehearsed import ENDPOINT
from ops.world.cluster import Workload
from rehearsal.providers.kubernetes.objects import Key
from rehearsal.providers.kubernetes.place import stored_as
from rehearsal.scenario.drill import SITE
from rehearsal.site.cluster import PODS
from rehearsal.site.server import serving, surrounding
from tests.rehearsal.site.conftest import HERE, THERE, Surroundings
from tests.rehearsal.site.pair import PLATFORM, SIDES, make_fence, take

BALANCER = f"consoles-1.{HERE}.elb.amazonaws.com"
MLFLOW = Workload(namespace="mlops-platform", name="mlflow")
LOGIN = "Basic YWRtaW46cw=="
KUBECONFIG = json.dumps(
    {
        "clusters": [{"name": "main", "cluster": {"server": "https://main.eks.example.com"}}],
        "contexts": [{"name": "main", "context": {"cluster": "main", "user": "aws"}}],
        "current-context": "main",
        "users": [
            {
                "name": "aws",
                "user": {
                    "exec": {
                        "apiVersion": "client.authentication.k8s.io/v1",
                        "command": "aws",
                        "args": ["--region", HERE, "eks", "get-token", "--cluster-name", "main"],
                    }
                },
            }
        ],
    }
)


@pytest.fixture
def reached(around: Surroundings) -> Iterator[Outside]:
    """The outside of a runbook in a rehearsal, with MLflow of one pod in one region."""
    around.account.cluster()
    cluster = around.account.eks.describe_cluster(name="main")["cluster"]
    key = Key(
        stored_as("main", str(cluster["createdAt"])), "helm.sh/v3", "HelmRelease",
        MLFLOW.namespace, MLFLOW.name,
    )  # fmt: skip
    metadata = {"name": MLFLOW.name, "namespace": MLFLOW.namespace}
    release = {"kind": "HelmRelease", "metadata": metadata, "values": {"replicaCount": 1}}
    around.objects.put(key, release)
    login = json.dumps({"username": "admin", "password": "s"})
    around.account.secretsmanager.create_secret(Name="p-mlflow-admin", SecretString=login)
    site = surrounding(around.client, around.control, around.objects, PLATFORM, SIDES)
    with serving(site) as url:
        yield outside({SITE: url, ENDPOINT: around.account.url})


def test_a_wait_moves_the_clock_and_takes_no_time(reached: Outside) -> None:
    began, before = time.monotonic(), reached.clock.now()
    reached.clock.sleep(600)
    assert reached.clock.now() - before >= 600
    assert time.monotonic() - began < 30


def test_a_deployment_is_scaled_by_its_api(around: Surroundings, reached: Outside) -> None:
    api = reached.cluster(KUBECONFIG)
    api.scale(MLFLOW, 3)
    found = api.replicas(MLFLOW)
    assert found is not None
    assert (found.wanted, found.ready) == (3, 1)
    around.control.advance(PODS.typical)
    found = api.replicas(MLFLOW)
    assert found is not None
    assert found.ready == 3
    assert api.replicas(Workload(namespace="x", name="y")) is None


def test_a_job_is_made_from_its_cron_job_by_the_api(around: Surroundings, reached: Outside) -> None:
    cluster = around.account.eks.describe_cluster(name="main")["cluster"]
    where = stored_as("main", str(cluster["createdAt"]))
    pod = {"containers": [{"name": "main", "image": "example.com/main:1"}]}
    spec = {"schedule": "0 6 * * *", "jobTemplate": {"spec": {"template": {"spec": pod}}}}
    dumps = Workload(namespace="mlops-platform", name="database-backup")
    body = {"metadata": {"name": dumps.name, "namespace": dumps.namespace}, "spec": spec}
    around.objects.put(Key(where, "batch/v1", "CronJob", dumps.namespace, dumps.name), body)
    api = reached.cluster(KUBECONFIG)
    job = Workload(namespace=dumps.namespace, name="by-hand")
    assert api.job(job) is None
    api.start_job(dumps, job.name)
    with pytest.raises(Refused, match="already exists"):
        api.start_job(dumps, job.name)
    assert api.job(job) == "failed"  # there is no database
    around.control.lose(HERE)
    with pytest.raises(Retryable):
        api.job(job)


def test_a_lost_region_is_silent_behind_its_balancers(
    around: Surroundings, reached: Outside
) -> None:
    door = reached.door({"mlflow.example.com": BALANCER})
    assert door.ask("mlflow.example.com", "GET", "/").status == 200
    around.control.lose(HERE)
    with pytest.raises((OSError, HTTPException)):
        door.ask("mlflow.example.com", "GET", "/")


def test_mlflow_takes_a_run_only_where_its_database_takes_writes(
    around: Surroundings, reached: Outside
) -> None:
    door = reached.door({"mlflow.example.com": BALANCER})

    def create() -> int:
        path = "/api/2.0/mlflow/experiments/create"
        asked = door.ask("mlflow.example.com", "POST", path, b"{}", {"Authorization": LOGIN})
        return asked.status

    around.account.database(SIDES[0].database)
    make_fence(around.account, THERE)
    assert create() == 500
    take(around.account, HERE, closed=True)
    assert create() == 200


def test_an_artifact_is_kept_in_the_bucket_of_the_region(
    around: Surroundings, reached: Outside
) -> None:
    around.account.bucket(SIDES[0].artifacts)
    door, header = reached.door({"mlflow.example.com": BALANCER}), {"Authorization": LOGIN}
    path = "/api/2.0/mlflow-artifacts/artifacts/1/run-1/artifacts/probe.txt"
    assert door.ask("mlflow.example.com", "PUT", path, b"kept", header).status == 200
    assert door.ask("mlflow.example.com", "GET", path, None, header).body == b"kept"
    key = "1/run-1/artifacts/probe.txt"
    found = around.account.s3.get_object(Bucket=SIDES[0].artifacts, Key=key)
    assert found["Body"].read() == b"kept"


def test_mlflow_wants_the_password_of_its_administrator(reached: Outside) -> None:
    door = reached.door({"mlflow.example.com": BALANCER})
    asked = door.ask("mlflow.example.com", "GET", "/api/2.0/mlflow/experiments/get-by-name?x=y")
    assert asked.status == 401


@pytest.mark.parametrize(
    ("environment", "said"),
    [
        ({SITE: "http://10.0.0.1:80", ENDPOINT: "http://127.0.0.1:1"}, SITE),
        ({SITE: "http://127.0.0.1:80", ENDPOINT: "https://rds.amazonaws.com"}, ENDPOINT),
        ({SITE: "http://127.0.0.1:80"}, ENDPOINT),
    ],
)
def test_a_rehearsed_runbook_that_could_touch_aws_is_refused(
    environment: dict[str, str], said: str
) -> None:
    with pytest.raises(Refused, match=said):
        outside(environment)


def test_without_a_rehearsal_the_outside_is_the_real_one() -> None:
    found = outside({}).door({})
    assert (found.port, found.tls, found.through) == (443, True, None)
