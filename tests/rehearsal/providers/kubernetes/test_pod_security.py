"""Pod Security levels, held to Kubernetes' own examples of what each lets in and refuses."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml

from rehearsal.providers.kubernetes.pods.control import Control
from rehearsal.providers.kubernetes.pods.pod import Pod, pod_of
from rehearsal.providers.kubernetes.pods.security import CONTROLS, findings, violated
from tests.rehearsal.providers.kubernetes.manifests import ENFORCE, pod

EXAMPLES = Path(__file__).parents[3] / "data" / "pod_security"
MINOR = 35


def examples(level: str, outcome: str) -> list[dict[str, Any]]:
    """Kubernetes' own examples, at version 1.35."""
    return list(yaml.safe_load_all((EXAMPLES / f"{level}-{outcome}.yaml").read_text()))


def _pods(outcome: str) -> list[Any]:
    return [
        pytest.param(level, body, id=f"{level} {body['metadata']['name']}")
        for level in ("baseline", "restricted")
        for body in examples(level, outcome)
    ]


def _made(body: dict[str, Any]) -> Pod:
    made = pod_of(body)
    assert made is not None
    return made


@pytest.mark.parametrize(("level", "body"), _pods("pass"))
def test_what_kubernetes_lets_in_is_let_in(level: str, body: dict[str, Any]) -> None:
    assert list(findings(_made(body), level, MINOR)) == []


@pytest.mark.parametrize(("level", "body"), _pods("fail"))
def test_what_kubernetes_refuses_is_refused(level: str, body: dict[str, Any]) -> None:
    assert list(findings(_made(body), level, MINOR))


@pytest.mark.parametrize("control", CONTROLS, ids=lambda one: one.name)
def test_each_control_refuses_its_examples_and_lets_its_neighbours_pass(control: Control) -> None:
    bad, good = (
        [one for one in examples(control.level, outcome) if _is_of(one, control)]
        for outcome in ("fail", "pass")
    )
    assert bad
    assert all(control.broken(_made(one)) for one in bad)
    judged = [made for made in map(_made, good) if control.applies(made, MINOR)]
    assert not any(control.broken(one) for one in judged)
    assert control.broken(_made(pod())) is None


def _is_of(example: dict[str, Any], control: Control) -> bool:
    return example["metadata"]["name"].rstrip("0123456789") == control.name.lower()


def test_a_namespace_without_a_level_lets_everything_in() -> None:
    bad = _made(pod(hostNetwork=True))
    assert violated(bad, {}, "1.35") is None
    assert violated(bad, {ENFORCE: "privileged"}, "1.35") is None


def test_a_level_is_judged_as_the_pinned_version_defines_it() -> None:
    """Hosts of probes are forbidden from 1.34 on."""
    probe = {"httpGet": {"port": 80, "host": "10.0.0.1"}}
    asking = _made(pod({"livenessProbe": probe}))
    pinned = f"{ENFORCE}-version"
    assert violated(asking, {ENFORCE: "baseline", pinned: "v1.33"}, "1.35") is None
    said = violated(asking, {ENFORCE: "baseline"}, "1.35")
    assert said == (
        'violates PodSecurity "baseline:latest": probe or lifecycle host '
        '(container "main" uses probe or lifecycle host "10.0.0.1")'
    )


def test_everything_that_is_wrong_is_told_at_once() -> None:
    plain = _made({**pod(), "spec": {"containers": [{"name": "a"}, {"name": "b"}]}})
    assert violated(plain, {ENFORCE: "restricted"}, "1.35") == (
        'violates PodSecurity "restricted:latest": allowPrivilegeEscalation != false (containers '
        '"a", "b" must set securityContext.allowPrivilegeEscalation=false), unrestricted '
        'capabilities (containers "a", "b" must set securityContext.capabilities.drop=["ALL"]), '
        'runAsNonRoot != true (pod or containers "a", "b" must set '
        "securityContext.runAsNonRoot=true), seccompProfile (pod or containers "
        '"a", "b" must set securityContext.seccompProfile.type to "RuntimeDefault" or "Localhost")'
    )
