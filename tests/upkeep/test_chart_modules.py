"""Charts from Go modules become a folder that contracts and schemas are derived from."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
import yaml
from jsonschema import Draft7Validator

from catalog.charts import Chart
from upkeep.chart_contracts import contract
from upkeep.chart_modules import Source, closed, entry, write

DEFINITION: dict[str, Any] = {
    "metadata": {"name": "trainjobs.trainer.kubeflow.org"},
    "spec": {
        "group": "trainer.kubeflow.org",
        "scope": "Namespaced",
        "names": {"kind": "TrainJob"},
        "versions": [
            {
                "name": "v2",
                "served": True,
                "storage": True,
                "schema": {
                    "openAPIV3Schema": {
                        "type": "object",
                        "description": "prose",
                        "properties": {
                            "spec": {
                                "type": "object",
                                "properties": {
                                    "nodes": {"type": "integer"},
                                    "quantity": {"x-kubernetes-int-or-string": True},
                                    "description": {"type": "string", "nullable": True},
                                    "labels": {
                                        "type": "object",
                                        "additionalProperties": {"type": "string"},
                                    },
                                    "free": {
                                        "type": "object",
                                        "properties": {"a": {"type": "string"}},
                                        "x-kubernetes-preserve-unknown-fields": True,
                                    },
                                },
                            }
                        },
                    }
                },
            },
            {"name": "v1", "served": True, "storage": False,
             "schema": {"openAPIV3Schema": {"type": "object"}}},
            {"name": "v0", "served": False, "storage": False,
             "schema": {"openAPIV3Schema": {"type": "object"}}},
        ],
    },
}  # fmt: skip
BELOW = Source(name="jobset", module="m", version="v1", chart="jobset", crds="none")
ABOVE = Source(
    name="kubeflow-trainer", module="m", version="v1", chart="chart", crds="crds", below=(BELOW,)
)


def accepts(spec: dict[str, Any]) -> bool:
    schema = DEFINITION["spec"]["versions"][0]["schema"]["openAPIV3Schema"]
    judge: Any = Draft7Validator(closed(schema))
    return bool(judge.is_valid({"spec": spec}))


@pytest.mark.parametrize(
    ("spec", "fits"),
    [
        ({"nodes": 2}, True),
        ({"nodes": "2"}, False),
        ({"nodse": 2}, False),
        ({"quantity": "2Gi"}, True),
        ({"quantity": 2}, True),
        ({"quantity": True}, False),
        ({"description": None}, True),
        ({"labels": {"any": "thing"}}, True),
        ({"labels": {"any": 1}}, False),
        ({"free": {"b": 1}}, True),
    ],
)
def test_a_schema_refuses_what_the_api_server_would_drop(spec: dict[str, Any], fits: bool) -> None:
    assert accepts(spec) is fits


def test_a_schema_keeps_a_field_that_is_named_like_prose_and_drops_prose() -> None:
    made = closed(DEFINITION["spec"]["versions"][0]["schema"]["openAPIV3Schema"])
    assert "description" not in made
    assert "description" in made["properties"]["spec"]["properties"]


def test_the_index_names_versions_with_the_stored_one_last() -> None:
    assert [one["name"] for one in entry(DEFINITION)["versions"]] == ["v1", "v0", "v2"]
    assert entry(DEFINITION)["kind"] == "TrainJob"


@pytest.fixture
def module(tmp_path: Path) -> Path:
    root = tmp_path / "module"
    for chart, values in (("chart", {"replicas": 1}), ("jobset", {"image": {"tag": "main"}})):
        (root / chart).mkdir(parents=True)
        (root / chart / "Chart.yaml").write_text(yaml.safe_dump({"name": chart, "version": "1.2"}))
        (root / chart / "values.yaml").write_text(yaml.safe_dump(values))
    (root / "crds").mkdir()
    (root / "crds" / "trainer_trainjobs.yaml").write_text(yaml.safe_dump(DEFINITION))
    return root


def test_a_contract_follows_from_the_folder(module: Path, tmp_path: Path) -> None:
    write(ABOVE, tmp_path / "data", lambda _: module)
    folder = tmp_path / "data" / "kubeflow-trainer"
    chart = Chart(name="kubeflow-trainer", version="1.2", source="", licence="", namespace="")
    made = contract(chart, folder)
    assert made["values"]["replicas"] == "integer"
    assert made["values"]["jobset"]["image"] == {"tag": "string"}
    assert (made["app"], made["apps"]) == ("1.2", {"jobset": "1.2"})
    assert [one["name"] for one in made["crds"]] == ["trainjobs.trainer.kubeflow.org"]
    schemas = sorted((folder / "crd-schemas" / "trainer.kubeflow.org").glob("*.json"))
    assert [path.name for path in schemas] == ["trainjob_v1.json", "trainjob_v2.json"]
    assert json.loads(schemas[1].read_text())["type"] == "object"
