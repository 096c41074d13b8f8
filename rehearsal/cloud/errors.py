"""Errors as AWS words them: a code, a message, and (where it matters) a status."""

from __future__ import annotations


class ApiError(Exception):
    """Raised by any stage that refuses a call; the gateway serialises it in the protocol
    of the call. `status` None means: what the service's model says, else 400."""

    def __init__(self, code: str, message: str, status: int | None = None) -> None:
        super().__init__(f"{code}: {message}")
        self.code = code
        self.message = message
        self.status = status


def not_implemented(service: str, operation: str) -> ApiError:
    """The error for an operation that neither moto nor this package implements."""
    return ApiError(
        "NotImplemented",
        f"The simulated cloud does not implement {service}:{operation}. Nothing was changed."
        " Add it under rehearsal/cloud/operations/.",
        501,
    )
