"""boto3 clients for one simulated endpoint, made once per service and region."""

from __future__ import annotations

import os
import threading
from typing import Any

import boto3
from botocore.client import BaseClient
from botocore.config import Config

from rehearsal.calling import sign


class Clients:
    """Clients of one account; `for_region` gives the view that a resource works with."""

    def __init__(
        self,
        region: str,
        endpoint: str | None = None,
        session: boto3.session.Session | None = None,
    ) -> None:
        """`endpoint`: URL of the simulated cloud, by default `AWS_ENDPOINT_URL`; `session`:
        credentials, by default those of the environment."""
        self.region = region
        self._endpoint = endpoint or os.environ.get("AWS_ENDPOINT_URL")
        self._made: dict[tuple[str, str], BaseClient] = {}
        self._lock = threading.Lock()
        self._session = session or boto3.session.Session()

    def get(self, service: str, region: str | None = None) -> Any:
        """The client of `service` in `region` (by default the provider's)."""
        key = (service, region or self.region)
        with self._lock:  # boto3 sessions are not thread-safe while they make a client
            if key not in self._made:
                self._made[key] = self._client(*key)
            return self._made[key]

    def _client(self, service: str, region: str) -> BaseClient:
        config = Config(
            retries={"mode": "standard", "max_attempts": 3},
            max_pool_connections=64,
            s3={"addressing_style": "path"},
        )
        # The stubs of boto3 know services only by literal names.
        make: Any = self._session.client  # pyright: ignore[reportUnknownMemberType, reportUnknownVariableType]
        client = make(service, region_name=region, endpoint_url=self._endpoint, config=config)
        client.meta.events.register("before-send", sign)
        if service == "s3control" and self._endpoint:
            client.meta.events.register("before-call.s3-control", self._unprefixed)
        return client

    def _unprefixed(self, params: dict[str, Any], **_: object) -> None:
        """S3 Control puts the account before the host's name, and `123456789012.127.0.0.1`
        is no name: call the endpoint itself."""
        params["url"] = f"{self._endpoint}{params['url_path']}"
