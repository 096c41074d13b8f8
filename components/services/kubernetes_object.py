"""Any Kubernetes object, from its manifest."""

from __future__ import annotations

from typing import Any

import pulumi
from pulumi import ResourceOptions

from components.services.plan import Manifest


class KubernetesObject(pulumi.CustomResource):
    """The object under the type token that pulumi-kubernetes' own classes use."""

    def __init__(self, name: str, manifest: Manifest, opts: ResourceOptions) -> None:
        api_version, kind = str(manifest["apiVersion"]), str(manifest["kind"])
        group_version = api_version if "/" in api_version else f"core/{api_version}"
        props: dict[str, Any] = dict(manifest)
        super().__init__(f"kubernetes:{group_version}:{kind}", name, props, opts)
