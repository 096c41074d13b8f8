"""What the API server would say of an object: its schema, or that there is no such kind.

Built-in kinds are held to the OpenAPI schemas of the cluster's version, custom resources to
the schema of the CustomResourceDefinition that was installed before them.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import jsonschema
from kubernetes_validate import SchemaNotFoundError  # pyright: ignore[reportMissingTypeStubs]

from catalog.charts.crds import wrong_object
from rehearsal.providers.kubernetes.built_in import validator
from rehearsal.providers.kubernetes.objects import Object
from rehearsal.providers.plugin import PluginError


def validate(body: Object, version: str, definitions: Iterable[Object]) -> None:
    """Hold `body` to its schema, strictly: unknown fields are refused.

    `version` is the cluster's, for example `1.35`. Raises PluginError naming the path.
    """
    custom = _definition(body, definitions)
    if custom:
        _validate_custom(body, custom)
        return
    if custom is not None:
        _validate_by_catalogue(body)
        return
    try:
        validator(version, body["apiVersion"], body["kind"]).validate(body)
    except jsonschema.ValidationError as error:
        raise PluginError(f"{_named(body)}: {_path(error.path)}: {error.message}") from error
    except SchemaNotFoundError as error:
        raise PluginError(
            f'no matches for kind "{body["kind"]}" in version "{body["apiVersion"]}": Kubernetes '
            f"{version} does not have it; install its CustomResourceDefinition first"
        ) from error


def _definition(body: Object, definitions: Iterable[Object]) -> dict[str, Any] | None:
    """The schema of a custom resource's version, when its definition is installed."""
    group, _, version = body["apiVersion"].rpartition("/")
    for definition in definitions:
        spec = definition["spec"]
        if spec["group"] == group and spec["names"]["kind"] == body["kind"]:
            for one in spec["versions"]:
                if one["name"] == version and one.get("served", True):
                    return one.get("schema", {}).get("openAPIV3Schema", {})
    return None


def _validate_by_catalogue(body: Object) -> None:
    """A chart's own definitions come without schemas here: the catalogue has them."""
    for problem in wrong_object(body):
        raise PluginError(f"{_named(body)}: {problem}")


def _validate_custom(body: Object, schema: dict[str, Any]) -> None:
    closed = _closed(schema)
    for key in ("apiVersion", "kind", "metadata"):
        closed.setdefault("properties", {})[key] = {}
    validator: Any = jsonschema.Draft4Validator(closed)
    for error in validator.iter_errors(body):
        raise PluginError(f"{_named(body)}: {_path(error.absolute_path)}: {error.message}")


def _closed(schema: dict[str, Any]) -> dict[str, Any]:
    """The schema with unknown fields refused, as strict field validation does."""
    made = dict(schema)
    if "properties" in schema:
        made["properties"] = {key: _closed(part) for key, part in schema["properties"].items()}
        if not schema.get("x-kubernetes-preserve-unknown-fields"):
            made.setdefault("additionalProperties", False)
    if isinstance(schema.get("items"), dict):
        made["items"] = _closed(schema["items"])
    if isinstance(schema.get("additionalProperties"), dict):
        made["additionalProperties"] = _closed(schema["additionalProperties"])
    if schema.get("x-kubernetes-int-or-string"):
        made.pop("type", None)
    return made


def _named(body: Object) -> str:
    return f"{body['kind']} {body.get('metadata', {}).get('name', '?')}"


def _path(parts: Iterable[Any]) -> str:
    return ".".join(str(part) for part in parts) or "(object)"
