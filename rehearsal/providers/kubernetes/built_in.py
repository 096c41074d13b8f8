"""Schemas of Kubernetes' own kinds, strict, by version: each file read once.

The definitions that they all refer to are megabytes of JSON; kubernetes-validate, whose files
these are, reads them anew for every object.
"""

from __future__ import annotations

import re
from functools import cache
from typing import Any

import jsonschema
from kubernetes_validate import SchemaNotFoundError  # pyright: ignore[reportMissingTypeStubs]
from kubernetes_validate.utils import (  # pyright: ignore[reportMissingTypeStubs]
    all_versions,
    schema_contents,
)
from referencing import Registry, Resource


def validator(version: str, api_version: str, kind: str) -> Any:
    """The validator of a kind in the cluster's version, for example `1.35`.

    Raises SchemaNotFoundError where that version does not have the kind.
    """
    group_version = re.sub(r"^([^./]*)(?:\.[^/]*)?/", r"\1-", api_version)
    found = _validator(_folder(version), f"{kind.lower()}-{group_version}")
    if found is None:
        raise SchemaNotFoundError(kind=kind, version=version, api_version=api_version)
    return found


@cache
def _validator(folder: str, name: str) -> Any:
    try:
        schema = schema_contents(f"{folder}/{name}.json", folder)
    except FileNotFoundError:
        return None
    own: Resource[Any] = Resource.from_contents(schema)
    return jsonschema.Draft202012Validator(schema, registry=own @ _definitions(folder))


@cache
def _definitions(folder: str) -> Registry[Any]:
    shared: Resource[Any] = Resource.from_contents(
        schema_contents(f"{folder}/_definitions.json", folder)
    )
    empty: Registry[Any] = Registry()
    return shared @ empty


@cache
def _folder(version: str) -> str:
    """That of the newest version which is not newer than the cluster's."""
    known = [one for one in all_versions() if _minor(one) <= _minor(version)]
    return f"kubernetes-json-schema/v{known[-1]}-local-strict"


def _minor(version: str) -> tuple[int, ...]:
    return tuple(int(part) for part in version.split(".")[:2])
