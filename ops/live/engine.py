"""Stack file and state, through Pulumi's automation API: the same engine as `pulumi up`."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any, cast

from pulumi import automation

from infra import stack_file
from infra.outputs import Outputs, load
from ops.errors import Refused
from ops.stack_text import with_role

DATABASE = "aws:rds/instance:Instance"
FOLLOWS_THE_PROMOTION = (
    DATABASE,
    "aws:rds/instanceAutomatedBackupsReplication:InstanceAutomatedBackupsReplication",
    "aws:efs/fileSystem:FileSystem",
)
"""Types that a failover changed behind the engine's back."""
LAST_LINES = 15
RECENT = 10
"""Entries of the history among which the last update is looked for."""
UNFINISHED = "unfinished"


class Engine:
    """One stack: its file in the project's folder, its state in the backend."""

    def __init__(
        self,
        stack: str,
        project: Path,
        *,
        cli: automation.PulumiCommand | None = None,
        environment: Mapping[str, str] | None = None,
    ) -> None:
        """`cli` is the engine to use, by default the one on PATH; `environment` what it gets
        besides this process's."""
        self._name, self._project = stack, project
        self._options = automation.LocalWorkspaceOptions(
            pulumi_command=cli, env_vars=dict(environment or {})
        )
        self._selected: automation.Stack | None = None

    def outputs(self) -> Outputs:
        """The stack's outputs. Raises OutputsError where they are not this program's."""
        return load({name: value.value for name, value in self._stack().outputs().items()})

    def plain_outputs(self) -> dict[str, Any]:
        """The outputs of a stack that is no region's."""
        return {name: value.value for name, value in self._stack().outputs().items()}

    def declared_role(self) -> str:
        """The role in the stack file."""
        return stack_file.read(self._name, self._project).role

    def deployed_role(self) -> str:
        """The role that the last `pulumi up` ended well with. One that fails may have told the new
        role in its outputs already: after it the role is UNFINISHED."""
        return UNFINISHED if self._unfinished() else self.outputs().role

    def deployed_last(self) -> bool:
        """Whether the newest of the stack's updates is an `up` that succeeded."""
        newest = self._stack().history(page_size=1)
        return bool(newest) and newest[0].kind == "update" and newest[0].result == "succeeded"

    def known_source(self) -> str | None:
        """What the state believes that the database replicates."""
        return database_source(self._resources(), self.outputs().database.identifier)

    def known_database(self) -> str | None:
        """ID of the database's resource in the state."""
        found = [each for each in self._resources() if each["type"] == DATABASE]
        return str(found[0]["id"]) if found else None

    def adopt_database(self, resource_id: str) -> None:
        """Exchange the ID in the state, and refresh the resource from what is there."""
        self.change_state(lambda deployment: with_database(deployment, resource_id))
        self._refresh(DATABASE)

    def state(self) -> dict[str, Any]:
        """The state, with its secrets encrypted."""
        return cast("dict[str, Any]", self._stack().export_stack().deployment or {})

    def change_state(self, change: Callable[[dict[str, Any]], dict[str, Any]]) -> None:
        """Export, change and import the state. Raises Refused while an engine is at work on it."""
        exported = self._stack().export_stack()
        exported.deployment = change(cast("dict[str, Any]", exported.deployment or {}))
        try:
            self._stack().import_stack(exported)
        except automation.CommandError as error:
            raise Refused(f"pulumi stack import: {_end(error)}") from error

    def unlock(self) -> None:
        """`pulumi cancel`: take away the lock that an engine left which is dead."""
        try:
            self._stack().cancel()
        except automation.CommandError as error:
            raise Refused(f"pulumi cancel: {_end(error)}") from error

    def declare_primary(self) -> None:
        """Write the stack file. Raises SettingsError where it would not be accepted: it is then
        as it was."""
        self._declare("primary")

    def declare_standby(self) -> None:
        """Write the stack file, in the same way."""
        self._declare("standby")

    def _declare(self, role: str) -> None:
        path = self._project / f"Pulumi.{self._name}.yaml"
        before = path.read_text(encoding="utf-8")
        path.write_text(with_role(before, role), encoding="utf-8")
        try:
            stack_file.read(self._name, self._project)
        except stack_file.SettingsError:
            path.write_text(before, encoding="utf-8")
            raise

    def refresh(self) -> None:
        """`pulumi refresh` of what was promoted."""
        self._refresh(*FOLLOWS_THE_PROMOTION)

    def _refresh(self, *types: str) -> None:
        self.read_anew([str(each["urn"]) for each in self._resources() if each["type"] in types])

    def read_anew(self, targets: Sequence[str]) -> None:
        """`pulumi refresh` of these URNs alone."""
        if not targets:
            return
        try:
            self._stack().refresh(target=list(targets))
        except automation.CommandError as error:
            raise Refused(f"pulumi refresh: {_end(error)}") from error

    def deploy(self) -> None:
        """`pulumi up`."""
        try:
            self._stack().up()
        except automation.CommandError as error:
            raise Refused(f"pulumi up --stack {self._name}: {_end(error)}") from error

    def _unfinished(self) -> bool:
        """Whether the last `pulumi up` failed, or was killed in the middle."""
        recent = self._stack().history(page_size=RECENT, show_secrets=False)
        updates = [each.result for each in recent if each.kind == "update"]
        return updates[:1] == ["failed"] or bool(self.state().get("pending_operations"))

    def _stack(self) -> automation.Stack:
        if self._selected is None:
            try:
                self._selected = automation.select_stack(
                    self._name, work_dir=str(self._project), opts=self._options
                )
            except (automation.CommandError, FileNotFoundError) as error:
                raise Refused(
                    f"stack {self._name}: cannot be selected in {self._project}: {_end(error)}. "
                    "Log in to the state first: pulumi login s3://…?region=us-west-2"
                ) from error
        return self._selected

    def _resources(self) -> list[Mapping[str, Any]]:
        return self.state().get("resources") or []


def database_source(resources: list[Mapping[str, Any]], identifier: str) -> str | None:
    """What a state's database replicates. Raises Refused where the state does not have it."""
    for each in resources:
        outputs = cast("dict[str, str | None]", each.get("outputs") or {})
        if each["type"] == DATABASE and outputs.get("identifier") == identifier:
            return outputs.get("replicateSourceDb") or None
    raise Refused(
        f"{identifier}: not in the stack's state: the database was not deployed by this stack"
    )


def with_database(deployment: Mapping[str, Any], resource_id: str) -> dict[str, Any]:
    """A state that takes another instance for the database; what else it knows of the old one is
    for a refresh to correct."""
    resources: list[dict[str, Any]] = deployment.get("resources") or []
    taken = [_as(each, resource_id) if each["type"] == DATABASE else each for each in resources]
    return {**deployment, "resources": taken}


def _as(resource: dict[str, Any], resource_id: str) -> dict[str, Any]:
    outputs = cast("dict[str, Any]", resource.get("outputs") or {})
    known = {**outputs, "id": resource_id, "resourceId": resource_id}
    return {**resource, "id": resource_id, "outputs": known}


def saved_outputs(path: Path) -> Outputs:
    """Outputs as `pulumi stack output --json` wrote them."""
    return load(json.loads(path.read_text(encoding="utf-8")))


def _end(error: Exception) -> str:
    return "\n".join(str(error).strip().splitlines()[-LAST_LINES:])
