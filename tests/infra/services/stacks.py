"""The plans of the committed stack files, with sample facts."""

from __future__ import annotations

import json
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from components.services.check import check
from components.services.plan import ServicePlan
from infra.services.anchors import anchor_names
from infra.services.areas import service_plans
from infra.services.facts import sample_facts
from infra.services.ground import private_cidrs
from infra.settings import CONFIG_KEY, Settings, parse
from infra.where import site_of

ROOT = Path(__file__).resolve().parents[3]


def settings_of(stack: str, services: Mapping[str, Any] | None = None, **changed: Any) -> Settings:
    """Settings of a committed stack, with `services` and other keys changed."""
    document = yaml.safe_load((ROOT / f"Pulumi.{stack}.yaml").read_text())["config"][CONFIG_KEY]
    return parse(stack, json.dumps({**document, "services": services or {}, **changed}))


def plans_of(settings: Settings) -> list[ServicePlan]:
    """Plans with samples for what is not known yet."""
    site = site_of(settings)
    facts = sample_facts(site, settings.network.cidr, private_cidrs(settings))
    return service_plans(settings, site, facts)


def judge(settings: Settings) -> None:
    """Hold the plans of a stack to their contracts. Raises PlanError as a deployment does."""
    check(plans_of(settings), anchor_names(settings))


@cache
def committed(stack: str) -> tuple[ServicePlan, ...]:
    """Plans of a committed stack file."""
    return tuple(plans_of(settings_of(stack)))


DIGEST = "sha256:" + "0" * 64
APPLICATIONS: Mapping[str, Any] = {
    "platform_api": {"image_digest": DIGEST},
    "web_ui": {"image_digest": DIGEST},
}
MODEL: Mapping[str, Any] = {
    "name": "churn",
    "format": "sklearn",
    "storage_uri": "s3://models/churn/v1",
    "canary": {"storage_uri": "s3://models/churn/v2", "percent": 10},
}


@cache
def everything() -> tuple[ServicePlan, ...]:
    """Production with applications, a model and its canary, a training image and single sign-on."""
    services = {
        "applications": APPLICATIONS,
        "serving": {"models": [MODEL]},
        "delivery": {"training": {"image_digest": DIGEST}},
        "access": {"oidc": {"issuer": "https://login.company.com/oauth2/default"}},
    }
    return tuple(plans_of(settings_of("production", services)))
