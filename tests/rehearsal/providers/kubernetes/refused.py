"""Objects that the API server refuses, each with a neighbour that it takes.

The unit tests hold the simulated cluster to them, the tests with a control plane a real API
server: to the same words.
"""

from __future__ import annotations

from dataclasses import dataclass

from tests.rehearsal.providers.kubernetes.manifests import (
    Manifest,
    claim,
    limit_range,
    namespace,
    pod,
    quota,
    service,
    sized,
    thing,
)


@dataclass(frozen=True, kw_only=True)
class Refused:
    """`rule` is a row of the table of refusals; `before` is there before both objects."""

    rule: str
    bad: Manifest
    good: Manifest
    said: str
    before: tuple[Manifest, ...] = (namespace(),)


PRIVILEGED = pod({"securityContext": {"privileged": True}})
SMALL = {"cpu": "100m", "memory": "128Mi"}

STORAGE: Manifest = {
    "apiVersion": "storage.k8s.io/v1",
    "kind": "StorageClass",
    "metadata": {"name": "waiting"},
    "provisioner": "ebs.csi.aws.com",
    "volumeBindingMode": "WaitForFirstConsumer",
}

REFUSED: tuple[Refused, ...] = (
    Refused(
        rule="Pod Security, baseline: privileged",
        before=(namespace("baseline"),),
        bad=PRIVILEGED,
        good=pod(),
        said='pods "web" is forbidden: violates PodSecurity "baseline:v1.35": privileged '
        '(container "main" must not set securityContext.privileged=true)',
    ),
    Refused(
        rule="a pod's service account exists",
        bad=pod(serviceAccountName="absent"),
        good=pod(serviceAccountName="there"),
        before=(namespace(), thing("v1", "ServiceAccount", "there")),
        said='pods "web" is forbidden: error looking up service account judged/absent: '
        'serviceaccount "absent" not found',
    ),
    Refused(
        rule="a pod's priority class exists",
        bad=pod(priorityClassName="absent"),
        good=pod(priorityClassName="system-node-critical"),
        said='pods "web" is forbidden: no PriorityClass with name absent was found',
    ),
    Refused(
        rule="a pod's runtime class exists",
        bad=pod(runtimeClassName="absent"),
        good=pod(runtimeClassName="there"),
        before=(
            namespace(),
            {"apiVersion": "node.k8s.io/v1", "kind": "RuntimeClass",
             "metadata": {"name": "there"}, "handler": "runc"},
        ),
        said='pods "web" is forbidden: pod rejected: RuntimeClass "absent" not found',
    ),
    Refused(
        rule="a container keeps to its namespace's limit range",
        before=(namespace(), limit_range(max={"memory": "1Gi"})),
        bad=sized(limits={"memory": "2Gi"}),
        good=sized(limits={"memory": "1Gi"}),
        said='pods "web" is forbidden: maximum memory usage per Container is 1Gi, but limit is 2Gi',
    ),
    Refused(
        rule="a container keeps to its namespace's limit range",
        before=(namespace(), limit_range(min={"cpu": "200m"})),
        bad=sized({"cpu": "100m"}),
        good=sized({"cpu": "200m"}),
        said='pods "web" is forbidden: minimum cpu usage per Container is 200m, '
        "but request is 100m",
    ),
    Refused(
        rule="a namespace's pods keep to its quota",
        before=(namespace(), quota(**{"requests.cpu": "1", "requests.memory": "1Gi"})),
        bad=sized({"cpu": "2", "memory": "128Mi"}),
        good=sized(SMALL),
        said='pods "web" is forbidden: exceeded quota: quota, requested: requests.cpu=2, '
        "used: requests.cpu=0, limited: requests.cpu=1",
    ),
    Refused(
        rule="a pod says what its namespace's quota counts",
        before=(namespace(), quota(**{"requests.cpu": "1", "limits.memory": "1Gi"})),
        bad=sized({"cpu": "100m"}),
        good=sized({"cpu": "100m"}, {"memory": "128Mi"}),
        said='pods "web" is forbidden: failed quota: quota: must specify limits.memory for: main',
    ),
    Refused(
        rule="a namespace's claims and services keep to its quota",
        before=(namespace(), quota(**{"requests.storage": "10Gi"}), STORAGE),
        bad=claim("11Gi", "waiting"),
        good=claim("10Gi", "waiting"),
        said='persistentvolumeclaims "data" is forbidden: exceeded quota: quota, requested: '
        "requests.storage=11Gi, used: requests.storage=0, limited: requests.storage=10Gi",
    ),
    Refused(
        rule="a namespace's claims and services keep to its quota",
        before=(namespace(), quota(**{"services.loadbalancers": "0"})),
        bad=service("LoadBalancer"),
        good=service("ClusterIP"),
        said='services "web" is forbidden: exceeded quota: quota, requested: '
        "services.loadbalancers=1, used: services.loadbalancers=0, "
        "limited: services.loadbalancers=0",
    ),
)  # fmt: skip
