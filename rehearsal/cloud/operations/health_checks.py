"""Route 53 health checks, kept with their whole configuration: moto drops that of checks
on an alarm."""

from __future__ import annotations

from rehearsal.cloud.call import Answer, Call
from rehearsal.cloud.errors import ApiError
from rehearsal.cloud.operations.eks_records import identifier
from rehearsal.cloud.state import Record

KIND = "route53:health-check"
FIXED = ("Type", "RequestInterval")
DEFAULTS = {"RequestInterval": 30, "FailureThreshold": 3, "MeasureLatency": False}


def create_health_check(call: Call) -> Answer:
    """CreateHealthCheck: the same caller reference gives the same check."""
    reference, config = call.params["CallerReference"], call.params["HealthCheckConfig"]
    for made in _table(call).values():
        if made["CallerReference"] == reference:
            if made["Asked"] != config:
                raise ApiError("HealthCheckAlreadyExists", f"{reference} was used before", 409)
            return _answer(made)
    probing = config["Type"] not in ("CALCULATED", "CLOUDWATCH_METRIC", "RECOVERY_CONTROL")
    defaults = DEFAULTS if probing else {}
    made: Record = {
        "Id": identifier(call, reference),
        "CallerReference": reference,
        "HealthCheckConfig": {"Inverted": False, "Disabled": False, **defaults, **config},
        "HealthCheckVersion": 1,
        "Asked": config,
    }
    _table(call)[made["Id"]] = made
    return _answer(made)


def get_health_check(call: Call) -> Answer:
    """GetHealthCheck."""
    return {"HealthCheck": _shown(_find(call))}


def list_health_checks(call: Call) -> Answer:
    """ListHealthChecks: all on one page."""
    checks = [_shown(made) for made in _table(call).values()]
    return {"HealthChecks": checks, "Marker": "", "IsTruncated": False, "MaxItems": "100"}


def update_health_check(call: Call) -> Answer:
    """UpdateHealthCheck."""
    found = _find(call)
    config = found["HealthCheckConfig"]
    for name, value in call.params.items():
        if name in ("HealthCheckId", "HealthCheckVersion", "ResetElements") or value is None:
            continue
        config[name] = value
    for name in call.listed("ResetElements"):
        config.pop(name, None)
    found["HealthCheckVersion"] += 1
    return {"HealthCheck": _shown(found)}


def delete_health_check(call: Call) -> Answer:
    """DeleteHealthCheck."""
    del _table(call)[_find(call)["Id"]]
    return {}


def _table(call: Call) -> dict[str, Record]:
    return call.cloud.everywhere.table(KIND)


def _find(call: Call) -> Record:
    found = _table(call).get(call.params["HealthCheckId"])
    if found is None:
        name = call.params["HealthCheckId"]
        raise ApiError("NoSuchHealthCheck", f"A health check with id {name} does not exist.", 404)
    return found


def _shown(made: Record) -> Record:
    return {name: value for name, value in made.items() if name != "Asked"}


def _answer(made: Record) -> Answer:
    location = f"https://route53.amazonaws.com/2013-04-01/healthcheck/{made['Id']}"
    return {"HealthCheck": _shown(made), "Location": location}


OPERATIONS = {
    "CreateHealthCheck": create_health_check,
    "DeleteHealthCheck": delete_health_check,
    "GetHealthCheck": get_health_check,
    "ListHealthChecks": list_health_checks,
    "UpdateHealthCheck": update_health_check,
}
