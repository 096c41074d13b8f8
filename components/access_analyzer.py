"""IAM Access Analyzer: finds what is shared with somebody outside the account."""

from __future__ import annotations

from dataclasses import dataclass

import pulumi
import pulumi_aws as aws
from pulumi import ResourceOptions

from components.base import Component, Site
from components.ownership import CREATE, Ownership


@dataclass(frozen=True, kw_only=True)
class AccessAnalyzerArgs:
    """`ownership.existing`: the analyzer's name."""

    ownership: Ownership = CREATE


class AccessAnalyzer(Component):
    """The region's analyzer of access from outside the account."""

    analyzer_arn: pulumi.Output[str] | None = None

    def __init__(
        self, name: str, args: AccessAnalyzerArgs, site: Site, opts: ResourceOptions | None = None
    ) -> None:
        super().__init__(name, site, opts)
        if args.ownership.creates:
            self.analyzer_arn = self._analyzer().arn
        elif args.ownership.adopted:
            found = aws.accessanalyzer.Analyzer.get(
                self.child("analyzer"), args.ownership.adopted, opts=self.options()
            )
            self.analyzer_arn = found.arn
        self.register_outputs({"analyzer_arn": self.analyzer_arn})

    def _analyzer(self) -> aws.accessanalyzer.Analyzer:
        name = self.site.name("access")
        return aws.accessanalyzer.Analyzer(
            self.child("analyzer"),
            analyzer_name=name,
            type="ACCOUNT",
            tags=self.tags("analyzer", name=name),
            opts=self.options(),
        )
