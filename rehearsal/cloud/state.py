"""State of the simulated account: this package's own tables beside moto's backends.

Own records are plain dicts in the shape that the API answers with, kept per region and
kind; global services keep theirs under the region `aws`.
"""

from __future__ import annotations

import itertools
from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, cast

from rehearsal.cloud.moto_switches import ACCOUNT_ID

GLOBAL = "aws"
"""Region name under which global services (IAM, S3, Route 53, budgets) keep their state."""

Record = dict[str, Any]
Table = dict[str, Record]


@dataclass(kw_only=True)
class Region:
    """One region of the account."""

    name: str
    tables: dict[str, Table] = field(default_factory=lambda: defaultdict(dict))

    def table(self, kind: str) -> Table:
        """Own records of a kind (`eks:addon`) by key, in the order they were made."""
        return self.tables[kind]

    def moto(self, service: str) -> Any:
        """moto's backend of a regional service, whose models are moto's own classes."""
        return moto_backend(service, self.name)


class Cloud:
    """The whole simulated account. Not thread-safe: the gateway serialises calls."""

    def __init__(self) -> None:
        self._regions: dict[str, Region] = {}
        self._numbers = itertools.count(1)

    def region(self, name: str) -> Region:
        """The region `name`, empty if nothing was made in it."""
        if name not in self._regions:
            self._regions[name] = Region(name=name)
        return self._regions[name]

    @property
    def everywhere(self) -> Region:
        """Own state of global services."""
        return self.region(GLOBAL)

    def regions(self) -> tuple[Region, ...]:
        """Every region that has been touched."""
        return tuple(self._regions.values())

    def moto(self, service: str) -> Any:
        """moto's backend of a global service (`iam`, `s3`, `route53`, `budgets`)."""
        return moto_backend(service, GLOBAL)

    def number(self) -> int:
        """A number never given before in this account; for identifiers."""
        return next(self._numbers)

    def reset(self) -> None:
        """Empty the account, moto's part included."""
        from moto.core.base_backend import BackendDict
        from moto.core.model_instances import reset_model_data

        # moto's own reset builds every backend anew before it drops it, which takes seconds.
        made = cast("list[Any]", vars(BackendDict)["_instances"])
        for backends in made:
            backends.clear()
            # S3 remembers the names of buckets beside its backends: they are global.
            getattr(backends, "bucket_accounts", {}).clear()
        made.clear()
        reset_model_data()
        self.__init__()


def moto_backend(service: str, region: str) -> Any:
    """moto's backend object, made at first use. Raises KeyError for an unknown region."""
    from moto.backends import get_backend

    backends = cast("Callable[[str], Any]", get_backend)(service)
    return backends[ACCOUNT_ID][region]
