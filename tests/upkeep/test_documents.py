"""Generated documents are written once and noticed when they drift."""

from pathlib import Path

import pytest

from upkeep.documents import DECISIONS, decisions_index, drift, write_documents

PAGE = Path("docs/page.md")


def text(_: Path) -> str:
    return "text\n"


def test_a_document_is_written_only_when_it_differs(tmp_path: Path) -> None:
    documents = {PAGE: text}
    assert list(write_documents(tmp_path, documents)) == [PAGE]
    assert list(write_documents(tmp_path, documents)) == []
    assert (tmp_path / PAGE).read_text() == "text\n"


def test_an_edited_document_is_named(tmp_path: Path) -> None:
    documents = {PAGE: text}
    list(write_documents(tmp_path, documents))
    (tmp_path / PAGE).write_text("text, improved by hand\n")
    assert list(drift(tmp_path, documents).problems()) == [
        "docs/page.md is not what `make docs` writes"
    ]


def test_a_document_that_cannot_be_generated_is_named_and_hides_no_other(tmp_path: Path) -> None:
    def broken(_: Path) -> str:
        raise ImportError("half written")

    problems = list(drift(tmp_path, {Path("a.md"): broken, PAGE: text}).problems())
    assert problems == [
        "a.md cannot be generated: ImportError: half written",
        "docs/page.md is not what `make docs` writes",
    ]


def test_the_index_lists_decisions_by_number(tmp_path: Path) -> None:
    folder = tmp_path / DECISIONS
    folder.mkdir(parents=True)
    (folder / "0002-b.md").write_text("# 2. Second\n\nStatus: accepted\n")
    (folder / "0001-a.md").write_text("# 1. First\n\nStatus: replaced by 2\n")
    lines = decisions_index(tmp_path).splitlines()
    assert lines[-2:] == [
        "| 0001 | [First](0001-a.md) | replaced by 2 |",
        "| 0002 | [Second](0002-b.md) | accepted |",
    ]


def test_a_decision_without_a_status_is_refused(tmp_path: Path) -> None:
    folder = tmp_path / DECISIONS
    folder.mkdir(parents=True)
    (folder / "0001-a.md").write_text("# 1. First\n")
    with pytest.raises(ValueError, match=r"0001-a\.md: a decision opens with"):
        decisions_index(tmp_path)
