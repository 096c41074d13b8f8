"""What Kubernetes refuses of objects and their pods: a row a rule, with its documentation.

The rules themselves stand where they are applied; a test makes each row refuse something.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from rehearsal.providers.kubernetes.pods.security import CONTROLS

DOCS = "https://kubernetes.io/docs/"
WORKLOADS = ("Pod", "Deployment", "StatefulSet", "DaemonSet", "Job")


@dataclass(frozen=True, kw_only=True)
class Refusal:
    """`name` says what holds in Kubernetes, `code` is the reason that it gives."""

    name: str
    code: str
    url: str
    operations: tuple[str, ...] = WORKLOADS
    """Kinds that are refused, or never become ready."""
    service: str = "kubernetes"


def _controls() -> Iterator[Refusal]:
    for control in CONTROLS:
        yield Refusal(
            name=f"Pod Security, {control.level}: {control.name}",
            code="Forbidden",
            url=control.url,
        )


RULES: tuple[Refusal, ...] = (
    *_controls(),
    Refusal(
        name="a pod's service account exists",
        code="Forbidden",
        url=f"{DOCS}reference/access-authn-authz/admission-controllers/#serviceaccount",
    ),
    Refusal(
        name="a pod's priority class exists",
        code="Forbidden",
        url=f"{DOCS}reference/access-authn-authz/admission-controllers/#priority",
    ),
    Refusal(
        name="a pod's runtime class exists",
        code="Forbidden",
        url=f"{DOCS}reference/access-authn-authz/admission-controllers/#runtimeclass",
    ),
    Refusal(
        name="a container keeps to its namespace's limit range",
        code="Forbidden",
        url=f"{DOCS}concepts/policy/limit-range/",
    ),
    Refusal(
        name="a namespace's pods keep to its quota",
        code="Forbidden",
        url=f"{DOCS}concepts/policy/resource-quotas/#compute-resource-quota",
    ),
    Refusal(
        name="a pod says what its namespace's quota counts",
        code="Forbidden",
        url=f"{DOCS}concepts/policy/resource-quotas/#requests-vs-limits",
    ),
    Refusal(
        name="a namespace's claims and services keep to its quota",
        code="Forbidden",
        url=f"{DOCS}concepts/policy/resource-quotas/#storage-resource-quota",
        operations=("PersistentVolumeClaim", "Service", "ConfigMap", "Secret"),
    ),
    Refusal(
        name="an object keeps to the admission policies that are bound",
        code="Invalid",
        url=f"{DOCS}reference/access-authn-authz/validating-admission-policy/",
        operations=(*WORKLOADS, "any other"),
    ),
    Refusal(
        name="a secret or configuration that a pod needs is there, with its key",
        code="CreateContainerConfigError",
        url=f"{DOCS}concepts/configuration/secret/#restriction-secret-must-exist",
    ),
    Refusal(
        name="a secret or configuration that a pod mounts is there",
        code="FailedMount",
        url=f"{DOCS}concepts/configuration/secret/#restriction-secret-must-exist",
    ),
    Refusal(
        name="an image of the account's own registry is there",
        code="ImagePullBackOff",
        url=f"{DOCS}concepts/containers/images/#imagepullbackoff",
    ),
    Refusal(
        name="an external secret has its store and a value in the account",
        code="CreateContainerConfigError",
        url="https://external-secrets.io/latest/api/externalsecret/",
    ),
    Refusal(
        name="a claim that a pod mounts is there",
        code="Unschedulable",
        url=f"{DOCS}concepts/storage/persistent-volumes/#claims-as-volumes",
    ),
    Refusal(
        name="a claim's storage class exists and its driver runs",
        code="ProvisioningFailed",
        url=f"{DOCS}concepts/storage/persistent-volumes/#dynamic",
        operations=("PersistentVolumeClaim", *WORKLOADS),
    ),
    Refusal(
        name="some node group or node pool can hold a pod",
        code="Unschedulable",
        url=f"{DOCS}concepts/scheduling-eviction/assign-pod-node/",
    ),
    Refusal(
        name="what a job asks the API server for is answered",
        code="BackoffLimitExceeded",
        url=f"{DOCS}concepts/workloads/controllers/job/#pod-backoff-failure-policy",
        operations=("Job",),
    ),
    Refusal(
        name="the account of a job may do what the job asks for",
        code="BackoffLimitExceeded",
        url=f"{DOCS}reference/access-authn-authz/rbac/",
        operations=("Job",),
    ),
)
"""Every rule, in the order of the page of refusals."""
