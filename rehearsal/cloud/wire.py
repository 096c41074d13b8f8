"""From HTTP to a parsed call and back, by botocore's models.

moto's routers, parsers and serialisers do the protocol work; this module decides which
service a request is for, which moto's own server leaves to each service.
"""

from __future__ import annotations

import functools
import gzip
import io
import re
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qs

from botocore.parsers import create_parser
from moto.core.model import OperationModel, ServiceModel
from moto.core.parse import PROTOCOL_PARSERS
from moto.core.request import Request, determine_request_protocol
from moto.core.routing import get_service_router
from moto.core.serialize import SerializationContext, get_serializer_class
from moto.core.utils import get_service_model
from werkzeug.exceptions import NotFound

from rehearsal.cloud.errors import ApiError

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
        parser = PROTOCOL_PARSERS[self.protocol](self.operation)
        try:
            parsed: dict[str, Any] = parser.parse(
                {
                    "method": self.request.method,
                    "values": self.request.values,
                    "headers": self.request.headers,
                    "body": _plain_body(self.request),
                    "url_path": self.request.path,
                    "url_params": self.uri_params,
                }
            )
        except Exception as problem:
            raise ApiError(
                "SerializationException", f"cannot read the request: {problem}"
            ) from None
        return parsed

    def reply(self, result: dict[str, Any] | ApiError, request_id: str) -> Reply:
        """`result` in the protocol of the call."""
        serializer = get_serializer_class(self.service, self._answer_protocol())
        context = SerializationContext(request_id)
        made = serializer(self.operation, context).serialize(result)
        status = made["status_code"]
        if isinstance(result, ApiError) and result.status is not None:
            status = result.status
        body = made["body"]
        headers = {**made["headers"], "x-amzn-RequestId": request_id}
        return Reply(status, headers, body.encode() if isinstance(body, str) else body)

    def read(self, reply: Reply) -> dict[str, Any]:
        """What a client would read from `reply`. Raises ApiError for an error answer."""
        parser = create_parser(self.protocol)
        raw = {"status_code": reply.status, "headers": reply.headers, "body": reply.body}
        parsed: dict[str, Any] = parser.parse(raw, self.operation.output_shape)
        parsed.pop("ResponseMetadata", None)
        if reply.status >= 300:
            error = parsed.get("Error", {})
            code = error.get("Code") or "UnknownError"
            raise ApiError(code, error.get("Message", ""), reply.status)
        return parsed

    def _answer_protocol(self) -> str:
        return self.protocol


def identify(environ: Environ) -> Wire:
    """Which service, region and operation a request is for. Raises ApiError."""
    request = Request(environ)
    service, region = _scope(environ, request)
    model = service_model(service)
    operation, uri_params = _operation(model, request)
    protocol = determine_request_protocol(model, request.content_type)
    return Wire(service, region, operation, protocol, request, uri_params)


def service_model(service: str) -> ServiceModel:
    """botocore's model of a service. Raises ApiError for a name that botocore lacks."""
    try:
        return get_service_model(service)
    except Exception:
        raise ApiError(
            "UnknownService", f"no AWS service signs its calls as {service!r}", 400
        ) from None


def _operation(model: ServiceModel, request: Request) -> tuple[OperationModel, dict[str, Any]]:
    try:
        return get_service_router(model.service_name).match(request)
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


@functools.cache
def error_codes(service: str) -> frozenset[str]:
    """Names of the errors that botocore's model of a service declares."""
    return frozenset(shape.name for shape in service_model(service).error_shapes)
