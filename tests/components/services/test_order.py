"""What waits for what, and what is refused."""

from __future__ import annotations

import pytest

from catalog.charts import CHARTS
from components.services.check import check
from components.services.order import NODES, PlanError, ordered
from components.services.plan import Object, Release, ServicePlan


def thing(name: str, *after: str, kind: str = "ConfigMap", namespace: str = "here") -> Object:
    return Object(
        name=name,
        manifest={
            "apiVersion": "v1",
            "kind": kind,
            "metadata": {"name": name} | ({"namespace": namespace} if namespace else {}),
        },
        after=after,
    )


def test_an_object_waits_for_its_namespace_and_for_what_it_names() -> None:
    plans = [
        ServicePlan(name="spaces", parts=[thing("here", kind="Namespace", namespace="")]),
        ServicePlan(name="one", parts=[thing("b", "a", "@database"), thing("a")]),
        ServicePlan(name="two", parts=[thing("c", "one")]),
    ]
    order = ordered(plans)
    assert order.needs["one/b"] == {"one/a", "spaces/here", "@database"}
    assert order.needs["two/c"] == {"one/a", "one/b", "spaces/here"}
    assert list(order.parts).index("one/a") < list(order.parts).index("one/b")


def test_only_what_runs_pods_waits_for_nodes() -> None:
    definitions = Release(name="definitions", chart=CHARTS["kserve-crd"], values={})
    controller = Release(name="controller", chart=CHARTS["kserve-resources"], values={})
    order = ordered([ServicePlan(name="kserve", parts=[definitions, controller])])
    assert order.needs["kserve/definitions"] == frozenset()
    assert order.needs["kserve/controller"] == {NODES}


@pytest.mark.parametrize(
    ("parts", "said"),
    [
        ([thing("a", "b"), thing("b", "a")], "parts wait for each other"),
        ([thing("a"), thing("a")], "one/a: stands twice"),
        ([thing("a", "nowhere")], "one: waits for 'nowhere', expected a part of one"),
    ],
)
def test_plans_that_contradict_themselves_are_refused(parts: list[Object], said: str) -> None:
    with pytest.raises(PlanError) as refused:
        ordered([ServicePlan(name="one", parts=parts)])
    assert said in str(refused.value)


def test_two_services_of_a_name_are_refused_with_everything_else_that_is_wrong() -> None:
    plan = ServicePlan(name="one", parts=[thing("A_b")], hosts=["x.example.com"])
    with pytest.raises(PlanError) as refused:
        check([plan, plan], ())
    lines = str(refused.value).splitlines()
    assert "one: the name of two services; rename one" in lines
    assert any("x.example.com: claimed by one and one" in line for line in lines)
    assert any("one/A_b: metadata.name: expected lower-case" in line for line in lines)
