"""The plans of the committed stack files, with sample facts."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from functools import cache
from hashlib import sha256
from pathlib import Path
from typing import Any

import yaml

from components.services.check import check
from components.services.image_mirror import ImageMirror, images_of, mirrored
from components.services.plan import ServicePlan
from infra.services.anchors import anchor_names
from infra.services.areas import direct_plans, service_plans
from infra.services.facts import sample_facts
from infra.services.ground import own_registry, private_cidrs
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
    facts = sample_facts(
        site, settings.network.cidr, private_cidrs(settings), own_registry(settings)
    )
    return service_plans(settings, site, facts)


def judge(settings: Settings) -> None:
    """Hold the plans of a stack to their contracts. Raises PlanError as a deployment does."""
    check(plans_of(settings), anchor_names(settings))


PREFIX = "mirror.example.com:5000/mlops"
"""Where the mirrored plans take their images from."""


def mirror_of(plans: Sequence[ServicePlan], registry: str) -> ImageMirror:
    """A mirror that holds what `plans` run, each image under a digest of its own."""
    digests = {
        one.undigested: f"sha256:{sha256(str(one).encode()).hexdigest()}"
        for one in images_of(plans)
    }
    return ImageMirror(prefix=PREFIX, digests=digests, own=registry)


def mirrored_plans(settings: Settings) -> tuple[list[ServicePlan], ImageMirror]:
    """Plans with every image from a mirror, and the mirror."""
    site = site_of(settings)
    facts = sample_facts(
        site, settings.network.cidr, private_cidrs(settings), own_registry(settings)
    )
    plans = direct_plans(settings, site, facts)
    mirror = mirror_of(plans, facts.registry)
    return mirrored(plans, mirror), mirror


@cache
def committed(stack: str) -> tuple[ServicePlan, ...]:
    """Plans of a committed stack file."""
    return tuple(plans_of(settings_of(stack)))


DIGEST = "sha256:" + "0" * 64
APPLICATIONS: Mapping[str, Any] = {
    "platform_api": {"image_digest": DIGEST, "serves_tls": True},
    "web_ui": {"image_digest": DIGEST, "serves_tls": True},
    "lease_agent": {"image_digest": DIGEST},
}
MODEL: Mapping[str, Any] = {
    "name": "churn",
    "format": "sklearn",
    "storage_uri": "s3://models/churn/v1",
    "canary": {"storage_uri": "s3://models/churn/v2", "percent": 10},
}


GPU_MODEL: Mapping[str, Any] = {
    "name": "chat",
    "format": "huggingface",
    "storage_uri": "s3://models/chat/v1",
    "gpus": 1,
    "autoscaler": {"kind": "keda", "metric": "gpu_percent", "target": 70},
}


SINGLE_SIGN_ON: Mapping[str, Any] = {
    "issuer": "https://login.company.com/oauth2/default",
    "authorization": "https://login.company.com/oauth2/default/v1/authorize",
    "token": "https://login.company.com/oauth2/default/v1/token",
    "userinfo": "https://login.company.com/oauth2/default/v1/userinfo",
}
EVERYTHING: Mapping[str, Any] = {
    "applications": APPLICATIONS,
    "serving": {"models": [MODEL, GPU_MODEL]},
    "delivery": {"training": {"image_digest": DIGEST}},
    "access": {
        "oidc": SINGLE_SIGN_ON,
    },
}


@cache
def everything() -> tuple[ServicePlan, ...]:
    """Production with applications, models and a canary, training and single sign-on."""
    return tuple(plans_of(settings_of("production", EVERYTHING)))


@cache
def everything_mirrored() -> tuple[ServicePlan, ...]:
    """The same at a site with a mirror, its admission policy included."""
    services = {**EVERYTHING, "mirror": {"images": PREFIX}}
    plans, _ = mirrored_plans(settings_of("production", services))
    return tuple(plans)
