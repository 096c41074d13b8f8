"""A simulated cluster of which a test knows the secrets and the nodes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from rehearsal.providers.kubernetes.objects import Objects
from rehearsal.providers.kubernetes.place import Described
from rehearsal.providers.kubernetes.pods.account import NodeGroup, OwnImage
from rehearsal.providers.kubernetes.provider import KubernetesProvider
from rehearsal.providers.plugin import HalfMade, PluginError, Subject
from tests.rehearsal.providers.kubernetes.manifests import Manifest
from tests.rehearsal.providers.kubernetes.test_provider import KUBECONFIG


@dataclass
class KnownAccount:
    """An account as a test wants it."""

    secrets: dict[str, str] = field(default_factory=dict[str, str])
    groups: list[NodeGroup] | None = None
    images: list[OwnImage] | None = None
    asked: int = 0
    """How often the node groups were asked for."""

    def secret(self, region: str, name: str) -> str | None:
        return self.secrets.get(f"{region}/{name}")

    def node_groups(self, region: str, cluster: str) -> Sequence[NodeGroup] | None:
        self.asked += 1
        return self.groups

    def has_image(self, image: OwnImage) -> bool | None:
        return image in self.images if self.images is not None else None


class Judged:
    """A cluster of version 1.35 to which a test adds objects."""

    def __init__(self, folder: Path, addons: frozenset[str] = frozenset()) -> None:
        self.account = KnownAccount()
        self.objects = Objects(folder / "objects")
        self.provider = KubernetesProvider(
            self.objects, lambda region, name: Described("1.35"), lambda region, name: addons,
            account=self.account,
        )  # fmt: skip
        self.provider.configure({"kubeconfig": KUBECONFIG})

    def put(self, *bodies: Manifest) -> None:
        """Create the objects."""
        for body in bodies:
            self.provider.create(_subject(body), body)

    def change(self, body: Manifest) -> None:
        """Update an object to `body`."""
        self.provider.update(_subject(body), body["metadata"]["name"], body, body)

    def delete(self, body: Manifest) -> None:
        """Delete the object."""
        self.provider.delete(_subject(body), body["metadata"]["name"], body)

    def refusal(self, body: Manifest) -> str:
        """What the API server says of `body`, which it refuses."""
        with pytest.raises(PluginError) as refused:
            self.put(body)
        assert not isinstance(refused.value, HalfMade)
        return str(refused.value)

    def wait(self, body: Manifest) -> str:
        """What waiting for `body` ends with: it is kept, and never gets ready."""
        with pytest.raises(HalfMade) as half:
            self.put(body)
        assert half.value.found.id == f"{body['metadata']['namespace']}/{body['metadata']['name']}"
        return str(half.value)


def _subject(body: Manifest) -> Subject:
    return Subject(f"kubernetes:{body['apiVersion']}:{body['kind']}", body["metadata"]["name"])


def group(name: str, *types: str, **more: Any) -> NodeGroup:
    """A managed group of these instance types."""
    known: dict[str, Any] = {"labels": {}, "taints": (), "most": 3, **more}
    return NodeGroup(name=name, instance_types=types, **known)
