"""An engine that is killed at a chosen operation, and a recovery, on the simulated cloud.

Killed at the worst moment: the cloud has carried out a call of the operation, and nobody has
heard its answer yet.
"""

from __future__ import annotations

import signal
import threading
import time
from collections import Counter
from collections.abc import Callable, Collection
from dataclasses import dataclass
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
from rehearsal.engine.pulumi import Outcome, Stack, Watcher
from rehearsal.engine.tools import pulumi_cli

ACCOUNT = "123456789012"
HELD_SECONDS = 60.0
"""For how long the cloud keeps the answer back: longer than the kill takes."""
PATIENCE_SECONDS = 3.0
"""Until an operation that calls nothing (one of the engine's own) is killed all the same."""
REST_SECONDS = 3.0
"""Without an event of the engine and another answer to hold back: nothing else goes on."""
QUIET = frozenset({"same", "read"})

Verb = Literal["up", "destroy"]


@dataclass(frozen=True)
class Operation:
    """An operation of the engine on one resource."""

    verb: Literal["creating", "deleting"]
    urn: str

    @property
    def type(self) -> str:
        """The resource's type token."""
        return self.urn.split("::")[2].rpartition("$")[2]

    @property
    def caller(self) -> str:
        """On whose behalf the simulated provider calls for it, as a pattern: what it creates it
        settles, too."""
        verb = "deleting" if self.verb == "deleting" else "[!d]*ing"
        return f"{verb} {self.type} ({self.urn.rpartition('::')[2]})"


@dataclass
class Killer:
    """Watches an update and kills its engine at the operation number `at`, from 1."""

    cloud: CloudProcess
    at: int
    seen: int = 0
    killed: Operation | None = None

    def __call__(self, event: Event) -> None:
        """One event of the engine's log."""
        found = _operation(event)
        if self.killed or found is None:
            return
        self.seen += 1
        if self.seen == self.at:
            self.killed = found
            self._kill()

    def _kill(self) -> None:
        """As soon as an answer is held back, if there is one."""
        hold_back(self.cloud)
        deadline = time.monotonic() + PATIENCE_SECONDS
        while _faults(self.cloud, "GET") and time.monotonic() < deadline:
            time.sleep(0.02)
        kill()
        _faults(self.cloud, "DELETE")


class Wave:
    """Watches an update, holds back the answers to those of `wanted` that it comes to, and kills
    its engine when nothing else goes on: all of them were carried out, and none was heard of."""

    def __init__(self, cloud: CloudProcess, wanted: Collection[Operation]) -> None:
        """The answers are held back from the beginning: an event is read later than it happens."""
        self._cloud, self._wanted = cloud, {each.caller: each for each in wanted}
        self.killed: frozenset[Operation] = frozenset()
        self._latest = time.monotonic()
        for caller in self._wanted:
            hold_back(cloud, caller=caller)
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._look, daemon=True)
        self._thread.start()

    def __call__(self, event: Event) -> None:
        """One event of the engine's log."""
        del event
        self._latest = time.monotonic()

    def end(self) -> None:
        """Look no longer."""
        self._over.set()
        self._thread.join()
        _faults(self._cloud, "DELETE")

    def _look(self) -> None:
        before = frozenset[Operation]()
        while not self._over.wait(0.2):
            waiting = {each["caller"] for each in _faults(self._cloud, "GET")}
            held = frozenset(self._wanted[one] for one in self._wanted.keys() - waiting)
            if held != before:
                before, self._latest = held, time.monotonic()
            elif held and time.monotonic() - self._latest > REST_SECONDS:
                self.killed = held
                kill()
                return


def hold_back(cloud: CloudProcess, **which: str) -> None:
    """Carry the next call that changes something out, and keep its answer back."""
    fault: dict[str, Any] = {"kind": "lost-answer", "count": 1, "seconds": HELD_SECONDS, **which}
    _faults(cloud, "POST", fault)


def kill() -> None:
    """Kill the engine that this process started."""
    for process in _engine():
        process.send_signal(signal.SIGKILL)


def _faults(cloud: CloudProcess, method: str, fault: dict[str, Any] | None = None) -> Any:
    url = f"{cloud.endpoint}/_rehearsal/faults"
    answer = requests.request(method, url, json=fault, timeout=5)
    answer.raise_for_status()
    return answer.json()


def _operation(event: Event) -> Operation | None:
    """What the engine begins, outside its state."""
    metadata = event.get("resourcePreEvent", {}).get("metadata")
    if metadata is None or metadata["op"] in QUIET or _local(metadata):
        return None
    return Operation("deleting" if "delete" in metadata["op"] else "creating", metadata["urn"])


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
    kills: int = 0

    def __post_init__(self) -> None:
        """An engine that is killed leaves what it wrote down."""
        self.stack.environment = {
            **self.stack.environment,
            "PULUMI_SKIP_CHECKPOINTS": "false",
        }

    def kill(self, verb: Verb, at: int) -> bool:
        """Run `verb` and kill its engine at an operation; False where it had fewer."""
        killer = Killer(self.cloud, at)
        self._run(verb, killer, lambda: killer.killed is not None)
        return killer.killed is not None

    def wave(self, verb: Verb, wanted: Collection[Operation]) -> frozenset[Operation]:
        """Run `verb` and kill its engine at all of these that it gets to; which, none where it
        ended first."""
        wave = Wave(self.cloud, wanted)
        try:
            self._run(verb, wave, lambda: bool(wave.killed))
        finally:
            wave.end()
        return wave.killed

    def _run(self, verb: Verb, watch: Watcher, killed: Callable[[], bool]) -> None:
        outcome: Outcome = getattr(self.stack, verb)(watch)
        if killed():
            assert outcome.exit_code == -signal.SIGKILL, outcome.output
            self.kills += 1
        else:
            assert outcome.succeeded, outcome.output

    def announced(self) -> list[Operation]:
        """What a preview says that an update begins."""
        found: list[Operation] = []
        outcome = self.stack.preview(
            lambda event: found.append(each) if (each := _operation(event)) else None
        )
        assert outcome.succeeded, outcome.output
        return found

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
        journal = self.folder / f"recover-{self.kills}.jsonl"
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
        """How many things of the account carry each `mlops:id`, but for those that are going, and
        snapshots, which have the tags of their database."""
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
        found = [name for name in named for arn in operations.tagged(name) if not _kept(arn)]
        return Counter(found)

    def _aws(self) -> Aws:
        session = boto3.session.Session("AKIAIOSFODNN7EXAMPLE", "secret")
        return Aws(self.region, session=session, endpoint=self.cloud.endpoint)


def _kept(arn: str) -> bool:
    return ":snapshot:" in arn


def target(stack: str, region: str) -> Target:
    """What the journal of a recovery is about."""
    return Target(stack=stack, account_id=ACCOUNT, region=region, platform="crash", holder=region)
