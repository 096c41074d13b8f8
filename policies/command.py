"""`mlops policy`: judge a state or manifests without an engine, list and explain the rules."""

from __future__ import annotations

import json
import shutil
import subprocess
from collections.abc import Sequence
from datetime import UTC, datetime
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any, NoReturn, cast

import typer

from policies.catalogue import RULES
from policies.check import Source, check_states
from policies.explanation import explanation, listing
from policies.manifests import ManifestError, manifests
from policies.report import Report
from policies.reports import FORMATS
from policies.stack_settings import PolicySettingsError, read
from policies.state import Exported, StateError, exported, stack_of
from policies.subject import Stack

app = typer.Typer(
    no_args_is_help=True, add_completion=False, pretty_exceptions_enable=False,
    help="Judge states and manifests by the policy pack, without an engine.",
)  # fmt: skip


class Format(StrEnum):
    """How a report is written."""

    TEXT = "text"
    JSON = "json"
    SARIF = "sarif"
    JUNIT = "junit"


@app.command()
def check(
    state: Annotated[
        list[Path] | None,
        typer.Option(help="a file of `pulumi stack export`; two are judged together as well"),
    ] = None,
    stack: Annotated[
        list[str] | None, typer.Option(help="a stack whose state is exported; may be repeated")
    ] = None,
    manifest: Annotated[
        Path | None, typer.Option("--manifests", help="a folder of Kubernetes manifests")
    ] = None,
    settings: Annotated[
        str, typer.Option(help="stack whose expectations hold for the manifests")
    ] = "production",
    form: Annotated[Format, typer.Option("--format", help="of the report")] = Format.TEXT,
    output: Annotated[Path | None, typer.Option(help="file for the report, else shown")] = None,
) -> None:
    """Exit with 1 when something mandatory is broken, with 2 when nothing can be judged."""
    if bool(state or stack) == bool(manifest):
        _refuse("expected --state or --stack, or else --manifests")
    try:
        report = _manifests(manifest, settings) if manifest else _states(state or [], stack or [])
    except (StateError, ManifestError, PolicySettingsError, OSError) as error:
        _refuse(str(error))
    text = FORMATS[form](report)
    if output is None:
        typer.echo(text, nl=False)
    else:
        output.write_text(text, encoding="utf-8")
    raise typer.Exit(0 if report.passed else 1)


@app.command("list")
def list_rules() -> None:
    """Every rule: number, name, level, scope, what it repairs."""
    typer.echo(listing(RULES), nl=False)


@app.command()
def explain(rule: Annotated[str, typer.Argument(help="name or number of a rule")]) -> None:
    """What a rule wants, why, of which resources, and how to keep it."""
    found = [one for one in RULES if rule in (one.name, str(one.number))]
    if not found:
        _refuse(f"{rule}: no such rule; `mlops policy list` names them")
    typer.echo("\n".join(map(explanation, found)), nl=False)


def _states(files: Sequence[Path], stacks: Sequence[str]) -> Report:
    documents = [(str(path), _read(path)) for path in files]
    documents += [(name, _export(name)) for name in stacks]
    sources = [_source(name, document) for name, document in documents]
    return check_states(RULES, sources, datetime.now(UTC).date())


def _source(name: str, document: dict[str, Any]) -> Source:
    try:
        settings = read(stack_of(document))
        return Source(name, exported(document, settings), settings)
    except StateError as error:
        raise StateError(f"{name}: {error}") from None


def _manifests(folder: Path, settings: str) -> Report:
    expected = read(settings)
    known = Stack(manifests(folder, expected), expected)
    source = Source(str(folder), Exported(known.subjects, known), expected)
    return check_states(RULES, [source], datetime.now(UTC).date())


def _read(path: Path) -> dict[str, Any]:
    try:
        document = json.loads(path.read_text(encoding="utf-8"))
    except ValueError as error:
        raise StateError(f"{path}: not JSON ({error}), expected a `pulumi stack export`") from None
    if not isinstance(document, dict):
        raise StateError(f"{path}: expected the object of a `pulumi stack export`")
    return cast("dict[str, Any]", document)


def _export(stack: str) -> dict[str, Any]:
    if shutil.which("pulumi") is None:
        raise StateError(f"--stack {stack}: no pulumi on PATH; export the state, use --state")
    done = subprocess.run(
        ["pulumi", "stack", "export", "--stack", stack, "--non-interactive"],
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    if done.returncode:
        raise StateError(f"--stack {stack}: {done.stderr.strip()}")
    return json.loads(done.stdout)


def _refuse(message: str) -> NoReturn:
    typer.echo(f"error: {message}", err=True)
    raise typer.Exit(2)


if __name__ == "__main__":
    app(prog_name="mlops policy")
