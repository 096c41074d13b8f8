"""Every name that a plan publishes leads somewhere, and what stands there can speak for it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache, cached_property
from typing import Any

import pytest
from pydantic import BaseModel

from components.services.plan import ServicePlan
from infra.services.facts import sample_facts
from infra.services.ground import own_registry, private_cidrs
from infra.settings import Settings
from infra.where import site_of
from tests.components.recorder import Registered
from tests.infra.composed import recorded
from tests.infra.documents import committed, parsed
from tests.infra.services.stacks import EVERYTHING, plans_of

WORD = "elsewhere"
"""What a setting that names a host is changed to."""


def host_settings(section: type[BaseModel], above: tuple[str, ...] = ()) -> Iterator[str]:
    """Dotted paths of the settings in which somebody may name a host of the platform's own."""
    for key, field in section.model_fields.items():
        path = (*above, key)
        if isinstance(field.annotation, type) and issubclass(field.annotation, BaseModel):
            yield from host_settings(field.annotation, path)
        elif "host" in key.split("_") or "public name" in (field.description or ""):
            yield ".".join(path)


HOST_SETTINGS = tuple(host_settings(Settings))


def changed(stack: str, path: str = "", value: Any = WORD) -> Settings:
    """A committed stack with everything that can be switched on, and the setting at `path`."""
    document = {**committed(stack), "services": dict(EVERYTHING)}
    if path:
        *parents, last = path.split(".")
        place: dict[str, Any] = document
        for key in parents:
            place[key] = dict(place.get(key, {}))
            place = place[key]
        place[last] = value
    return parsed(document, stack)


CASES: Mapping[str, Settings] = {
    "production": changed("production"),
    "dr": changed("dr"),
    "another domain": changed("production", "dns.domain", "ml.example.org"),
    **{path: changed("production", path) for path in HOST_SETTINGS},
}


@dataclass(frozen=True)
class Registrations:
    """What a stack registers, asked as a caller's request finds its way."""

    resources: list[Registered]

    def _of(self, type_: str) -> list[Registered]:
        return [one for one in self.resources if one.type == type_]

    @cached_property
    def records(self) -> dict[str, str]:
        """Address of the balancer by the name of each failover record."""
        return {
            one.inputs["name"]: one.inputs["aliases"][0]["name"]
            for one in self._of("aws:route53/record:Record")
            if one.inputs.get("failoverRoutingPolicies")
        }

    def balancer(self, host: str) -> str:
        """Logical name of the balancer that the name leads to; an exact record hides a wildcard."""
        wildcard = f"*.{host.partition('.')[2]}"
        address = self.records.get(host) or self.records.get(wildcard)
        assert address, f"{host}: no failover record"
        (found,) = [
            one.name.removesuffix("-balancer")
            for one in self._of("aws:lb/loadBalancer:LoadBalancer")
            if address == f"{one.inputs['name']}.elb.amazonaws.com"
        ]
        return found

    def subjects(self, balancer: str) -> set[str]:
        """Names on the certificate of the balancer's listener for TLS."""
        listeners = self._of("aws:lb/listener:Listener")
        (arn,) = [
            one.inputs["certificateArn"]
            for one in listeners
            if one.name.startswith(f"{balancer}-") and one.inputs["port"] == 443
        ]
        (held,) = [
            one
            for one in self._of("aws:acm/certificate:Certificate")
            if str(arn).endswith(f":{one.name}")
        ]
        return {held.inputs["domainName"], *held.inputs["subjectAlternativeNames"]}

    def forwarded(self) -> set[str]:
        """Hosts that the consoles' balancer knows."""
        return {
            host
            for rule in self._of("aws:lb/listenerRule:ListenerRule")
            for condition in rule.inputs["conditions"]
            for host in condition["hostHeader"]["values"]
        }


@cache
def registered(case: str) -> Registrations:
    """What the stack of a case registers."""
    with recorded(CASES[case]) as recording:
        return Registrations(recording.resources)


def spoken_for(host: str, subjects: set[str]) -> bool:
    """Whether a client accepts a certificate of `subjects`; a wildcard is one label."""
    return host in subjects or f"*.{host.partition('.')[2]}" in subjects


def stands_behind(plan: ServicePlan, settings: Settings) -> str:
    """The balancer that the plan's pods are targets of; models are those of their gateway's."""
    facts = sample_facts(
        site_of(settings), settings.network.cidr, private_cidrs(settings), own_registry(settings)
    )
    targets = {
        one.manifest["spec"]["targetGroupARN"]
        for one in plan.objects
        if one.kind == "TargetGroupBinding"
    }
    return "consoles" if targets & set(facts.console_targets.values()) else "models"


def test_a_setting_that_names_a_host_is_found() -> None:
    assert "services.learning.mlflow.host" in HOST_SETTINGS


@pytest.mark.parametrize("case", CASES)
def test_every_published_name_has_a_record_and_a_place_on_its_balancers_certificate(
    case: str,
) -> None:
    settings = CASES[case]
    published = [(plan, host) for plan in plans_of(settings) for host in plan.hosts]
    assert published
    made = registered(case)
    for plan, host in published:
        balancer = made.balancer(host)
        assert balancer == stands_behind(plan, settings), host
        assert spoken_for(host, made.subjects(balancer)), host
        assert balancer == "models" or host in made.forwarded(), host
    if case in HOST_SETTINGS:
        assert any(host.startswith(f"{WORD}.") for _, host in published)


@pytest.mark.parametrize("stack", ["production", "dr"])
def test_no_console_is_spoken_for_by_the_models_certificate(stack: str) -> None:
    models, consoles = (registered(stack).subjects(one) for one in ("models", "consoles"))
    assert models == {"models.mlops-platform.com", "*.models.mlops-platform.com"}
    assert not any(spoken_for(host, models) for host in consoles)
    assert not any(host.startswith("*") for host in consoles)


def test_external_dns_leaves_alone_what_fails_over() -> None:
    """What it is told to leave covers all below it."""
    settings = CASES["production"]
    (values,) = [
        release.values
        for plan in plans_of(settings)
        for release in plan.releases
        if release.chart.name == "external-dns"
    ]
    names = registered("production").records
    assert "*.models.mlops-platform.com" in names
    for name in names:
        bare = name.removeprefix("*.")
        assert any(bare == one or bare.endswith(f".{one}") for one in values["excludeDomains"])
