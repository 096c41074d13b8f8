"""Repositories of the platform's own images: tags that never move, every push scanned."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import pulumi
import pulumi_aws as aws
from pulumi import Input, ResourceOptions

from components.base import Component, Site


@dataclass(frozen=True, kw_only=True)
class RegistryArgs:
    """`repositories` are short names; `namespace/` goes before them."""

    namespace: str
    repositories: Sequence[str]
    key_arn: Input[str]
    keep_images: int
    """Tagged images that each repository keeps, the newest."""
    untagged_days: int
    """Days after which an untagged image is dropped."""
    continuous_scanning: bool = False
    """Also scan what was pushed long ago, when new flaws become known. One setting for the whole
    region: off, unless exactly this stack owns it."""


class Registry(Component):
    """ECR repositories, named `<namespace>/<repository>`."""

    urls: Mapping[str, pulumi.Output[str]]
    """What `docker push` takes, by short name."""
    arns: Mapping[str, pulumi.Output[str]]

    def __init__(
        self, name: str, args: RegistryArgs, site: Site, opts: ResourceOptions | None = None
    ) -> None:
        super().__init__(name, site, opts)
        made = {short: self._repository(short, args) for short in args.repositories}
        for short, repository in made.items():
            self._lifecycle(short, repository, args)
        if args.continuous_scanning:
            self._scanning()
        self.urls = {short: repository.repository_url for short, repository in made.items()}
        self.arns = {short: repository.arn for short, repository in made.items()}
        self.register_outputs({"urls": self.urls})

    def _repository(self, short: str, args: RegistryArgs) -> aws.ecr.Repository:
        name = f"{args.namespace}/{short}"
        return aws.ecr.Repository(
            self.child(short),
            name=name,
            image_tag_mutability="IMMUTABLE",
            image_scanning_configuration={"scan_on_push": True},
            encryption_configurations=[{"encryption_type": "KMS", "kms_key": args.key_arn}],
            tags=self.tags(short, name=name),
            opts=self.holds_data(),
        )

    def _lifecycle(self, short: str, repository: aws.ecr.Repository, args: RegistryArgs) -> None:
        aws.ecr.LifecyclePolicy(
            self.child(f"{short}-lifecycle"),
            repository=repository.name,
            policy=lifecycle(args.keep_images, args.untagged_days),
            opts=self.options(),
        )

    def _scanning(self) -> aws.ecr.RegistryScanningConfiguration:
        return aws.ecr.RegistryScanningConfiguration(
            self.child("scanning"),
            scan_type="ENHANCED",
            rules=[
                {
                    "scan_frequency": "CONTINUOUS_SCAN",
                    "repository_filters": [{"filter": "*", "filter_type": "WILDCARD"}],
                }
            ],
            # Another stack's repositories are scanned by it as well.
            opts=self.options(retain=True),
        )


def lifecycle(keep_images: int, untagged_days: int) -> str:
    """ECR's lifecycle policy: untagged images go by age, tagged ones by number."""
    untagged = {
        "tagStatus": "untagged",
        "countType": "sinceImagePushed",
        "countUnit": "days",
        "countNumber": untagged_days,
    }
    tagged = {
        "tagStatus": "tagged",
        "tagPatternList": ["*"],
        "countType": "imageCountMoreThan",
        "countNumber": keep_images,
    }
    rules = [
        _rule(1, f"untagged images go after {untagged_days} days", untagged),
        _rule(2, f"the newest {keep_images} tagged images stay", tagged),
    ]
    return json.dumps({"rules": rules})


def _rule(priority: int, description: str, selection: Mapping[str, object]) -> dict[str, object]:
    return {
        "rulePriority": priority,
        "description": description,
        "selection": selection,
        "action": {"type": "expire"},
    }
