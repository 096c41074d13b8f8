"""IAM Access Analyzer."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar

from rehearsal.providers.aws import tagging, tags
from rehearsal.providers.aws.lookup import gone_is_none
from rehearsal.providers.aws.resource import Aws, Resource
from rehearsal.providers.aws.shapes import reported, request
from rehearsal.providers.wire import Props


class Analyzer(Resource):
    """The ID is the name."""

    token: ClassVar[str] = "aws:accessanalyzer/analyzer:Analyzer"
    inputs: ClassVar[frozenset[str]] = frozenset({"analyzerName", "configuration", "tags", "type"})
    required: ClassVar[frozenset[str]] = frozenset({"analyzerName"})
    replaces: ClassVar[frozenset[str]] = frozenset({"analyzerName", "type"})
    delete_before_replace: ClassVar[bool] = True
    defaults: ClassVar[Mapping[str, Any]] = {"type": "ACCOUNT"}

    def create(self, aws: Aws, props: Props) -> str:
        asked = request("accessanalyzer", "CreateAnalyzer", props, only=self.inputs - {"tags"})
        marks = tagging.given(aws, "accessanalyzer", "CreateAnalyzer", props)
        aws.client("accessanalyzer").create_analyzer(**asked, **marks)
        return props["analyzerName"]

    @gone_is_none("ResourceNotFoundException")
    def read(self, aws: Aws, id_: str, props: Props) -> Props | None:
        found = aws.client("accessanalyzer").get_analyzer(analyzerName=id_)["analyzer"]
        shown = {
            **found,
            "analyzerName": found["name"],
            "tags": tags.own_map(aws, found.get("tags")),
        }
        return {**reported(props, shown, ("analyzerName", "type", "tags")), "arn": found["arn"]}

    def update(self, aws: Aws, id_: str, old: Props, new: Props) -> None:
        if old.get("configuration") != new.get("configuration"):
            asked = request("accessanalyzer", "UpdateAnalyzer", new, only=("configuration",))
            aws.client("accessanalyzer").update_analyzer(analyzerName=id_, **asked)
        arn = aws.arn("access-analyzer", f"analyzer/{id_}")
        tagging.retag(aws, "accessanalyzer", arn, old, new)

    def delete(self, aws: Aws, id_: str, props: Props) -> None:
        aws.client("accessanalyzer").delete_analyzer(analyzerName=id_)


RESOURCES: tuple[Resource, ...] = (Analyzer(),)
