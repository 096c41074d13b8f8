"""What a simulated cluster needs to know of its AWS account to judge pods."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from botocore.exceptions import ClientError

from rehearsal.providers.aws.clients import Clients


@dataclass(frozen=True, kw_only=True)
class NodeGroup:
    """A managed group, as far as pods care."""

    name: str
    instance_types: Sequence[str]
    labels: dict[str, str]
    taints: Sequence[dict[str, str]]
    """As Kubernetes writes them: `key`, `value`, `effect`."""
    most: int
    """Largest number of nodes."""


@dataclass(frozen=True, kw_only=True)
class OwnImage:
    """An image of an account's registry. A digest decides where a tag stands beside it."""

    account: str
    region: str
    repository: str
    tag: str
    digest: str

    @property
    def identifier(self) -> Mapping[str, str]:
        """As ECR takes it."""
        return {"imageDigest": self.digest} if self.digest else {"imageTag": self.tag}


class Account(Protocol):
    """The AWS account of a cluster."""

    def secret(self, region: str, name: str) -> str | None:
        """Value of a secret; None where there is no secret or it has no value."""
        ...

    def node_groups(self, region: str, cluster: str) -> Sequence[NodeGroup] | None:
        """The cluster's managed node groups; None where nothing is known of nodes."""
        ...

    def has_image(self, image: OwnImage) -> bool | None:
        """Whether its registry has the image; None where that is not known."""
        ...


class NoAccount:
    """A cluster beside no account: no secret is there, and nodes are unknown."""

    def secret(self, region: str, name: str) -> str | None:
        """None."""
        del region, name
        return None

    def node_groups(self, region: str, cluster: str) -> Sequence[NodeGroup] | None:
        """Unknown."""
        del region, cluster
        return None

    def has_image(self, image: OwnImage) -> bool | None:
        """Unknown."""
        del image
        return None


class SimulatedAccount:
    """The simulated account, through its clients by region."""

    def __init__(self, clients: Callable[[str], Clients]) -> None:
        self._clients = clients

    def secret(self, region: str, name: str) -> str | None:
        """Its current value."""
        try:
            found = self._clients(region).get("secretsmanager").get_secret_value(SecretId=name)
        except ClientError as error:
            if _code(error) in ("ResourceNotFoundException", "InvalidRequestException"):
                return None
            raise
        return str(found.get("SecretString") or "")

    def node_groups(self, region: str, cluster: str) -> Sequence[NodeGroup] | None:
        """Each as EKS describes it."""
        eks = self._clients(region).get("eks")
        names = eks.list_nodegroups(clusterName=cluster)["nodegroups"]
        return [
            _group(eks.describe_nodegroup(clusterName=cluster, nodegroupName=name)["nodegroup"])
            for name in names
        ]

    def has_image(self, image: OwnImage) -> bool | None:
        """As ECR describes it; what a pull-through cache would fetch, nobody here knows."""
        if image.account != self._id(image.region):
            return None
        ecr = self._clients(image.region).get("ecr")
        rules = ecr.describe_pull_through_cache_rules()["pullThroughCacheRules"]
        if any(image.repository.startswith(f"{one['ecrRepositoryPrefix']}/") for one in rules):
            return None
        try:
            ecr.describe_images(repositoryName=image.repository, imageIds=[dict(image.identifier)])
        except ClientError as error:
            if _code(error) in ("RepositoryNotFoundException", "ImageNotFoundException"):
                return False
            raise
        return True

    def _id(self, region: str) -> str:
        return str(self._clients(region).get("sts").get_caller_identity()["Account"])


EFFECTS = {"NO_SCHEDULE": "NoSchedule", "NO_EXECUTE": "NoExecute",
           "PREFER_NO_SCHEDULE": "PreferNoSchedule"}  # fmt: skip


def _group(found: dict[str, Any]) -> NodeGroup:
    taints = [
        {"key": one["key"], "value": one.get("value", ""), "effect": EFFECTS[one["effect"]]}
        for one in found.get("taints", [])
    ]
    return NodeGroup(
        name=found["nodegroupName"],
        instance_types=tuple(found.get("instanceTypes") or ()),
        labels={**found.get("labels", {}), "eks.amazonaws.com/nodegroup": found["nodegroupName"]},
        taints=taints,
        most=int(found["scalingConfig"]["maxSize"]),
    )


def _code(error: ClientError) -> str:
    return str(error.response.get("Error", {}).get("Code"))
