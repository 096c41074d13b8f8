"""An object that does not wait for what it needs is told of, however the run went."""

from __future__ import annotations

from typing import Any

import pytest

from rehearsal.providers.kubernetes.releases import TYPE as RELEASE
from rehearsal.scenario.order import ADDON, ASSOCIATION, NAME, in_order


def _resource(name: str, kind: str, inputs: dict[str, Any], *needs: str) -> dict[str, Any]:
    return {
        "urn": _urn(name),
        "type": kind,
        "custom": True,
        "inputs": inputs,
        "dependencies": [_urn(need) for need in needs],
    }


def _urn(name: str) -> str:
    return f"urn:pulumi:s::p::t::{name}"


def _release(name: str, *needs: str, namespace: str = "kube-system") -> dict[str, Any]:
    return _resource(name, RELEASE, {"name": name, "namespace": namespace}, *needs)


def _object(name: str, api_version: str, *needs: str, **more: Any) -> dict[str, Any]:
    kind = f"kubernetes:{api_version}:Thing"
    return _resource(name, kind, {"apiVersion": api_version, "kind": "Thing", **more}, *needs)


def _association(account: str, namespace: str = "kube-system") -> dict[str, Any]:
    inputs = {"namespace": namespace, "serviceAccount": account}
    return _resource("identity", ASSOCIATION, inputs)


def _account(name: str) -> dict[str, Any]:
    inputs = {
        "apiVersion": "v1",
        "kind": "ServiceAccount",
        "metadata": {"name": name, "namespace": "kube-system"},
    }
    return _resource("account", "kubernetes:core/v1:ServiceAccount", inputs)


def _pods(account: str) -> dict[str, Any]:
    return {
        "metadata": {"namespace": "kube-system"},
        "spec": {"template": {"spec": {"serviceAccountName": account}}},
    }


def _judge(*resources: dict[str, Any]) -> Any:
    return in_order({"deployment": {"resources": list(resources)}})


ACCOUNT = "arn:aws:secretsmanager:us-east-1:1:secret"


def _login(*needs: str) -> list[dict[str, Any]]:
    """A value in Secrets Manager, the external secret that brings it, and pods that read it."""
    spec = {"target": {"name": "login"}, "data": [{"remoteRef": {"key": "prod/login"}}]}
    metadata = {"name": "any", "namespace": "kube-system"}
    body = {"apiVersion": "external-secrets.io/v1", "kind": "ExternalSecret",
            "metadata": metadata, "spec": spec}  # fmt: skip
    environment = [{"secretRef": {"name": "login"}}]
    pods = {"spec": {"containers": [{"name": "main", "envFrom": environment}]}}
    web = {"apiVersion": "apps/v1", "kind": "Deployment", "metadata": metadata,
           "spec": {"template": pods}}  # fmt: skip
    value = {"secretId": f"{ACCOUNT}:prod/login-a1b2c3"}
    return [
        _resource("value", "aws:secretsmanager/secretVersion:SecretVersion", value),
        _resource("external", "kubernetes:external-secrets.io/v1:ExternalSecret", body),
        _resource("web", "kubernetes:apps/v1:Deployment", web, *needs),
    ]


def test_pods_wait_for_the_secrets_that_they_name_and_for_their_values() -> None:
    assert _judge(*_login("external", "value")).passed
    assert "web does not wait for value" in _judge(*_login("external")).detail
    assert "web does not wait for external" in _judge(*_login("value")).detail


def test_what_waits_indirectly_is_in_order() -> None:
    found = _judge(
        _association("karpenter"),
        _release("karpenter-crd"),
        _release("karpenter", "identity", "karpenter-crd"),
        _object("class", "karpenter.k8s.aws/v1", "karpenter"),
        _object("pool", "karpenter.sh/v1", "class"),
    )
    assert found.passed
    assert (found.name, found.detail) == (NAME, "3 objects judged")


@pytest.mark.parametrize(
    ("resources", "told"),
    [
        (
            (_release("karpenter-crd"), _object("pool", "karpenter.sh/v1")),
            "pool does not wait for karpenter-crd",
        ),
        (
            (_release("cert-manager"), _object("issuer", "cert-manager.io/v1")),
            "issuer does not wait for cert-manager",
        ),
        (
            (_association("karpenter"), _release("karpenter")),
            "karpenter does not wait for identity",
        ),
        (
            (_association("web"), _object("web", "apps/v1", **_pods("web"))),
            "web does not wait for identity",
        ),
        (
            (_association("team"), _account("team")),
            "account does not wait for identity",
        ),
        (
            (
                _resource("addon", ADDON, {"addonName": "snapshot-controller"}),
                _object("snapshots", "snapshot.storage.k8s.io/v1"),
            ),
            "snapshots does not wait for addon",
        ),
    ],
    ids=[
        "definition",
        "webhook",
        "identity of a release",
        "identity of pods",
        "identity of an account",
        "add-on",
    ],
)
def test_what_does_not_wait_is_named(resources: tuple[dict[str, Any], ...], told: str) -> None:
    found = _judge(*resources)
    assert not found.passed
    assert told in found.detail


def test_an_account_is_judged_by_its_pods_where_the_stack_has_them() -> None:
    pods = _object("web", "apps/v1", "identity", **_pods("web"))
    assert _judge(_association("web"), _account("web"), pods).passed


def test_accounts_without_an_identity_need_none() -> None:
    assert _judge(_object("web", "apps/v1", **_pods("web"))).passed
