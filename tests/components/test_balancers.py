"""Load balancers of consoles and models, and who reaches what through them."""

from __future__ import annotations

import dataclasses
from typing import Any

import pytest

from components.base import Site
from components.console_balancer import Console, ConsoleBalancer, ConsoleBalancerArgs
from components.model_balancer import ModelBalancer, ModelBalancerArgs
from tests.components.recorder import Recording, record

BALANCER = "aws:lb/loadBalancer:LoadBalancer"
GROUP = "aws:lb/targetGroup:TargetGroup"
LISTENER = "aws:lb/listener:Listener"
INGRESS = "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule"
EGRESS = "aws:vpc/securityGroupEgressRule:SecurityGroupEgressRule"
CERTIFICATE = "arn:aws:acm:us-east-1:123456789012:certificate/c"
MLFLOW = Console(name="mlflow", host="mlflow.mlops.example.com", port=5000, health_path="/health")
GRAFANA = Console(name="grafana", host="grafana.mlops.example.com", port=3000)


def console_arguments(**changes: Any) -> ConsoleBalancerArgs:
    whole = ConsoleBalancerArgs(
        vpc_id="vpc-1",
        subnet_ids=["subnet-a", "subnet-b"],
        certificate_arn=CERTIFICATE,
        node_security_group_id="sg-nodes",
        access_logs_bucket="access-logs",
        consoles=[MLFLOW, GRAFANA],
        client_cidrs=["10.0.0.0/8"],
    )
    return dataclasses.replace(whole, **changes)


def consoles(site: Site, **changes: Any) -> Recording[ConsoleBalancer]:
    return record(lambda: ConsoleBalancer("consoles", console_arguments(**changes), site))


def models(site: Site) -> Recording[ModelBalancer]:
    args = ModelBalancerArgs(
        vpc_id="vpc-1",
        subnet_ids=["subnet-a", "subnet-b"],
        certificate_arn=CERTIFICATE,
        node_security_group_id="sg-nodes",
        access_logs_bucket="access-logs",
        client_cidrs=["10.0.0.0/8"],
    )
    return record(lambda: ModelBalancer("models", args, site))


@pytest.mark.parametrize("build", [consoles, models])
def test_names_stay_within_what_aws_allows(site: Site, build: Any) -> None:
    recording = build(site)
    named = [*recording.all(BALANCER), *recording.all(GROUP)]
    assert named
    assert all(len(one.inputs["name"]) <= 32 for one in named)
    assert len({one.inputs["name"] for one in named}) == len(named)


@pytest.mark.parametrize("build", [consoles, models])
def test_a_balancer_is_logged_and_protected_while_data_is(site: Site, build: Any) -> None:
    inputs = build(site).one(BALANCER).inputs
    assert inputs["enableDeletionProtection"] is True
    assert inputs["accessLogs"]["enabled"] is True
    assert inputs["accessLogs"]["bucket"] == "access-logs"
    torn_down = build(dataclasses.replace(site, protect_data=False)).one(BALANCER)
    assert torn_down.inputs["enableDeletionProtection"] is False


@pytest.mark.parametrize("build", [consoles, models])
def test_tls_is_modern(site: Site, build: Any) -> None:
    encrypted = [
        one for one in build(site).all(LISTENER) if one.inputs["protocol"] in {"HTTPS", "TLS"}
    ]
    assert [one.inputs["port"] for one in encrypted] == [443]
    assert encrypted[0].inputs["sslPolicy"].startswith("ELBSecurityPolicy-TLS13-1-2")
    assert encrypted[0].inputs["certificateArn"] == CERTIFICATE


def test_plain_http_is_sent_to_https(site: Site) -> None:
    plain = consoles(site).one(LISTENER, "consoles-http").inputs
    (action,) = plain["defaultActions"]
    assert plain["port"] == 80
    assert action["redirect"] == {"port": "443", "protocol": "HTTPS", "statusCode": "HTTP_301"}


def test_malformed_headers_are_dropped(site: Site) -> None:
    assert consoles(site).one(BALANCER).inputs["dropInvalidHeaderFields"] is True


def test_each_console_answers_to_its_own_host_and_others_to_none(site: Site) -> None:
    recording = consoles(site)
    rules = recording.all("aws:lb/listenerRule:ListenerRule")
    hosts = [one.inputs["conditions"][0]["hostHeader"]["values"] for one in rules]
    assert hosts == [[MLFLOW.host], [GRAFANA.host]]
    assert [one.inputs["priority"] for one in rules] == [10, 20]
    (default,) = recording.one(LISTENER, "consoles-https").inputs["defaultActions"]
    assert default["fixedResponse"]["statusCode"] == "404"


def test_pods_are_joined_by_address(site: Site) -> None:
    recording = consoles(site)
    assert {one.inputs["targetType"] for one in recording.all(GROUP)} == {"ip"}
    mlflow = recording.one(GROUP, "consoles-mlflow").inputs
    assert mlflow["port"] == 5000
    assert mlflow["healthCheck"]["path"] == "/health"
    assert set(recording.result.target_group_arns) == {"mlflow", "grafana"}


def test_clients_reach_only_the_listeners(site: Site) -> None:
    recording = consoles(site, client_cidrs=["10.0.0.0/8", "2001:db8::/32"])
    from_clients = [
        one.inputs
        for one in recording.all(INGRESS)
        if "referencedSecurityGroupId" not in one.inputs
    ]
    reached = {
        (one.get("cidrIpv4") or one.get("cidrIpv6"), one["fromPort"], one["toPort"])
        for one in from_clients
    }
    assert reached == {
        ("10.0.0.0/8", 443, 443),
        ("10.0.0.0/8", 80, 80),
        ("2001:db8::/32", 443, 443),
        ("2001:db8::/32", 80, 80),
    }


def test_the_balancer_reaches_only_the_pods_ports(site: Site) -> None:
    recording = consoles(site)
    egress = recording.all(EGRESS)
    assert {one.inputs["fromPort"] for one in egress} == {3000, 5000}
    assert {one.inputs["referencedSecurityGroupId"] for one in egress} == {"sg-nodes"}
    at_nodes = [
        one.inputs for one in recording.all(INGRESS) if one.inputs["securityGroupId"] == "sg-nodes"
    ]
    assert {one["fromPort"] for one in at_nodes} == {3000, 5000}
    assert {one["referencedSecurityGroupId"] for one in at_nodes} == {"consoles-group-id"}


def test_every_rule_says_what_it_is_for(site: Site) -> None:
    recording = consoles(site)
    rules = [*recording.all(INGRESS), *recording.all(EGRESS)]
    assert all(one.inputs["description"] for one in rules)


def test_a_console_that_serves_tls_is_asked_and_checked_by_it(site: Site) -> None:
    secure = dataclasses.replace(GRAFANA, protocol="HTTPS")
    recording = consoles(site, consoles=[MLFLOW, secure])
    plain = recording.one(GROUP, "consoles-mlflow").inputs
    group = recording.one(GROUP, "consoles-grafana").inputs
    assert (plain["protocol"], plain["healthCheck"]["protocol"]) == ("HTTP", "HTTP")
    assert (group["protocol"], group["healthCheck"]["protocol"]) == ("HTTPS", "HTTPS")


def test_a_group_of_another_protocol_has_another_name_as_aws_replaces_it(site: Site) -> None:
    secure = dataclasses.replace(GRAFANA, protocol="HTTPS")
    names = {
        consoles(site, consoles=[console]).one(GROUP).inputs["name"]
        for console in (GRAFANA, secure)
    }
    assert len(names) == 2


def test_two_consoles_of_one_host_are_refused() -> None:
    twin = dataclasses.replace(GRAFANA, host=MLFLOW.host)
    with pytest.raises(ValueError, match="each host once"):
        console_arguments(consoles=[MLFLOW, twin])


def test_models_are_served_over_http_2_and_from_every_zone(site: Site) -> None:
    recording = models(site)
    balancer = recording.one(BALANCER).inputs
    assert balancer["loadBalancerType"] == "network"
    assert balancer["enableCrossZoneLoadBalancing"] is True
    assert recording.one(LISTENER).inputs["alpnPolicy"] == "HTTP2Preferred"


def test_the_gateways_health_is_asked_on_its_status_port(site: Site) -> None:
    recording = models(site)
    group = recording.one(GROUP).inputs
    assert group["protocol"] == "TLS"
    assert group["healthCheck"]["port"] == "15021"
    assert group["healthCheck"]["path"] == "/healthz/ready"
    assert {one.inputs["fromPort"] for one in recording.all(EGRESS)} == {8443, 15021}
