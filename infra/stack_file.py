"""Reading `Pulumi.<stack>.yaml` without pulumi, for tests, ops and the editor schema."""

from __future__ import annotations

import json
from pathlib import Path
from typing import cast

import yaml

from infra.settings import CONFIG_KEY, Settings, SettingsError, parse


def read(stack: str, folder: Path) -> Settings:
    """The settings of `stack` from its file in `folder`. Raises SettingsError."""
    return parse(stack, document(stack, folder))


def document(stack: str, folder: Path) -> str:
    """The settings object of `stack` as JSON text. Raises SettingsError naming the file."""
    path = folder / f"Pulumi.{stack}.yaml"
    try:
        content: object = yaml.safe_load(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise SettingsError(f"{path.name}: not found in {folder}; create it first") from None
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        raise SettingsError(f"{path.name}: not readable as YAML: {_first_line(error)}") from None
    return json.dumps(_at(content, "config", CONFIG_KEY), default=str)


def _at(content: object, *keys: str) -> object:
    for key in keys:
        content = cast("dict[str, object]", content).get(key) if isinstance(content, dict) else None
    return content


def _first_line(error: Exception) -> str:
    return " ".join(str(error).split())
