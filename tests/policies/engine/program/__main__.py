"""Registers the resources that the file in SCENE describes, whatever their types."""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

import pulumi

from rehearsal.providers.wire import SIGNATURE, UNKNOWN, is_list, is_object

SCENE: Mapping[str, Any] = {
    one["urn"]: one for one in json.loads(Path(os.environ["SCENE"]).read_text(encoding="utf-8"))
}


@cache
def provider(package: str, name: str, region: str | None) -> pulumi.ProviderResource:
    return pulumi.ProviderResource(package, name, {"region": region})


@cache
def resource(urn: str) -> pulumi.CustomResource:
    one = SCENE[urn]
    properties = {key: value(found) for key, found in one["properties"].items()}
    for key, sources in one["flows"].items():
        # Sources outside the scene were not recorded with it.
        known = [resource(source) for source in sources if source in SCENE and source != urn]
        if known and key in properties:
            properties[key] = flowing(one["properties"][key], known)
    return pulumi.CustomResource(one["type"], one["name"], properties, options(one))


def options(one: Mapping[str, Any]) -> pulumi.ResourceOptions:
    if not one["provider_name"] or one["provider_name"].startswith("default"):
        return pulumi.ResourceOptions(protect=one["protect"])
    package = one["type"].partition(":")[0]
    chosen = provider(package, one["provider_name"], one["provider"].get("region"))
    return pulumi.ResourceOptions(protect=one["protect"], provider=chosen)


def flowing(found: Any, sources: list[pulumi.CustomResource]) -> pulumi.Output[Any]:
    if found == UNKNOWN:
        return sources[0].id
    return pulumi.Output.all(*(source.urn for source in sources)).apply(lambda _: found)


def value(found: Any) -> Any:
    """As the SDK sends it: secrets as secrets, what is unknown as what only `up` knows."""
    if is_object(found):
        if SIGNATURE in found:
            return pulumi.Output.secret(value(found["value"]))
        if set(found) == {"known at up"}:
            later: Any = found["known at up"]
            return anchor().id.apply(lambda _: later)
        return {key: value(one) for key, one in found.items()}
    if is_list(found):
        return [value(one) for one in found]
    return anchor().id if found == UNKNOWN else found


@cache
def anchor() -> pulumi.CustomResource:
    """A resource whose ID no preview knows."""
    return pulumi.CustomResource("random:index/randomId:RandomId", "anchor", {})


for each in SCENE.values():
    if each["type"] != "pulumi:pulumi:Stack":
        resource(each["urn"])
