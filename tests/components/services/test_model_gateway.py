"""The models' gateway behind a balancer that names no server in its own TLS session."""

from __future__ import annotations

from typing import Any

from catalog.charts.crds import wrong_object
from components.services.model_gateway import CERTIFICATE, ModelGatewayArgs, model_gateway

ARGS = ModelGatewayArgs(host="models.example.com", target_group_arn="arn:aws:target-group")


def _listeners() -> list[dict[str, Any]]:
    plan = model_gateway(ARGS)
    gateway = next(one for one in plan.objects if one.kind == "Gateway")
    return gateway.manifest["spec"]["listeners"]


def test_no_listener_has_a_hostname_as_the_balancer_sends_no_server_name() -> None:
    assert [one for one in _listeners() if "hostname" in one] == []


def test_one_listener_ends_tls_with_the_certificate_of_the_inside() -> None:
    (listener,) = _listeners()
    assert (listener["port"], listener["protocol"]) == (8443, "HTTPS")
    assert listener["tls"] == {"mode": "Terminate", "certificateRefs": [{"name": CERTIFICATE}]}


def test_only_routes_of_namespaces_that_the_gateway_serves_are_taken() -> None:
    (listener,) = _listeners()
    assert listener["allowedRoutes"]["namespaces"]["from"] == "Selector"


def test_the_target_group_gets_the_port_of_the_listener() -> None:
    plan = model_gateway(ARGS)
    binding = next(one for one in plan.objects if one.kind == "TargetGroupBinding")
    assert binding.manifest["spec"]["serviceRef"]["port"] == _listeners()[0]["port"]


def test_what_it_makes_fits_its_definitions() -> None:
    made = model_gateway(ARGS).objects
    assert [problem for one in made for problem in wrong_object(one.manifest)] == []
