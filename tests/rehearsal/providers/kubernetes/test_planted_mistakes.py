"""Pods with one mistake each: the engine fails where Kubernetes would, and names the resource."""

from __future__ import annotations

import pytest

from tests.rehearsal.cloud.account import Account
from tests.rehearsal.conftest import Program

WEB = "Deployment team/web: timed out waiting to be ready: "
FORBIDDEN = f'{WEB}ReplicaSet [FailedCreate] Error creating: pods "web-*" is forbidden: '
PLANTED = {
    "privileged": f'{FORBIDDEN}violates PodSecurity "restricted:latest": privileged (container '
    '"main" must not set securityContext.privileged=true)',
    "account": f"{FORBIDDEN}error looking up service account team/web: "
    'serviceaccount "web" not found',
    "quota": f"{FORBIDDEN}exceeded quota: quota, requested: requests.cpu=2, used: requests.cpu=0, "
    "limited: requests.cpu=1",
    "secret": f"{WEB}containers with unready status: [main] -- [CreateContainerConfigError] "
    'secret "login" not found',
    "image": f"{WEB}containers with unready status: [main] -- [ImagePullBackOff] Back-off pulling "
    'image "123456789012.dkr.ecr.us-east-1.amazonaws.com/team/web@sha256:0000',
    "probe": "Job keda/scaledobjects-answers-1: timed out waiting to be ready: "
    '[BackoffLimitExceeded] ask: error when creating "/probe/probe.json": no matches for kind '
    '"ScaledObject" in version "keda.sh/v1alpha1"',
}

pytestmark = pytest.mark.rehearsal


@pytest.fixture
def cluster(account: Account) -> None:
    """The cluster `main`, with nodes."""
    account.node_group(account.cluster(), instanceTypes=["m5.large"])


@pytest.mark.usefixtures("cluster")
@pytest.mark.parametrize(("mistake", "told"), PLANTED.items())
def test_a_planted_mistake_is_caught(program: Program, mistake: str, told: str) -> None:
    outcome = program("planted_pods", mistake=mistake).up()
    assert not outcome.succeeded
    assert any(told in error for error in outcome.tally.errors), outcome.output


@pytest.mark.usefixtures("cluster")
def test_without_the_mistakes_everything_gets_ready(program: Program) -> None:
    outcome = program("planted_pods", mistake="none").up()
    assert outcome.succeeded, outcome.output
