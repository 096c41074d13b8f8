"""The parts of botocore and moto that the gateway stands on, with types: neither package
has complete ones. Nothing else here imports them, except for moto's backends."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Protocol, cast

from botocore import parsers as _parsers  # pyright: ignore[reportMissingTypeStubs]
from botocore import serialize as _serialize  # pyright: ignore[reportMissingTypeStubs]
from botocore.validate import ParamValidator as _ParamValidator  # pyright: ignore[reportMissingTypeStubs]
from moto.core.parse import PROTOCOL_PARSERS as _PROTOCOL_PARSERS
from moto.core.request import Request, determine_request_protocol
from moto.core.routing import get_service_router as _get_service_router
from moto.core.serialize import SerializationContext as _SerializationContext
from moto.core.serialize import get_serializer_class as _get_serializer_class
from moto.core.utils import get_service_model as _get_service_model

__all__ = ["OperationModel", "Request", "ServiceModel", "Shape"]


class Shape(Protocol):
    """A shape of botocore's model; which members it has depends on `type_name`."""

    name: str
    type_name: str
    metadata: dict[str, Any]
    members: dict[str, Shape]
    required_members: list[str]
    member: Shape
    key: Shape
    value: Shape
    enum: list[str]


class OperationModel(Protocol):
    """One operation of a service."""

    name: str
    input_shape: Shape | None
    output_shape: Shape | None


class ServiceModel(Protocol):
    """A service: its operations and errors."""

    service_name: str
    operation_names: list[str]
    error_shapes: list[Shape]

    def operation_model(self, operation_name: str) -> OperationModel:
        """The operation of that name."""
        ...


class Report(Protocol):
    """What botocore's validator found."""

    def has_errors(self) -> bool:
        """Whether it found anything."""
        ...

    def generate_report(self) -> str:
        """What it found, in words."""
        ...


Match = tuple[OperationModel, dict[str, Any]]

service_model = cast("Callable[[str], ServiceModel]", _get_service_model)
"""botocore's model of a service. Raises botocore's UnknownServiceError."""


def match(service: str, request: Request) -> Match:
    """The operation that a request is for, and the parameters in its path. Raises
    werkzeug's NotFound or NotImplementedError (a protocol that moto does not speak)."""
    return cast("Match", _get_service_router(service).match(request))


def protocol_of(model: ServiceModel, request: Request) -> str:
    """Protocol of a request: `ec2`, `query`, `json`, `rest-json` or `rest-xml`."""
    return determine_request_protocol(cast("Any", model), request.content_type)


def parsed(protocol: str, operation: OperationModel, document: dict[str, Any]) -> dict[str, Any]:
    """Parameters of a request, by botocore's member names."""
    parser = cast("Any", _PROTOCOL_PARSERS)[protocol](operation)
    return parser.parse(document)


def serialized(
    service: str, protocol: str, operation: OperationModel, result: object, request_id: str
) -> dict[str, Any]:
    """`result` (or an exception) as moto's serialiser writes it: body, headers, status_code."""
    serializer = cast("Any", _get_serializer_class(service, protocol))
    return serializer(operation, _SerializationContext(request_id)).serialize(result)


def read(protocol: str, document: dict[str, Any], shape: Shape | None) -> dict[str, Any]:
    """What botocore's client makes of an answer."""
    return cast("Any", _parsers).create_parser(protocol).parse(document, shape)


def request_for(operation: OperationModel, params: dict[str, Any]) -> dict[str, Any]:
    """The HTTP request for a call, as botocore's client would send it: url_path,
    query_string, method, headers, body."""
    model = cast("Any", operation)
    serializer = cast("Any", _serialize).create_serializer(model.service_model.protocol)
    return serializer.serialize_to_request(params, model)


def report(answer: dict[str, Any], shape: Shape) -> Report:
    """What botocore's validator says about an answer."""
    return cast("Any", _ParamValidator)().validate(answer, shape)


def shape(service: str, name: str) -> Shape:
    """A shape of a service's model by its name."""
    return cast("Any", service_model(service)).shape_for(name)
