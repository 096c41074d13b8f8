"""The cluster over Kubernetes' own client, with the agent's service account."""

from __future__ import annotations

from collections.abc import Generator
from contextlib import contextmanager
from typing import cast

from kubernetes.client import ApiClient, ApiException, AppsV1Api, CoreV1Api, V1ConfigMap, V1Scale
from urllib3.exceptions import HTTPError

from lease.protocol import Milliseconds
from lease.writers import ClusterError, Deployment

NOT_FOUND = 404


class KubernetesCluster:
    """`writers.Cluster`; the ConfigMap `memory` is `namespace/name`, and has to be there."""

    def __init__(self, client: ApiClient, memory: str, timeout: Milliseconds) -> None:
        self._apps = AppsV1Api(client)
        self._core = CoreV1Api(client)
        self._namespace, _, self._name = memory.partition("/")
        self._seconds = timeout / 1_000

    def replicas(self, deployment: Deployment) -> int | None:
        with _typed(f"scale of {deployment.key}", missing_is_fine=True):
            scale: V1Scale = self._apps.read_namespaced_deployment_scale(
                deployment.name, deployment.namespace, _request_timeout=self._seconds
            )
            return (scale.spec and scale.spec.replicas) or 0
        return None

    def scale(self, deployment: Deployment, replicas: int) -> None:
        with _typed(f"scale of {deployment.key}"):
            self._apps.patch_namespaced_deployment_scale(
                deployment.name,
                deployment.namespace,
                {"spec": {"replicas": replicas}},
                _request_timeout=self._seconds,
            )

    def remembered(self) -> dict[str, int]:
        with _typed(f"ConfigMap {self._namespace}/{self._name}"):
            kept: V1ConfigMap = self._core.read_namespaced_config_map(
                self._name, self._namespace, _request_timeout=self._seconds
            )
        return {key: int(value) for key, value in (kept.data or {}).items() if value.isdecimal()}

    def remember(self, changes: dict[str, int | None]) -> None:
        data = {key: None if count is None else str(count) for key, count in changes.items()}
        with _typed(f"ConfigMap {self._namespace}/{self._name}"):
            self._core.patch_namespaced_config_map(
                self._name, self._namespace, {"data": data}, _request_timeout=self._seconds
            )


@contextmanager
def _typed(what: str, *, missing_is_fine: bool = False) -> Generator[None]:
    try:
        yield
    except ApiException as error:
        # The client's exceptions are not typed.
        status, reason = cast("tuple[int, str]", (error.status, error.reason))  # pyright: ignore[reportUnknownMemberType]
        if missing_is_fine and status == NOT_FOUND:
            return
        raise ClusterError(f"{what}: {status} {reason}") from error
    except (HTTPError, OSError) as error:
        raise ClusterError(f"{what}: {error}") from error
