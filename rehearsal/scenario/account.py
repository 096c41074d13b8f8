"""The simulated account as a rehearsal questions it: by boto3, and by the calls it recorded."""

from __future__ import annotations

import functools
import json
import urllib.request
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import boto3

from rehearsal.calling import HEADER
from rehearsal.engine.workspace import CREDENTIALS
from rehearsal.leftovers.inventory import Item, inventory

GLOBAL_SERVICES = frozenset({"iam", "sts", "route53", "budgets", "ce", "s3", "cloudfront"})
"""Services whose calls are signed for one region wherever the caller is."""
UNAVAILABLE = "ServiceUnavailable"
"""What a call is told that needs a lost region."""
OURS = "rehearsal"
"""What this process calls itself, as a caller."""
READ_VERBS = ("Get", "List", "Describe", "Head", "BatchGet", "Lookup")


@dataclass(frozen=True)
class Call:
    """One recorded API call."""

    number: int
    service: str
    region: str
    operation: str
    status: int
    caller: str = ""
    """A resource's type and name, or what the client calls itself."""
    by: str = ""
    """Who answered."""
    error: str | None = None

    @property
    def writes(self) -> bool:
        return not self.operation.startswith(READ_VERBS)

    @property
    def refused(self) -> bool:
        """Whether it needed a region that is lost."""
        return self.by in ("fault", "refusal") and self.error == UNAVAILABLE

    def __str__(self) -> str:
        return f"{self.service}:{self.operation} in {self.region}"


class Account:
    """One simulated account, reached as any AWS client reaches it."""

    def __init__(self, endpoint: str, account_id: str) -> None:
        self._endpoint = endpoint
        self.id = account_id
        # Services are named by data here, which the stubs' overloads cannot follow.
        self._session: Any = boto3.session.Session(
            aws_access_key_id=CREDENTIALS["AWS_ACCESS_KEY_ID"],
            aws_secret_access_key=CREDENTIALS["AWS_SECRET_ACCESS_KEY"],
        )
        self.client = functools.cache(self._client)

    def items(self, regions: Iterable[str]) -> frozenset[Item]:
        """Everything that the account holds in these regions."""
        return inventory(self.client, regions, self.id)

    def calls(self, after: int = 0) -> Sequence[Call]:
        """Calls recorded since the one with this number."""
        url = f"{self._endpoint}/_rehearsal/calls?after={after}"
        # The gateway's own control endpoint, always http on loopback.
        with urllib.request.urlopen(url, timeout=60) as answer:  # noqa: S310
            rows: list[dict[str, Any]] = json.load(answer)
        fields = Call.__dataclass_fields__
        return [Call(**{key: row[key] for key in fields}) for row in rows]

    def _client(self, service: str, region: str) -> Any:
        made = self._session.client(service, region_name=region, endpoint_url=self._endpoint)
        made.meta.events.register("before-send", _sign)
        return made


def _sign(request: Any, **_: object) -> None:
    request.headers[HEADER] = OURS
