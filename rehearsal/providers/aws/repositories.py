"""Container registry: repositories with their policies, and the registry's own settings."""

from __future__ import annotations

from typing import Any, ClassVar

from rehearsal.providers.aws import tagging
from rehearsal.providers.aws.lookup import gone_is_none
from rehearsal.providers.aws.resource import Aws, Resource
from rehearsal.providers.aws.shapes import reported, request
from rehearsal.providers.wire import Props


class Repository(Resource):
    """The ID is the name."""

    token: ClassVar[str] = "aws:ecr/repository:Repository"
    inputs: ClassVar[frozenset[str]] = frozenset(
        {
            "encryptionConfigurations",
            "forceDelete",
            "imageScanningConfiguration",
            "imageTagMutability",
            "imageTagMutabilityExclusionFilters",
            "name",
            "tags",
        }
    )
    replaces: ClassVar[frozenset[str]] = frozenset({"encryptionConfigurations", "name"})
    autoname: ClassVar[str | None] = "name"

    def create(self, aws: Aws, props: Props) -> str:
        plain = {k: props[k] for k in self.inputs - {"tags", "forceDelete"} if k in props}
        key = next(iter(plain.pop("encryptionConfigurations", None) or ()), None)
        shape = {**plain, **({"encryptionConfiguration": key} if key else {})}
        asked = request("ecr", "CreateRepository", shape, rename=_NAME)
        marks = tagging.given(aws, "ecr", "CreateRepository", props)
        return aws.client("ecr").create_repository(**asked, **marks)["repository"]["repositoryName"]

    @gone_is_none("RepositoryNotFoundException")
    def read(self, aws: Aws, id_: str, props: Props) -> Props | None:
        found = aws.client("ecr").describe_repositories(repositoryNames=[id_])["repositories"][0]
        shown = {
            **found,
            "encryptionConfigurations": [found["encryptionConfiguration"]],
            "tags": tagging.own(aws, "ecr", found["repositoryArn"]),
        }
        always = ("name", "imageTagMutability", "encryptionConfigurations", "tags")
        return {
            **reported(props, shown, always, rename=_NAME),
            "arn": found["repositoryArn"],
            "registryId": found["registryId"],
            "repositoryUrl": found["repositoryUri"],
        }

    def update(self, aws: Aws, id_: str, old: Props, new: Props) -> None:
        ecr = aws.client("ecr")
        mutability = ("imageTagMutability", "imageTagMutabilityExclusionFilters")
        if any(old.get(key) != new.get(key) for key in mutability):
            wanted = {"imageTagMutability": "MUTABLE", **new}
            asked = request("ecr", "PutImageTagMutability", wanted, only=mutability)
            ecr.put_image_tag_mutability(repositoryName=id_, **asked)
        if old.get(_SCAN) != new.get(_SCAN):
            wanted = {_SCAN: new.get(_SCAN) or {"scanOnPush": False}}
            asked = request("ecr", "PutImageScanningConfiguration", wanted)
            ecr.put_image_scanning_configuration(repositoryName=id_, **asked)
        tagging.retag(aws, "ecr", aws.arn("ecr", f"repository/{id_}"), old, new)

    def delete(self, aws: Aws, id_: str, props: Props) -> None:
        force = bool(props.get("forceDelete"))
        aws.client("ecr").delete_repository(repositoryName=id_, force=force)


class LifecyclePolicy(Resource):
    """The ID is the repository's name."""

    token: ClassVar[str] = "aws:ecr/lifecyclePolicy:LifecyclePolicy"
    inputs: ClassVar[frozenset[str]] = frozenset({"policy", "repository"})
    required: ClassVar[frozenset[str]] = inputs
    replaces: ClassVar[frozenset[str]] = frozenset({"repository"})

    def create(self, aws: Aws, props: Props) -> str:
        aws.client("ecr").put_lifecycle_policy(
            repositoryName=props["repository"], lifecyclePolicyText=props["policy"]
        )
        return props["repository"]

    @gone_is_none("LifecyclePolicyNotFoundException", "RepositoryNotFoundException")
    def read(self, aws: Aws, id_: str, props: Props) -> Props | None:
        found = aws.client("ecr").get_lifecycle_policy(repositoryName=id_)
        shown = {"policy": found["lifecyclePolicyText"], "repository": id_}
        return {**reported(props, shown, self.inputs), "registryId": found["registryId"]}

    def update(self, aws: Aws, id_: str, old: Props, new: Props) -> None:
        self.create(aws, new)

    def delete(self, aws: Aws, id_: str, props: Props) -> None:
        aws.client("ecr").delete_lifecycle_policy(repositoryName=id_)


class RepositoryPolicy(Resource):
    """The ID is the repository's name."""

    token: ClassVar[str] = "aws:ecr/repositoryPolicy:RepositoryPolicy"
    inputs: ClassVar[frozenset[str]] = frozenset({"policy", "repository"})
    required: ClassVar[frozenset[str]] = inputs
    replaces: ClassVar[frozenset[str]] = frozenset({"repository"})

    def create(self, aws: Aws, props: Props) -> str:
        aws.client("ecr").set_repository_policy(
            repositoryName=props["repository"], policyText=props["policy"]
        )
        return props["repository"]

    @gone_is_none("RepositoryPolicyNotFoundException", "RepositoryNotFoundException")
    def read(self, aws: Aws, id_: str, props: Props) -> Props | None:
        found = aws.client("ecr").get_repository_policy(repositoryName=id_)
        shown = {"policy": found["policyText"], "repository": id_}
        return {**reported(props, shown, self.inputs), "registryId": found["registryId"]}

    def update(self, aws: Aws, id_: str, old: Props, new: Props) -> None:
        self.create(aws, new)

    def delete(self, aws: Aws, id_: str, props: Props) -> None:
        aws.client("ecr").delete_repository_policy(repositoryName=id_)


class RegistryScanningConfiguration(Resource):
    """One per account and region; the ID is the account. Deleting it returns to basic scans."""

    token: ClassVar[str] = "aws:ecr/registryScanningConfiguration:RegistryScanningConfiguration"
    inputs: ClassVar[frozenset[str]] = frozenset({"rules", "scanType"})
    required: ClassVar[frozenset[str]] = frozenset({"scanType"})

    def create(self, aws: Aws, props: Props) -> str:
        wanted: Props = {"rules": [], **props}
        asked = request("ecr", "PutRegistryScanningConfiguration", wanted, only=self.inputs)
        aws.client("ecr").put_registry_scanning_configuration(**asked)
        return aws.account_id

    def read(self, aws: Aws, id_: str, props: Props) -> Props | None:
        found = aws.client("ecr").get_registry_scanning_configuration()
        shown = found["scanningConfiguration"]
        return {**reported(props, shown, self.inputs), "registryId": found["registryId"]}

    def update(self, aws: Aws, id_: str, old: Props, new: Props) -> None:
        self.create(aws, new)

    def delete(self, aws: Aws, id_: str, props: Props) -> None:
        self.create(aws, {"scanType": "BASIC"})


class ReplicationConfiguration(Resource):
    """One per account and region; the ID is the account. Deleting it leaves no rule."""

    token: ClassVar[str] = "aws:ecr/replicationConfiguration:ReplicationConfiguration"
    inputs: ClassVar[frozenset[str]] = frozenset({"replicationConfiguration"})

    def create(self, aws: Aws, props: Props) -> str:
        wanted: dict[str, Any] = {"replicationConfiguration": {"rules": []}, **props}
        asked = request("ecr", "PutReplicationConfiguration", wanted, only=self.inputs)
        aws.client("ecr").put_replication_configuration(**asked)
        return aws.account_id

    def read(self, aws: Aws, id_: str, props: Props) -> Props | None:
        found = aws.client("ecr").describe_registry()
        if not found["replicationConfiguration"].get("rules"):
            return None
        return {**reported(props, found, self.inputs), "registryId": found["registryId"]}

    def update(self, aws: Aws, id_: str, old: Props, new: Props) -> None:
        self.create(aws, new)

    def delete(self, aws: Aws, id_: str, props: Props) -> None:
        self.create(aws, {})


_NAME = {"name": "repositoryName"}
_SCAN = "imageScanningConfiguration"

RESOURCES: tuple[Resource, ...] = (
    Repository(),
    LifecyclePolicy(),
    RepositoryPolicy(),
    RegistryScanningConfiguration(),
    ReplicationConfiguration(),
)
