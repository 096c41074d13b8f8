"""The simulated Kubernetes takes what the API server takes and refuses what it refuses."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from rehearsal.providers.kubernetes.objects import Objects
from rehearsal.providers.kubernetes.place import Described
from rehearsal.providers.kubernetes.provider import KubernetesProvider
from rehearsal.providers.plugin import Found, PluginError, Subject

KUBECONFIG = {
    "users": [
        {
            "user": {
                "exec": {
                    "args": ["--region", "us-east-1", "eks", "get-token", "--cluster-name", "c"]
                }
            }
        }
    ]
}
_STORAGE_CLASS = {
    "apiVersion": "storage.k8s.io/v1",
    "kind": "StorageClass",
    "metadata": {"name": "gp3"},
    "provisioner": "ebs.csi.aws.com",
}
_NAMESPACE = {"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": "models"}}
_CONFIG_MAP = {
    "apiVersion": "v1",
    "kind": "ConfigMap",
    "metadata": {"name": "settings", "namespace": "models"},
    "data": {"key": "value"},
}
_DEFINITION = {
    "apiVersion": "apiextensions.k8s.io/v1",
    "kind": "CustomResourceDefinition",
    "metadata": {"name": "widgets.example.org"},
    "spec": {
        "group": "example.org",
        "scope": "Namespaced",
        "names": {"kind": "Widget", "plural": "widgets"},
        "versions": [
            {
                "name": "v1",
                "served": True,
                "storage": True,
                "schema": {
                    "openAPIV3Schema": {
                        "type": "object",
                        "properties": {
                            "spec": {"type": "object", "properties": {"size": {"type": "integer"}}}
                        },
                    }
                },
            }
        ],
    },
}


@pytest.fixture
def provider(tmp_path: Path) -> KubernetesProvider:
    """Configured for a cluster of version 1.35."""
    made = KubernetesProvider(
        Objects(tmp_path / "objects.db"), lambda region, name: Described("1.35")
    )
    made.configure({"kubeconfig": json.dumps(KUBECONFIG)})
    return made


def _create(provider: KubernetesProvider, body: dict[str, Any]) -> Found:
    return provider.create(_subject(body), body)


def _subject(body: dict[str, Any]) -> Subject:
    return Subject(
        f"kubernetes:{body['apiVersion']}:{body['kind']}", "name", seed=b"\x01\x02\x03\x04"
    )


def _widget(spec: dict[str, Any]) -> dict[str, Any]:
    return {
        "apiVersion": "example.org/v1",
        "kind": "Widget",
        "metadata": {"name": "w", "namespace": "default"},
        "spec": spec,
    }


def test_an_object_is_there_after_it_was_created_and_gone_after_it_was_deleted(
    provider: KubernetesProvider,
) -> None:
    made = _create(provider, _STORAGE_CLASS)
    assert made.id == "gp3"
    assert provider.read(_subject(_STORAGE_CLASS), made.id, _STORAGE_CLASS) is not None
    provider.delete(_subject(_STORAGE_CLASS), made.id, _STORAGE_CLASS)
    assert provider.read(_subject(_STORAGE_CLASS), made.id, _STORAGE_CLASS) is None


def test_an_unknown_field_is_refused_by_name(provider: KubernetesProvider) -> None:
    with pytest.raises(PluginError, match="provisionr"):
        _create(provider, {**_STORAGE_CLASS, "provisionr": "x"})


def test_a_value_of_the_wrong_type_is_refused_with_its_path(provider: KubernetesProvider) -> None:
    with pytest.raises(PluginError, match=r"parameters\.encrypted"):
        _create(provider, {**_STORAGE_CLASS, "parameters": {"encrypted": True}})


def test_an_object_that_exists_is_not_created_again(provider: KubernetesProvider) -> None:
    _create(provider, _STORAGE_CLASS)
    with pytest.raises(PluginError, match='storageclass "gp3" already exists'):
        _create(provider, _STORAGE_CLASS)


def test_an_object_needs_its_namespace(provider: KubernetesProvider) -> None:
    with pytest.raises(PluginError, match='namespaces "models" not found'):
        _create(provider, _CONFIG_MAP)
    _create(provider, _NAMESPACE)
    assert _create(provider, _CONFIG_MAP).id == "models/settings"


def test_deleting_a_namespace_takes_its_objects_along(provider: KubernetesProvider) -> None:
    for body in (_NAMESPACE, _CONFIG_MAP):
        _create(provider, body)
    provider.delete(_subject(_NAMESPACE), "models", _NAMESPACE)
    assert provider.read(_subject(_CONFIG_MAP), "models/settings", _CONFIG_MAP) is None


def test_a_custom_resource_needs_its_definition_first(provider: KubernetesProvider) -> None:
    with pytest.raises(PluginError, match='no matches for kind "Widget"'):
        _create(provider, _widget({"size": 1}))
    _create(provider, _DEFINITION)
    assert _create(provider, _widget({"size": 1})).id == "default/w"


def test_a_custom_resource_is_held_to_its_schema(provider: KubernetesProvider) -> None:
    _create(provider, _DEFINITION)
    with pytest.raises(PluginError, match=r"spec\.size"):
        _create(provider, _widget({"size": "large"}))
    with pytest.raises(PluginError, match="colour"):
        _create(provider, _widget({"colour": "red"}))


def test_an_immutable_field_asks_for_a_replacement(provider: KubernetesProvider) -> None:
    changes = provider.diff(
        _subject(_STORAGE_CLASS), _STORAGE_CLASS, {**_STORAGE_CLASS, "provisioner": "other"}
    )
    assert changes.replaces == ["provisioner"]
    assert changes.delete_before_replace


def test_a_name_is_generated_once_and_then_kept(provider: KubernetesProvider) -> None:
    unnamed = {**_STORAGE_CLASS, "metadata": {}}
    first = provider.check(_subject(unnamed), unnamed, {}).inputs
    assert first["metadata"]["name"] == "name-01020304"
    again = provider.check(Subject("t", "name", seed=b"\xff" * 4), unnamed, first).inputs
    assert again["metadata"]["name"] == "name-01020304"


def test_a_kubeconfig_without_a_cluster_name_is_refused(tmp_path: Path) -> None:
    provider = KubernetesProvider(
        Objects(tmp_path / "o.db"), lambda region, name: Described("1.35")
    )
    bad = {"users": [{"user": {"exec": {"args": ["--region", "us-east-1"]}}}]}
    with pytest.raises(PluginError, match="--cluster-name"):
        provider.configure({"kubeconfig": json.dumps(bad)})


def test_a_cluster_made_again_under_its_name_begins_empty(tmp_path: Path) -> None:
    made = ["first"]
    provider = KubernetesProvider(
        Objects(tmp_path / "objects.db"),
        lambda region, name: Described("1.35", made[-1]),
    )
    provider.configure({"kubeconfig": json.dumps(KUBECONFIG)})
    found = _create(provider, _STORAGE_CLASS)
    made.append("second")
    assert provider.read(_subject(_STORAGE_CLASS), found.id, _STORAGE_CLASS) is None
    assert _create(provider, _STORAGE_CLASS).id == found.id


def _no_cluster(region: str, name: str) -> Described:
    raise PluginError(f"cannot reach cluster {name} in {region}")


def test_objects_of_a_lost_cluster_are_deleted_only_where_that_is_asked_for(
    tmp_path: Path,
) -> None:
    for asked in ("true", "false"):
        provider = KubernetesProvider(Objects(tmp_path / asked), _no_cluster)
        provider.configure({"kubeconfig": json.dumps(KUBECONFIG), "deleteUnreachable": asked})
        if asked == "true":
            provider.delete(_subject(_STORAGE_CLASS), "gp3", _STORAGE_CLASS)
        else:
            with pytest.raises(PluginError, match="cannot reach cluster"):
                provider.delete(_subject(_STORAGE_CLASS), "gp3", _STORAGE_CLASS)
