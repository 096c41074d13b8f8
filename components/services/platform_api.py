"""The Platform API: deploys models for people who do not write manifests.

`POST /api/v1/models/deploy` makes InferenceServices, so its account may do that in the models'
namespace and nothing else.
"""

from __future__ import annotations

from typing import Any

from components.services.application import NAMESPACE, pods
from components.services.flows import Flow, Pods, to_api, to_aws
from components.services.mlflow_accounts import PLATFORM_API
from components.services.plan import Object

NAME = "platform-api"
PORT = 8000
MODELS = "models"
ENVIRONMENT = {
    "MLFLOW_TRACKING_URI": f"http://mlflow.{NAMESPACE}.svc.cluster.local",
    "FEAST_URL": f"http://feast-feature-server.{NAMESPACE}.svc.cluster.local:6566",
    "MODELS_NAMESPACE": MODELS,
}
CREDENTIALS = {
    "MLFLOW_TRACKING_USERNAME": (PLATFORM_API.secret, "username"),
    "MLFLOW_TRACKING_PASSWORD": (PLATFORM_API.secret, PLATFORM_API.password_key),
}
"""Who it is to MLflow: an account that reads what everyone may read."""


def rights() -> list[Object]:
    """A role in the models' namespace, and its binding to the API's account."""
    metadata = {"name": NAME, "namespace": MODELS}
    role: dict[str, Any] = {
        "apiVersion": "rbac.authorization.k8s.io/v1",
        "kind": "Role",
        "metadata": metadata,
        "rules": [
            {
                "apiGroups": ["serving.kserve.io"],
                "resources": ["inferenceservices"],
                "verbs": ["get", "list", "watch", "create", "update", "patch", "delete"],
            }
        ],
    }
    binding: dict[str, Any] = {
        "apiVersion": "rbac.authorization.k8s.io/v1",
        "kind": "RoleBinding",
        "metadata": metadata,
        "roleRef": {"apiGroup": "rbac.authorization.k8s.io", "kind": "Role", "name": NAME},
        "subjects": [{"kind": "ServiceAccount", "name": NAME, "namespace": NAMESPACE}],
    }
    return [Object(name="role", manifest=role), Object(name="binding", manifest=binding)]


def flows() -> list[Flow]:
    """It asks MLflow and Feast, and calls the API server and AWS."""
    own = pods(NAME)
    named = (("mlflow", 5000), ("feast-feature-server", 6566))
    return [
        to_api(NAME, own),
        *to_aws(NAME, own),
        *(
            Flow(
                name=f"{NAME}-to-{target}",
                source=own,
                target=Pods(namespace=NAMESPACE, labels={"app.kubernetes.io/name": target}),
                ports=(port,),
            )
            for target, port in named
        ),
    ]
