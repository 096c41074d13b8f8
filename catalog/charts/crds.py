"""What a custom resource may say: the schemas of the CRDs that the charts install.

Derived from the charts by `make charts`. Whatever is no plain value (an output that is not
known yet) fits everywhere.
"""

from __future__ import annotations

import gzip
import json
import re
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import Any, cast

from jsonschema import Draft7Validator, validators

SCHEMAS = Path(__file__).parent / "data" / "crds"

BUILT_IN = frozenset(
    {"", "apps", "batch", "autoscaling", "policy", "rbac.authorization.k8s.io",
     "networking.k8s.io", "storage.k8s.io", "scheduling.k8s.io", "admissionregistration.k8s.io",
     "apiextensions.k8s.io", "coordination.k8s.io", "apiregistration.k8s.io", "node.k8s.io"}
)  # fmt: skip
"""API groups of Kubernetes itself."""

NAME = re.compile(r"^[a-z0-9]([a-z0-9.-]{0,251}[a-z0-9])?$")
_PLAIN = (str, int, float, bool, type(None))


def schema_file(group: str, kind: str, version: str) -> Path:
    """Where the schema of a kind's version is kept."""
    return SCHEMAS / f"{group}_{kind.lower()}_{version}.json.gz"


def wrong_object(manifest: Mapping[str, Any]) -> Iterator[str]:
    """What its CRD does not take of `manifest`; nothing for kinds of Kubernetes itself."""
    group, _, version = str(manifest["apiVersion"]).rpartition("/")
    kind, name = str(manifest["kind"]), manifest["metadata"].get("name")
    if isinstance(name, str) and not NAME.match(name):
        yield f"metadata.name: expected lower-case letters, digits, hyphens and dots, not {name!r}"
    if group in BUILT_IN:
        return
    if not schema_file(group, kind, version).exists():
        yield f"{kind}: no chart of the catalogue installs this kind in {group}/{version}"
        return
    for error in _validator(group, kind, version).iter_errors(_known(manifest)):
        path = ".".join(map(str, error.absolute_path)) or "(object)"
        yield f"{path}: {error.message[:300]}"


@cache
def schema(group: str, kind: str, version: str) -> Mapping[str, Any]:
    """The JSON schema of a kind. Raises FileNotFoundError where there is none."""
    return json.loads(gzip.decompress(schema_file(group, kind, version).read_bytes()))


@cache
def _validator(group: str, kind: str, version: str) -> Any:
    known = schema(group, kind, version)
    return _Lenient(known)


class Unknown:
    """Stands for a value that is not known yet."""


def _known(value: Any) -> Any:
    """`value` with every leaf that is not plain marked as unknown."""
    if isinstance(value, Mapping):
        return {k: _known(v) for k, v in cast("Mapping[str, Any]", value).items()}
    if isinstance(value, list | tuple):
        return [_known(one) for one in cast("list[Any]", value)]
    return value if isinstance(value, _PLAIN) else Unknown()


def _unless_unknown(keyword: str) -> Any:
    """The keyword's own check, but for values that are not known yet."""
    judge: Any = Draft7Validator.VALIDATORS[keyword]

    def check(validator: Any, rule: Any, instance: Any, schema: Any) -> Iterator[Any]:
        if not isinstance(instance, Unknown):
            yield from judge(validator, rule, instance, schema) or ()

    return check


_extend: Any = validators.extend  # pyright: ignore[reportUnknownMemberType, reportUnknownVariableType]
_Lenient: Any = _extend(
    Draft7Validator,
    {keyword: _unless_unknown(keyword) for keyword in ("type", "enum", "const")},
)
