"""Writes the report's two files, and states, each as a whole or not at all."""

from __future__ import annotations

import json
import os
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from rehearsal.report.model import Report
from rehearsal.report.page import page

_READABLE = 0o644


@dataclass(frozen=True)
class Written:
    """Where the report is."""

    json: Path
    html: Path


def write(report: Report, directory: Path) -> Written:
    """Write `rehearsal.json` and `rehearsal.html` into `directory`, which is made if absent.

    Interrupted at any moment, each file is either the old or the new one as a whole. Both
    are composed before the first is written, so that they do not contradict each other.
    """
    document, html = report.model_dump_json(indent=1) + "\n", page(report)
    directory.mkdir(parents=True, exist_ok=True)
    written = Written(directory / "rehearsal.json", directory / "rehearsal.html")
    replace(written.json, document)
    replace(written.html, html)
    return written


def write_states(states: Mapping[str, object], directory: Path) -> None:
    """Write the state of each stack as `<stack>.json`, in the form of `pulumi stack export`, for
    those who judge it; `directory` is made if absent."""
    directory.mkdir(parents=True, exist_ok=True)
    for name, state in states.items():
        replace(directory / f"{name}.json", json.dumps(state, indent=1) + "\n")


def read(path: Path) -> Report:
    """A report written before. Raises pydantic's ValidationError for any other file."""
    return Report.model_validate_json(path.read_text(encoding="utf-8"))


def replace(path: Path, text: str) -> None:
    """Give `path` the content `text` in one move."""
    handle, name = tempfile.mkstemp(prefix=f".{path.name}.", dir=path.parent)
    draft = Path(name)
    try:
        with os.fdopen(handle, "w", encoding="utf-8") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        draft.chmod(_READABLE)
        draft.replace(path)
    finally:
        draft.unlink(missing_ok=True)
