"""The operator's edits of a stack file that turn on what a first deployment does without, and
move models: applications, single sign-on, training, a further team, canaries."""

from __future__ import annotations

from typing import Any

from rehearsal.engine.workspace import Settings
from rehearsal.scenario.operator import digest

ISSUER = "https://login.company.com/oauth2/default"
SHARES = "services", "serving", "models"
PROMOTED = "churn"
"""The model whose canary takes all."""
ROLLED_BACK = "chat"
"""The model whose canary goes again."""


def everything(settings: Settings) -> None:
    """Platform API, web UI, training, single sign-on, a third team and two models, each with a
    canary: one scaled by processors, one on GPUs by KEDA."""
    settings["services"] = {
        **settings.get("services", {}),
        "applications": {
            "platform_api": {"image_digest": digest("platform-api")},
            "web_ui": {"image_digest": digest("web-ui")},
            "lease_agent": {"image_digest": digest("lease-agent")},
        },
        "delivery": {"training": {"image_digest": digest("training")}},
        "access": {"oidc": _sign_on()},
        "serving": {"models": [_churn(), _chat()]},
    }
    settings["teams"].append(_research())


def canaries_decided(settings: Settings) -> None:
    """One canary does well and gets half of the requests, the other gets none any more."""
    _model(settings, PROMOTED)["canary"]["percent"] = 50
    _model(settings, ROLLED_BACK)["canary"]["percent"] = 0


def canaries_done(settings: Settings) -> None:
    """What the one canary served is the model now; the other is dropped."""
    promoted = _model(settings, PROMOTED)
    promoted["storage_uri"] = promoted.pop("canary")["storage_uri"]
    del _model(settings, ROLLED_BACK)["canary"]


def as_at_first(settings: Settings) -> None:
    """Without what a first deployment cannot have: its registry holds no image yet."""
    settings.pop("services", None)


def _sign_on() -> dict[str, str]:
    endpoints = {one: f"{ISSUER}/v1/{one}" for one in ("token", "userinfo")}
    return {"issuer": ISSUER, "authorization": f"{ISSUER}/v1/authorize", **endpoints}


def _churn() -> dict[str, Any]:
    return {
        "name": PROMOTED,
        "format": "sklearn",
        "storage_uri": "s3://company-models/churn/v1",
        "canary": {"storage_uri": "s3://company-models/churn/v2", "percent": 10},
    }


def _chat() -> dict[str, Any]:
    return {
        "name": ROLLED_BACK,
        "format": "huggingface",
        "storage_uri": "s3://company-models/chat/v1",
        "gpus": 1,
        "max_replicas": 4,
        "autoscaler": {"kind": "keda", "metric": "gpu_percent", "target": 70},
        "canary": {"storage_uri": "s3://company-models/chat/v2", "percent": 10},
    }


def _research() -> dict[str, Any]:
    return {
        "name": "research",
        "owner": "research@company.com",
        "cost_center": "Research",
        "quota": {"cpus": 16, "memory_gib": 64, "gpus": 0, "storage_gib": 100},
    }


def _model(settings: Settings, name: str) -> dict[str, Any]:
    models: list[dict[str, Any]] = settings["services"]["serving"]["models"]
    return next(one for one in models if one["name"] == name)
