"""Calls to AWS, their errors typed by what to do next."""

from __future__ import annotations

from typing import Any, cast

import boto3
from botocore.config import Config
from botocore.exceptions import (
    BotoCoreError,
    ClientError,
    ConnectionClosedError,
    HTTPClientError,
    NoCredentialsError,
    ReadTimeoutError,
)

from ops.errors import Refused, Retryable, UnknownOutcome
from ops.live.guard import guard

Answer = dict[str, Any]
THROTTLES = ("Throttl", "RequestLimitExceeded", "SlowDown", "TooManyRequests", "ThroughputExceeded")
CONNECT_SECONDS, READ_SECONDS = 5, 30
READ_ATTEMPTS = 4


class NotFound(Refused):
    """The call named something that is not there."""


class Aws:
    """One account in one region. With `lost_region`, calls that need it are refused unsent.

    `session` holds the credentials, by default those of the environment; `endpoint` is where a
    simulated cloud answers.
    """

    def __init__(
        self,
        region: str,
        lost_region: str | None = None,
        *,
        session: boto3.session.Session | None = None,
        endpoint: str | None = None,
    ) -> None:
        self.region = region
        self._session = session or boto3.session.Session()
        self._endpoint = endpoint
        if lost_region is not None:
            guard(self._session.events, lost_region)
        self._clients: dict[tuple[str, int], Any] = {}

    def account(self) -> str:
        """The account that the credentials belong to."""
        return str(self.read("sts", "get_caller_identity")["Account"])

    def read(self, service: str, operation: str, **parameters: Any) -> Answer:
        """A call that changes nothing, repeated by botocore where it may pass.

        Raises NotFound, Refused, or Retryable where there was no answer.
        """
        try:
            return self._call(service, operation, READ_ATTEMPTS, parameters)
        except UnknownOutcome as error:
            raise Retryable(str(error)) from error

    def write(self, service: str, operation: str, **parameters: Any) -> Answer:
        """A call that changes something, made once.

        Raises NotFound, Refused, Retryable, or UnknownOutcome where there was no answer.
        """
        return self._call(service, operation, 1, parameters)

    def pages(self, service: str, operation: str, **parameters: Any) -> list[Answer]:
        """Every page of a listing."""
        try:
            paginator = self._client(service, READ_ATTEMPTS).get_paginator(operation)
            return [cast("Answer", page) for page in paginator.paginate(**parameters)]
        except (BotoCoreError, ClientError) as error:
            raised = _typed(f"{service} {operation} in {self.region}", error)
            if isinstance(raised, UnknownOutcome):
                raise Retryable(str(raised)) from error
            raise raised from error

    def _call(self, service: str, operation: str, attempts: int, given: Answer) -> Answer:
        try:
            answer = getattr(self._client(service, attempts), operation)(**given)
        except (BotoCoreError, ClientError) as error:
            raise _typed(f"{service} {operation} in {self.region}", error) from error
        return cast("Answer", answer)

    def _client(self, service: str, attempts: int) -> Any:
        key = (service, attempts)
        if key not in self._clients:
            config = Config(
                connect_timeout=CONNECT_SECONDS,
                read_timeout=READ_SECONDS,
                retries={"mode": "standard", "total_max_attempts": attempts},
            )
            make = cast("Any", self._session).client
            client = make(
                service, region_name=self.region, endpoint_url=self._endpoint, config=config
            )
            if service == "s3control":
                client.meta.events.register("before-call.s3-control", unprefixed)
            self._clients[key] = client
        return self._clients[key]


def unprefixed(params: dict[str, Any], **_: object) -> None:
    """S3 Control puts the account before the host's name, and `123456789012.127.0.0.1` is no
    name: an address is called itself."""
    scheme, _slashes, rest = str(params["url"]).partition("://")
    host, slash, path = rest.partition("/")
    prefix, _dot, name = host.partition(".")
    if prefix.isdecimal() and name.partition(":")[0] in ("127.0.0.1", "localhost"):
        params["url"] = f"{scheme}://{name}{slash}{path}"


def _typed(what: str, error: Exception) -> Exception:
    said = f"{what}: {error}"
    if isinstance(error, ClientError):
        return _answered(said, error)
    if isinstance(error, (ReadTimeoutError, ConnectionClosedError)):
        return UnknownOutcome(said)
    if isinstance(error, NoCredentialsError):
        return Refused(f"{said}: sign in first: aws sso login, or AWS_PROFILE")
    if isinstance(error, HTTPClientError):
        return Retryable(said)
    return Refused(said)


def _answered(said: str, error: ClientError) -> Exception:
    code = str(error.response.get("Error", {}).get("Code", ""))
    status = int(error.response.get("ResponseMetadata", {}).get("HTTPStatusCode", 0))
    if any(throttle in code for throttle in THROTTLES):
        return Retryable(said)
    if status >= 500:
        return UnknownOutcome(said)
    if status == 404 or "NotFound" in code or code.startswith("NoSuch"):
        return NotFound(said)
    return Refused(said)
