"""A simulated cluster as its controllers see it, and what every controller is."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Protocol

from rehearsal.providers.aws.clients import Clients
from rehearsal.providers.kubernetes.objects import Key, Object, Objects
from rehearsal.providers.kubernetes.releases import KIND as RELEASE


class Controller(Protocol):
    """Makes in AWS what objects ask for, and removes what none asks for any more."""

    name: str
    """Of the release or the add-on that it comes with."""
    is_addon: bool
    of_releases: bool
    """Whether a release may bring what it watches."""
    watches: frozenset[str]
    """Kinds that concern it."""

    def finalizer(self, body: Mapping[str, Any]) -> str | None:
        """What only it takes away from the object when that is deleted."""
        ...

    def settle(self, cluster: Cluster, aws: Clients) -> None:
        """Make what is missing and remove what nobody asks for; does nothing when run again."""
        ...


@dataclass(frozen=True, kw_only=True)
class Cluster:
    """One cluster: `stored` is what its objects are kept under."""

    name: str
    stored: str
    objects: Objects
    addons: frozenset[str]
    vpc_id: str

    def of_kind(self, kind: str) -> list[Object]:
        """Its objects of a kind."""
        return list(self.objects.of_kind(self.stored, kind))

    def release(self, name: str) -> Object | None:
        """The inputs of a release that is installed."""
        return next((one for one in self.of_kind(RELEASE) if one["name"] == name), None)

    def runs(self, controller: Controller) -> bool:
        """Whether the controller is there to act."""
        if controller.is_addon:
            return controller.name in self.addons
        return self.release(controller.name) is not None

    def put(self, body: Object) -> None:
        """Keep an object that a controller makes."""
        self.objects.put(self._key(body), body)

    def drop(self, body: Object) -> None:
        """Forget an object that a controller made."""
        self.objects.delete(self._key(body))

    def _key(self, body: Object) -> Key:
        metadata = body["metadata"]
        namespace = metadata.get("namespace", "")
        return Key(self.stored, body["apiVersion"], body["kind"], namespace, metadata["name"])


def private_subnets(cluster: Cluster, ec2: Any) -> list[str]:
    """Subnets that are marked for the inside of this VPC."""
    return _subnets(cluster, ec2, "kubernetes.io/role/internal-elb")


def public_subnets(cluster: Cluster, ec2: Any) -> list[str]:
    """Subnets that are marked for entrances."""
    return _subnets(cluster, ec2, "kubernetes.io/role/elb")


def _subnets(cluster: Cluster, ec2: Any, tag: str) -> list[str]:
    filters = [
        {"Name": "vpc-id", "Values": [cluster.vpc_id]},
        {"Name": "tag-key", "Values": [tag]},
    ]
    found = ec2.describe_subnets(Filters=filters)["Subnets"]
    return sorted(one["SubnetId"] for one in found)
