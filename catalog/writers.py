"""The Deployments that write to PostgreSQL: one list for whoever deploys, scales or fences them.

Beside a database that only replicates they have no pods; a failover scales them up, and the lease
agent scales them to zero where its region is closed. Grafana is none of them: it is what an
operator looks at meanwhile, and runs without its database there.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True, order=True)
class Writer:
    """A Deployment. `pods` is how many it has where no stack file says it."""

    namespace: str
    name: str
    pods: int | None = None

    def __str__(self) -> str:
        return f"{self.namespace}/{self.name}"


MLFLOW = Writer(namespace="mlops-platform", name="mlflow")
FEAST = Writer(namespace="mlops-platform", name="feast-feature-server")
ARGO_CONTROLLER = Writer(namespace="argo", name="argo-workflows-workflow-controller", pods=2)
ARGO_SERVER = Writer(namespace="argo", name="argo-workflows-server", pods=2)

WRITERS = (MLFLOW, FEAST, ARGO_CONTROLLER, ARGO_SERVER)
