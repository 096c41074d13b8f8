"""The feature server is asked what it can, keeps its count, and writes in one place."""

from __future__ import annotations

import base64
import json
import re
from typing import Any

from catalog.images import FEAST
from components.services import feast_server
from components.services.feast import FeastArgs, feast
from components.services.plan import Object, ServicePlan

ARGS = FeastArgs(
    project="mlops",
    region="us-east-1",
    database_host="postgres.internal",
    valkey_host="valkey.internal",
    valkey_authority=None,
    after_store="@valkey",
    features_bucket="features",
    prefix="mlops",
)


def part(name: str, plan: ServicePlan | None = None) -> Object:
    (found,) = [one for one in (plan or feast(ARGS)).objects if one.name == name]
    return found


def container() -> Any:
    (found,) = part("deployment").manifest["spec"]["template"]["spec"]["containers"]
    return found


def variables() -> dict[str, Any]:
    return {one["name"]: one for one in container()["env"]}


def test_every_probe_asks_the_server_itself() -> None:
    asked = {
        kind: (container()[kind]["httpGet"]["path"], container()[kind]["httpGet"]["port"])
        for kind in ("startupProbe", "readinessProbe", "livenessProbe")
    }
    assert set(asked.values()) == {("/health", "http")}
    ports = {one["name"]: one["containerPort"] for one in container()["ports"]}
    assert ports == {"http": 6566, "metrics": 8000}


def test_a_database_may_fail_over_before_the_server_is_restarted() -> None:
    """RDS says one to two minutes."""
    liveness = container()["livenessProbe"]
    assert liveness["periodSeconds"] * liveness["failureThreshold"] >= 300


def test_the_scaler_owns_the_count() -> None:
    assert part("deployment").ignore_changes == ("spec.replicas",)
    spec = part("scaler").manifest["spec"]
    assert spec["scaleTargetRef"]["name"] == part("deployment").manifest["metadata"]["name"]
    assert (spec["minReplicas"], spec["maxReplicas"]) == (3, 10)


def test_its_service_leads_to_both_of_its_ports() -> None:
    spec = part("service").manifest["spec"]
    template = part("deployment").manifest["spec"]["template"]
    assert spec["selector"].items() <= template["metadata"]["labels"].items()
    ports = {one["name"]: (one["port"], one["targetPort"]) for one in spec["ports"]}
    assert ports == {"http": (6566, "http"), "metrics": (8000, "metrics")}


def test_metrics_are_on() -> None:
    assert "--metrics" in container()["command"]


def test_it_writes_on_a_volume_alone() -> None:
    assert container()["securityContext"]["readOnlyRootFilesystem"]
    written = [one["mountPath"] for one in container()["volumeMounts"] if not one.get("readOnly")]
    assert written == [feast_server.SCRATCH]
    assert (container()["workingDir"], variables()["HOME"]["value"]) == (*written, *written)


def test_every_variable_of_its_store_comes_from_the_environment() -> None:
    text = base64.b64decode(variables()["FEATURE_STORE_YAML_BASE64"]["value"]).decode()
    named = set(re.findall(r"\$\{(\w+)\}", text))
    assert named <= set(variables())
    assert "password" not in json.dumps([one.get("value") for one in variables().values()]).lower()


def test_its_image_is_pinned() -> None:
    assert container()["image"] == FEAST
    assert re.fullmatch(r"quay\.io/feastdev/feature-server:\d+\.\d+\.\d+", FEAST)
