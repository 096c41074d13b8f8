"""A team in the cluster: labels that Kubernetes takes, and an account that waits for its role."""

from __future__ import annotations

import re

from hypothesis import example, given
from hypothesis import strategies as st

from components.services.plan import Object, ServicePlan
from components.services.teams import TeamArgs, label_value, team

LABEL = re.compile(r"([A-Za-z0-9]([A-Za-z0-9_.-]{0,61}[A-Za-z0-9])?)?")
"""Source: Kubernetes, syntax of label values."""


@given(st.text(max_size=200))
@example("a" * 62 + " b")
@example("-" * 63 + "a")
def test_any_cost_centre_is_a_label(text: str) -> None:
    assert LABEL.fullmatch(label_value(text))


@given(st.from_regex(LABEL, fullmatch=True))
def test_what_is_a_label_already_stays(text: str) -> None:
    assert label_value(text) == text


def made() -> ServicePlan:
    return team(
        TeamArgs(
            name="research",
            cost_center="R & D",
            kubernetes_version="1.35",
            cpus=1,
            memory_gib=1,
            gpus=0,
            storage_gib=1,
        )
    )


def part(name: str) -> Object:
    (found,) = [one for one in made().objects if one.name == name]
    return found


def test_an_account_comes_after_its_role() -> None:
    assert part("account").after == ("@identity/team-research",)


def test_the_namespace_says_whose_it_is() -> None:
    labels = part("namespace-research").manifest["metadata"]["labels"]
    assert labels["mlops/team"] == "research"
    assert labels["mlops/cost-center"] == "R-D"
