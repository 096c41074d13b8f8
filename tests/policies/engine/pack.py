"""The pack under the real engine: a project of one program that registers scenes, a provider that
takes any type, and a copy of the pack whose expectations each test writes itself."""

from __future__ import annotations

import json
import shutil
import sys
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from policies.stack_settings import StackSettings
from policies.subject import STACK
from rehearsal.engine import workspace
from rehearsal.engine.events import Event
from rehearsal.engine.pulumi import Outcome, Stack
from rehearsal.engine.workspace import Workspace
from rehearsal.scenario.world import project_root
from tests.policies.scene import Described

HERE = Path(__file__).parent
VERSION = "1.0.0"
PACKAGES = ("aws", "kubernetes", "random")


@dataclass(frozen=True)
class Told:
    """What the pack said of a resource, as the engine reports it."""

    rule: str
    urn: str
    level: str
    message: str


@dataclass(frozen=True)
class Pack:
    """A workspace in which scenes are judged."""

    space: Workspace

    def stack(self, name: str, scene: Iterable[Described], expected: StackSettings | None) -> Stack:
        """A stack of the scene; without expectations there is no file for it."""
        self.expect(name, expected)
        file = self.space.root / f"{name}.json"
        described = [{**one.__dict__, "urn": one.urn} for one in scene]
        file.write_text(json.dumps(described), encoding="utf-8")
        environment = {**self.space.environment("http://127.0.0.1:9"), "SCENE": str(file)}
        made = Stack(
            name, self.space.project, self.space.logs, environment, parallel=32,
            policy_pack=self.space.policy_pack,
        )  # fmt: skip
        made.create()
        return made

    def expect(self, name: str, expected: StackSettings | None) -> None:
        """Write what the pack expects of the stack."""
        file = self.space.project / "policies" / "stacks" / f"{name}.yaml"
        if expected is not None:
            text = yaml.safe_dump(expected.model_dump(mode="json"), sort_keys=False)
            file.write_text(text, encoding="utf-8")


def create(root: Path) -> Pack:
    """A workspace in the empty folder `root`."""
    source = root / "source"
    (source / "infra").mkdir(parents=True)
    shutil.copy(HERE / "program" / "__main__.py", source / "infra" / "__main__.py")
    (source / "Pulumi.yaml").write_text("name: scenes\nmain: infra/\nruntime: python\n")
    # A copy: its settings are the tests' own.
    shutil.copytree(
        project_root() / "policies", source / "policies",
        ignore=shutil.ignore_patterns("__pycache__"),
    )  # fmt: skip
    space = workspace.create(root / "workspace", source)
    shutil.rmtree(space.home / "plugins")
    for package in PACKAGES:
        folder = space.home / "plugins" / f"resource-{package}-v{VERSION}"
        folder.mkdir(parents=True)
        executable = folder / f"pulumi-resource-{package}"
        executable.write_text(f'#!/bin/sh\nexec "{sys.executable}" "{HERE / "stand_in.py"}" "$@"\n')
        executable.chmod(0o755)
    return Pack(space)


def told(outcome: Outcome) -> Sequence[Told]:
    """What the pack said in the course of a command."""
    return [_told(one["policyEvent"]) for one in outcome.events if "policyEvent" in one]


def repaired(outcome: Outcome) -> frozenset[tuple[str, str]]:
    """Rule and URN of each repair."""
    found = (one.get("policyRemediationEvent") for one in outcome.events)
    return frozenset((one["policyName"], one["resourceUrn"]) for one in found if one)


def refusals(outcome: Outcome) -> Mapping[str, set[str]]:
    """Mandatory rules by the place of the resource that broke them."""
    found: dict[str, set[str]] = {}
    for one in told(outcome):
        if one.level == "mandatory":
            found.setdefault(place_of(one.urn), set()).add(one.rule)
    return found


def place_of(urn: str) -> str:
    """Type and name: what a URN says apart from the stack's name."""
    *_, type_, name = urn.split("::")
    return type_ if type_ == STACK else f"{type_}::{name}"


def inputs_of(state: Mapping[str, Any], one: Described) -> Mapping[str, Any]:
    """What a state has as the resource's inputs."""
    (found,) = [
        entry for entry in state["deployment"]["resources"]
        if place_of(entry["urn"]) == place_of(one.urn)
    ]  # fmt: skip
    return found["inputs"]


def _told(event: Event) -> Told:
    return Told(
        event["policyName"],
        event.get("resourceUrn", ""),
        event["enforcementLevel"],
        event["message"],
    )
