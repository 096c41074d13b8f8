"""An engine that is killed at a chosen operation, and a recovery, on the simulated cloud.

Killed at the worst moment: the cloud has carried out a call of the operation, and nobody has
heard its answer yet.
"""

from __future__ import annotations

import signal
import time
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal

import boto3
import psutil
import requests
from pulumi import automation

from ops.clock import SystemClock
from ops.executor import Hands, carry_out
from ops.journal import opened
from ops.live.aws import Aws
from ops.live.engine import Engine
from ops.live.pending import PendingOperations
from ops.progress import PlainProgress
from ops.recover import recover
from ops.resource_ids import TAG
from ops.step import Target
from ops.world.pending import PendingReads, PendingVerbs
from rehearsal.engine.cloud_process import CloudProcess
from rehearsal.engine.events import Event
from rehearsal.engine.pulumi import Outcome, Stack
from rehearsal.engine.tools import pulumi_cli

ACCOUNT = "123456789012"
HELD_SECONDS = 60.0
"""For how long the cloud keeps the answer back: longer than the kill takes."""
PATIENCE_SECONDS = 3.0
"""Until an operation that calls nothing (one of the engine's own) is killed all the same."""
QUIET = frozenset({"same", "read"})

Verb = Literal["up", "destroy"]


@dataclass
class Killer:
    """Watches an update and kills its engine at the operation number `at`, from 1."""

    cloud: CloudProcess
    at: int
    seen: int = 0
    killed: str | None = None
    """URN of the operation."""

    def __call__(self, event: Event) -> None:
        """One event of the engine's log."""
        metadata = event.get("resourcePreEvent", {}).get("metadata")
        if self.killed or metadata is None or metadata["op"] in QUIET or _local(metadata):
            return
        self.seen += 1
        if self.seen == self.at:
            self.killed = str(metadata["urn"])
            self._kill()

    def _kill(self) -> None:
        faults = f"{self.cloud.endpoint}/_rehearsal/faults"
        requests.post(
            faults, json={"kind": "lost-answer", "count": 1, "seconds": HELD_SECONDS}, timeout=5
        ).raise_for_status()
        deadline = time.monotonic() + PATIENCE_SECONDS
        while requests.get(faults, timeout=5).json() and time.monotonic() < deadline:
            time.sleep(0.02)
        for process in _engine():
            process.send_signal(signal.SIGKILL)
        requests.delete(faults, timeout=5).raise_for_status()


def _local(metadata: dict[str, Any]) -> bool:
    """Whether nothing outside the state is made: components, providers, random values."""
    return not str(metadata["type"]).startswith(("aws:", "kubernetes:"))


def _engine() -> list[psutil.Process]:
    """The engine that this process started, and its plugins: what dies with a machine."""
    engines = [
        one
        for one in psutil.Process().children()
        if Path(one.cmdline()[0] if one.cmdline() else "").name == "pulumi"
    ]
    return [each for one in engines for each in (one, *one.children(recursive=True))]


@dataclass
class Drill:
    """A stack whose engine dies, and what recovers it."""

    stack: Stack
    cloud: CloudProcess
    region: str
    folder: Path
    kills: list[str] = field(default_factory=list[str])

    def __post_init__(self) -> None:
        """An engine that is killed leaves what it wrote down."""
        self.stack.environment = {
            **self.stack.environment,
            "PULUMI_SKIP_CHECKPOINTS": "false",
        }

    def kill(self, verb: Verb, at: int) -> bool:
        """Run `verb` and kill its engine at an operation; False where it had fewer."""
        killer = Killer(self.cloud, at)
        outcome: Outcome = getattr(self.stack, verb)(killer)
        if killer.killed is None:
            assert outcome.succeeded, outcome.output
            return False
        assert outcome.exit_code == -signal.SIGKILL, outcome.output
        self.kills.append(killer.killed)
        return True

    def recover(self) -> None:
        """`mlops recover --unlock --apply`, once."""
        operations = self.operations()
        book = recover(target(self.stack.name, self.region), operations)
        hands: Hands[PendingReads, PendingVerbs] = Hands(
            reads=operations,
            world=operations,
            clock=SystemClock(),
            progress=PlainProgress(),
            confirm=lambda _: True,
        )
        journal = self.folder / f"recover-{len(self.kills)}.jsonl"
        with opened(journal, book.name, book.target) as notes:
            carry_out(book, notes, hands)
        operations.unlock()
        assert operations.pending() == []

    def operations(self) -> PendingOperations:
        """The stack's state and the account, as the command sees them."""
        cli = automation.PulumiCommand(str(pulumi_cli().parent.parent))
        engine = Engine(
            self.stack.name, self.stack.project, cli=cli, environment=self.stack.environment
        )
        return PendingOperations(self._aws(), engine, dead=True)

    def resources(self) -> Counter[str]:
        """Resources that the state knows outside itself, by type."""
        known: list[dict[str, Any]] = self.stack.export()["deployment"].get("resources") or []
        return Counter(one["type"] for one in known if not _local(one))

    def tagged(self) -> Counter[str]:
        """How many things of the account carry each `mlops:id`, but for those that are going."""
        pages = self._aws().pages(
            "resourcegroupstaggingapi", "get_resources", TagFilters=[{"Key": TAG}]
        )
        named = {
            tag["Value"]
            for page in pages
            for each in page["ResourceTagMappingList"]
            for tag in each["Tags"]
            if tag["Key"] == TAG
        }
        operations = self.operations()
        found = {name: len(operations.tagged(name)) for name in named}
        return Counter({name: count for name, count in found.items() if count})

    def _aws(self) -> Aws:
        session = boto3.session.Session("AKIAIOSFODNN7EXAMPLE", "secret")
        return Aws(self.region, session=session, endpoint=self.cloud.endpoint)


def target(stack: str, region: str) -> Target:
    """What the journal of a recovery is about."""
    return Target(stack=stack, account_id=ACCOUNT, region=region, platform="crash", holder=region)
