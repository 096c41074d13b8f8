"""Which cluster a kubeconfig means, by the token that it fetches."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import pairwise
from typing import Any

import yaml

from rehearsal.providers.plugin import PluginError


def target(kubeconfig: str | Mapping[str, Any]) -> tuple[str, str]:
    """Region and name of the EKS cluster. Raises PluginError where they are not there."""
    config = yaml.safe_load(kubeconfig) if isinstance(kubeconfig, str) else kubeconfig
    arguments: list[str] = config["users"][0]["user"]["exec"]["args"]
    try:
        pairs = dict(pairwise(arguments))
        return pairs["--region"], pairs["--cluster-name"]
    except KeyError as missing:
        raise PluginError(
            f"kubeconfig: no {missing} among the arguments of its exec command, "
            f"expected `aws --region … eks get-token --cluster-name …`"
        ) from missing
