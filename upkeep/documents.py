"""Documents that are generated: what each holds, writing them, and noticing drift."""

import re
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

from upkeep.checks import Check

Generator = Callable[[Path], str]
"""From the repository's root to a document's text."""

DECISIONS = Path("docs/decisions")


def write_documents(root: Path, documents: Mapping[Path, Generator]) -> Iterator[Path]:
    """Write each document that differs; yields its path."""
    for path, generate in documents.items():
        text = generate(root)
        if _on_disk(root / path) != text:
            (root / path).parent.mkdir(parents=True, exist_ok=True)
            (root / path).write_text(text, encoding="utf-8")
            yield path


def drift(root: Path, documents: Mapping[Path, Generator]) -> Check:
    """Each document is what would be generated now."""

    def problems() -> Iterator[str]:
        for path, generate in documents.items():
            yield from _difference(root, path, generate)

    return Check(name="documents", problems=problems, fix="make docs")


def _difference(root: Path, path: Path, generate: Generator) -> Iterator[str]:
    try:
        text = generate(root)
    except Exception as error:  # noqa: BLE001 - the other documents shall be compared
        yield f"{path} cannot be generated: {type(error).__name__}: {error}"
        return
    if _on_disk(root / path) != text:
        yield f"{path} is not what `make docs` writes"


def _on_disk(file: Path) -> str | None:
    return file.read_text(encoding="utf-8") if file.exists() else None


def decisions_index(root: Path) -> str:
    """The list of decision records: number, title, status."""
    rows = [_row(path) for path in sorted((root / DECISIONS).glob("[0-9]*.md"))]
    head = (
        "# Decisions\n\nOne page each: what was decided, why, and what it costs. "
        "This list is written by `make docs`.\n\n| | decision | status |\n|---|---|---|\n"
    )
    return head + "".join(rows)


def _row(path: Path) -> str:
    text = path.read_text(encoding="utf-8")
    title = re.search(r"^# (?:\d+\. )?(.+)$", text, re.MULTILINE)
    status = re.search(r"^Status: (.+)$", text, re.MULTILINE)
    if title is None or status is None:
        raise ValueError(f"{path}: a decision opens with `# N. Title` and says `Status: …`")
    return f"| {path.name[:4]} | [{title[1]}]({path.name}) | {status[1]} |\n"
