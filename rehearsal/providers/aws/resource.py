"""What a resource type is to the simulated provider: four verbs over boto3 and the facts
that decide how a change is made. Each type of the `aws` package is one subclass."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, ClassVar

from rehearsal.providers.aws.clients import Clients
from rehearsal.providers.wire import Props


@dataclass(frozen=True)
class Aws:
    """The account as one resource sees it: clients in the resource's own region."""

    clients: Clients
    region: str
    account_id: str
    default_tags: Mapping[str, str]

    def client(self, service: str, region: str | None = None) -> Any:
        """A boto3 client; `region` only for services that live in one region."""
        return self.clients.get(service, region or self.region)

    def arn(self, service: str, path: str) -> str:
        """ARN of something in this account and region."""
        return f"arn:aws:{service}:{self.region}:{self.account_id}:{path}"


Function = Callable[[Aws, Props], Props]
"""A function of the package (`invoke`): arguments to results."""


@dataclass(frozen=True)
class Created:
    """A new resource of which AWS told something that no later call tells again."""

    id: str
    told_once: Props


class Resource(ABC):
    """One resource type. `create` and `update` carry out, `read` tells what is there.

    Every property that the type honours is named in `inputs`; any other is refused, so
    that no setting is ever accepted and then dropped.
    """

    token: ClassVar[str]
    """Pulumi type token, for example `aws:ec2/subnet:Subnet`."""
    inputs: ClassVar[frozenset[str]]
    """Properties that `create` or `update` honour."""
    required: ClassVar[frozenset[str]] = frozenset()
    replaces: ClassVar[frozenset[str]] = frozenset()
    """Properties that AWS cannot change in place."""
    delete_before_replace: ClassVar[bool] = False
    """True where AWS allows only one at a time (a second one would be refused)."""
    autoname: ClassVar[str | None] = None
    """Property that takes a generated name when the program gives none."""
    write_only: ClassVar[frozenset[str]] = frozenset()
    """Inputs that are sent and never kept: not in the outputs, and a change of one alone is
    no change (a version beside it says when to send it again)."""
    computed_parts: ClassVar[Mapping[str, frozenset[str]]] = {}
    """Parts of an input's nested block that AWS fills in, for example a VPC's ID beside the
    subnets: shown in the outputs, and no drift of the inputs."""
    known_by: ClassVar[frozenset[str]] = frozenset()
    """Inputs that `read` needs beside the ID: such a type cannot be imported by its ID."""
    told_once: ClassVar[frozenset[str]] = frozenset()
    """Outputs that only the creating call knows; carried over from the recorded state."""
    known_by_state: ClassVar[frozenset[str]] = frozenset()
    """Inputs that a refresh takes in though nobody gave them: the official provider compares with
    what it read, and so finds no change where the program asks for what is there."""
    defaults: ClassVar[Mapping[str, Any]] = {}
    """Values that the official provider fills in at check."""

    def forces(self, old: Props, new: Props) -> frozenset[str]:
        """Properties that, between these two values, cannot be changed in place: `replaces`,
        and in a subclass those where it depends on the values."""
        return self.replaces

    @abstractmethod
    def create(self, aws: Aws, props: Props) -> str | Created:
        """Create it; the ID, with the outputs `told_once` if any. Whatever may fail after
        the resource exists belongs into `configure`, so that the engine learns of the
        resource all the same."""

    def configure(self, aws: Aws, id_: str, props: Props) -> None:
        """Settle what the creating call does not take."""

    @abstractmethod
    def read(self, aws: Aws, id_: str, props: Props) -> Props | None:
        """Properties as AWS reports them, inputs in the form of `props` where given;
        None when it is gone. `props` is empty at an import."""

    def update(self, aws: Aws, id_: str, old: Props, new: Props) -> None:
        """Change in place; only called for properties outside `replaces`."""
        raise NotImplementedError(
            f"{self.token}: no property can be changed in place, yet a change was asked: "
            f"{sorted(key for key in {*old, *new} if old.get(key) != new.get(key))}"
        )

    @abstractmethod
    def delete(self, aws: Aws, id_: str, props: Props) -> None:
        """Delete it; an error that says it is gone already counts as done."""
