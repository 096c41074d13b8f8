"""Kubernetes manifests as what rules judge: rendered charts, or what a team applies by hand."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any, cast

import yaml

from policies.properties import Properties
from policies.stack_settings import StackSettings
from policies.subject import Subject


class ManifestError(ValueError):
    """A folder without manifests, or a file that is none; says which and what was expected."""


def manifests(folder: Path, settings: StackSettings) -> list[Subject]:
    """Every object in the YAML files below `folder`. Raises ManifestError."""
    files = sorted(path for path in folder.rglob("*") if path.suffix in (".yaml", ".yml"))
    if not files:
        raise ManifestError(f"{folder}: no .yaml file below it, expected Kubernetes manifests")
    return [one for path in files for one in _subjects(path, folder, settings)]


def _subjects(path: Path, folder: Path, settings: StackSettings) -> Iterator[Subject]:
    shown = path.relative_to(folder)
    try:
        documents = list(yaml.safe_load_all(path.read_text(encoding="utf-8")))
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        raise ManifestError(f"{shown}: not YAML: {' '.join(str(error).split())}") from None
    for index, document in enumerate(documents):
        if document is not None:
            yield from _objects(document, f"{shown}[{index}]", settings)


def _objects(document: object, where: str, settings: StackSettings) -> Iterator[Subject]:
    if not isinstance(document, dict) or not {"apiVersion", "kind"} <= document.keys():
        raise ManifestError(f"{where}: no apiVersion and kind, expected a Kubernetes object")
    known = cast("dict[str, Any]", document)
    if str(known["kind"]).endswith("List") and isinstance(known.get("items"), list):
        for index, item in enumerate(cast("list[object]", known["items"])):
            yield from _objects(item, f"{where}.items[{index}]", settings)
        return
    yield _subject(known, where, settings)


def _subject(known: dict[str, Any], where: str, settings: StackSettings) -> Subject:
    version, kind = str(known["apiVersion"]), str(known["kind"])
    token = f"kubernetes:{version if '/' in version else f'core/{version}'}:{kind}"
    metadata = known.get("metadata")
    named = cast("dict[str, Any]", metadata) if isinstance(metadata, dict) else {}
    name = f"{named.get('namespace') or 'default'}/{named.get('name') or where}"
    return Subject(
        urn=f"{where}::{token}::{name}",
        type=token,
        name=name,
        properties=Properties(known),
        settings=settings,
    )
