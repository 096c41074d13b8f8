"""From HTTP to a parsed call and back, by botocore's models.

moto's routers, parsers and serialisers do the protocol work; this module decides which
service a request is for, which moto's own server leaves to each service.
"""

from __future__ import annotations

import gzip
import io
import re
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qs, urlencode

from botocore.exceptions import (  # pyright: ignore[reportMissingTypeStubs]
    UnknownServiceError,
)
from werkzeug.exceptions import NotFound
from werkzeug.test import EnvironBuilder

from rehearsal.cloud import borrowed
from rehearsal.cloud.borrowed import OperationModel, Request, ServiceModel
from rehearsal.cloud.errors import ApiError
from rehearsal.cloud.plain import mapping

Environ = dict[str, Any]

SIGNING_NAMES = {
    "access-analyzer": "accessanalyzer",
    "elasticfilesystem": "efs",
    "elasticmapreduce": "emr",
    "email": "ses",
    "monitoring": "cloudwatch",
    "servicequotas": "service-quotas",
    "states": "stepfunctions",
    "tagging": "resourcegroupstaggingapi",
    "aps": "amp",
}
"""Signing names that are not the boto3 name of their service."""

ELBV2_API_VERSION = "2015-12-01"
_SCOPE = re.compile(r"Credential=[^/]+/\d{8}/(?P<region>[^/]+)/(?P<service>[^/]+)/aws4_request")


@dataclass(frozen=True)
class Reply:
    """An HTTP answer."""

    status: int
    headers: dict[str, str]
    body: bytes


@dataclass(frozen=True)
class Wire:
    """One request, identified but not yet parsed."""

    service: str
    region: str
    operation: OperationModel
    protocol: str
    request: Request
    uri_params: dict[str, Any]

    def params(self) -> dict[str, Any]:
        """The parameters by botocore's member names. Raises ApiError if unreadable."""
        document = {
            "method": self.request.method,
            "values": self.request.values,
            "headers": self.request.headers,
            "body": _plain_body(self.request),
            "url_path": self.request.path,
            "url_params": self.uri_params,
        }
        try:
            return borrowed.parsed(self.protocol, self.operation, document)
        except (ValueError, TypeError, KeyError, AttributeError) as problem:
            text = f"cannot read the request: {type(problem).__name__}: {problem}"
            raise ApiError("SerializationException", text) from problem

    def reply(self, result: dict[str, Any] | ApiError, request_id: str) -> Reply:
        """`result` in the protocol of the call."""
        made = borrowed.serialized(self.service, self.protocol, self.operation, result, request_id)
        status = made["status_code"]
        if isinstance(result, ApiError) and result.status is not None:
            status = result.status
        body = made["body"]
        headers = {**made["headers"], "x-amzn-RequestId": request_id}
        return Reply(status, headers, body.encode() if isinstance(body, str) else body)

    def read(self, reply: Reply) -> dict[str, Any]:
        """What a client would read from `reply`. Raises ApiError for an error answer."""
        raw = {"status_code": reply.status, "headers": reply.headers, "body": reply.body}
        answer = borrowed.read(self.protocol, raw, self.operation.output_shape)
        answer.pop("ResponseMetadata", None)
        if reply.status >= 300:
            error = mapping(answer.get("Error"))
            code = error.get("Code") or "UnknownError"
            raise ApiError(code, error.get("Message", ""), reply.status)
        return answer


def identify(environ: Environ) -> Wire:
    """Which service, region and operation a request is for. Raises ApiError."""
    request = Request(environ)
    service, region = _scope(environ, request)
    model = service_model(service)
    operation, uri_params = _operation(model, request)
    protocol = borrowed.protocol_of(model, request)
    return Wire(service, region, operation, protocol, request, uri_params)


def service_model(service: str) -> ServiceModel:
    """botocore's model of a service. Raises ApiError for a name that botocore lacks."""
    try:
        return borrowed.service_model(service)
    except UnknownServiceError:
        raise ApiError(
            "UnknownService", f"no AWS service signs its calls as {service!r}", 400
        ) from None


def _operation(model: ServiceModel, request: Request) -> tuple[OperationModel, dict[str, Any]]:
    try:
        return borrowed.match(model.service_name, request)
    except (NotFound, NotImplementedError):
        target = request.headers.get("X-Amz-Target") or request.values.get("Action")
        raise ApiError(
            "UnknownOperationException",
            f"{model.service_name} has no operation for"
            f" {target or f'{request.method} {request.path}'}",
            404,
        ) from None


def _scope(environ: Environ, request: Request) -> tuple[str, str]:
    """boto3 service name and region, from the credential scope of the signature."""
    match = _SCOPE.search(environ.get("HTTP_AUTHORIZATION", ""))
    if match:
        return _service(match["service"], environ, request), match["region"]
    presigned = parse_qs(environ.get("QUERY_STRING", "")).get("X-Amz-Credential", [""])[0]
    parts = presigned.split("/")
    if len(parts) == 5:
        return _service(parts[3], environ, request), parts[2]
    if request.values.get("Action", "").startswith("AssumeRole"):
        return "sts", "us-east-1"
    raise ApiError(
        "MissingAuthenticationToken",
        "the request carries no AWS signature; use any access key of 20 characters",
        403,
    )


def _service(signing_name: str, environ: Environ, request: Request) -> str:
    """Some signing names stand for several services, told apart by path or version."""
    if signing_name == "elasticloadbalancing":
        return "elbv2" if request.values.get("Version") == ELBV2_API_VERSION else "elb"
    if signing_name == "s3" and (
        environ.get("PATH_INFO", "").startswith("/v20180820/") or "HTTP_X_AMZ_ACCOUNT_ID" in environ
    ):
        return "s3control"
    return SIGNING_NAMES.get(signing_name, signing_name)


def _plain_body(request: Request) -> bytes:
    body = request.get_data()
    if request.content_encoding == "gzip" and body[:2] == b"\x1f\x8b":
        return gzip.decompress(body)
    return body


def rewound(environ: Environ, body: bytes) -> Environ:
    """A copy of `environ` from which a WSGI application can read the body again."""
    return {**environ, "wsgi.input": io.BytesIO(body), "CONTENT_LENGTH": str(len(body))}


def environ_for(service: str, operation: str, region: str, params: dict[str, Any]) -> Environ:
    """A WSGI request for a call that the simulated cloud makes to itself."""
    model = service_model(service).operation_model(operation)
    made = borrowed.request_for(model, params)
    body = made["body"]
    if isinstance(body, dict):
        body = urlencode(mapping(body))
    scope = f"AKIASIMULATEDCLOUD00/20260101/{region}/{service}/aws4_request"
    builder = EnvironBuilder(
        path=made["url_path"],
        query_string=made["query_string"],
        method=made["method"],
        data=body,
        headers=[
            *made["headers"].items(),
            ("Authorization", f"AWS4-HMAC-SHA256 Credential={scope}"),
            ("Host", f"{service}.{region}.amazonaws.com"),
        ],
    )
    return builder.get_environ()
