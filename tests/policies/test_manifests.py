"""Manifests are judged like what the engine sends: by type, name and properties."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from policies.manifests import ManifestError, manifests
from policies.subject import Subject
from tests.policies.scene import settings_of

SETTINGS = settings_of("primary")
POD = "apiVersion: v1\nkind: Pod\nmetadata: {name: web, namespace: shop}\nspec: {hostPID: true}\n"


def _read(folder: Path, text: str, file: str = "a.yaml") -> list[Subject]:
    target = folder / file
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_text(text, encoding="utf-8")
    return manifests(folder, SETTINGS)


def test_an_object_is_named_by_its_namespace_and_where_it_stands(tmp_path: Path) -> None:
    (one,) = _read(tmp_path, POD, "shop/web.yaml")
    assert (one.name, one.type) == ("shop/web", "kubernetes:core/v1:Pod")
    assert one.urn == "shop/web.yaml[0]::kubernetes:core/v1:Pod::shop/web"
    assert one.properties.flag("spec.hostPID") is True
    assert one.settings is SETTINGS


@pytest.mark.parametrize(
    ("version", "kind", "type_"),
    [
        ("v1", "Namespace", "kubernetes:core/v1:Namespace"),
        ("apps/v1", "Deployment", "kubernetes:apps/v1:Deployment"),
        ("karpenter.sh/v1", "NodePool", "kubernetes:karpenter.sh/v1:NodePool"),
    ],
)
def test_a_type_is_what_the_kubernetes_provider_calls_it(
    tmp_path: Path, version: str, kind: str, type_: str
) -> None:
    (one,) = _read(tmp_path, f"apiVersion: {version}\nkind: {kind}\nmetadata: {{name: a}}\n")
    assert one.type == type_
    assert one.name == "default/a"


@pytest.mark.parametrize("metadata", ["", "metadata: {}", "metadata: text", "metadata: {name: }"])
def test_what_has_no_name_is_named_by_its_place(tmp_path: Path, metadata: str) -> None:
    (one,) = _read(tmp_path, f"apiVersion: v1\nkind: Pod\n{metadata}\n")
    assert one.name == "default/a.yaml[0]"


def test_every_document_of_every_file_is_read_in_the_order_of_paths(tmp_path: Path) -> None:
    for file in ("c.yaml", "a/b.yml"):
        _read(tmp_path, f"---\n{POD}---\n---\n{POD}", file)
    (tmp_path / "README.md").write_text("no manifest")
    places = [one.urn.partition("::")[0] for one in manifests(tmp_path, SETTINGS)]
    assert places == ["a/b.yml[0]", "a/b.yml[2]", "c.yaml[0]", "c.yaml[2]"]


def test_lists_are_opened_and_each_item_has_its_place(tmp_path: Path) -> None:
    pod = "{apiVersion: v1, kind: Pod}"
    inner = f"{{apiVersion: v1, kind: PodList, items: [{pod}]}}"
    found = _read(tmp_path, f"apiVersion: v1\nkind: List\nitems: [{pod}, {inner}]\n")
    assert [one.name for one in found] == [
        "default/a.yaml[0].items[0]", "default/a.yaml[0].items[1].items[0]",
    ]  # fmt: skip


@pytest.mark.parametrize(
    "text",
    ["apiVersion: v1\nkind: AccessList\n", "apiVersion: v1\nkind: Menu\nitems: [{a: 1}]\n"],
)
def test_what_only_looks_like_a_list_is_one_object(tmp_path: Path, text: str) -> None:
    (one,) = _read(tmp_path, text)
    assert one.name == "default/a.yaml[0]"


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("a: [", "a.yaml: not YAML: while parsing a flow node"),
        ("a: !unsafe 1", "a.yaml: not YAML: could not determine a constructor"),
        ("text", "a.yaml[0]: no apiVersion and kind, expected a Kubernetes object"),
        (f"{POD}---\nkind: Pod\n", "a.yaml[1]: no apiVersion and kind"),
        (f"{POD}---\napiVersion: v1\n", "a.yaml[1]: no apiVersion and kind"),
        ("{apiVersion: v1, kind: List, items: [1]}", "a.yaml[0].items[0]: no apiVersion and kind"),
    ],
)
def test_what_is_no_manifest_is_told_with_its_place(tmp_path: Path, text: str, told: str) -> None:
    with pytest.raises(ManifestError, match=f"^{re.escape(told)}"):
        _read(tmp_path, text)


def test_a_file_in_another_encoding_is_refused_and_utf_8_is_read(tmp_path: Path) -> None:
    (one,) = _read(tmp_path, "apiVersion: v1\nkind: Pod\nmetadata: {name: café}\n")
    assert one.name == "default/café"
    (tmp_path / "b.yaml").write_bytes("name: café".encode("latin-1"))
    with pytest.raises(ManifestError, match=r"^b\.yaml: not YAML: 'utf-8' codec"):
        manifests(tmp_path, SETTINGS)


def test_a_folder_without_manifests_is_named(tmp_path: Path) -> None:
    with pytest.raises(ManifestError, match=f"^{re.escape(str(tmp_path))}: no .yaml file below"):
        manifests(tmp_path, SETTINGS)
