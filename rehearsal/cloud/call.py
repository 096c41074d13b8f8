"""One call of an AWS API, parsed: what every later stage of the gateway works on."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from rehearsal.cloud.outages import Outage
from rehearsal.cloud.plain import listing, mapping
from rehearsal.cloud.state import Cloud, Region

Params = dict[str, Any]
Answer = dict[str, Any]


@dataclass(frozen=True, kw_only=True)
class Call:
    """`params` has botocore's member names; `region` is the one that signed the call."""

    service: str
    """Name of the service in boto3: `ec2`, `elbv2`, …"""
    operation: str
    region: str
    account: str
    params: Params
    cloud: Cloud
    upstream: Callable[[], Answer]
    """Let moto carry the call out, and give its answer. Raises ApiError if moto refuses."""

    ask: Callable[..., Answer]
    """Let moto carry out another operation: `ask("rds", "DescribeDBInstances", {...})`, in
    the region of this call or in `region=`."""

    lost: Mapping[str, float] = field(default_factory=dict[str, float])
    """Regions that are out of service, each with the time since when, seconds since 1970."""

    outages: Sequence[Outage] = ()
    """When regions were out of service."""

    late: Mapping[str, float] = field(default_factory=dict[str, float])
    """Regions whose database replicas are behind beyond the usual, each with the seconds."""

    @property
    def here(self) -> Region:
        """The state of the account in the region of this call."""
        return self.cloud.region(self.region)

    @property
    def name(self) -> str:
        """`service:Operation`, as in messages and logs."""
        return f"{self.service}:{self.operation}"

    def get(self, path: str, default: Any = None) -> Any:
        """The parameter at a dotted path (`resourcesVpcConfig.subnetIds`), or `default`."""
        value: Any = self.params
        for part in path.split("."):
            value = mapping(value).get(part)
        return default if value is None else value

    def listed(self, path: str) -> list[Any]:
        """The list at a dotted path; empty if there is none."""
        return listing(self.get(path))

    def mapped(self, path: str) -> dict[str, Any]:
        """The structure or map at a dotted path; empty if there is none."""
        return mapping(self.get(path))


def digest(params: Params) -> str:
    """Short hash of the parameters, the same for the same call; never the values, which
    may be secrets."""
    text = json.dumps(params, sort_keys=True, default=str)
    return hashlib.sha256(text.encode()).hexdigest()[:16]
