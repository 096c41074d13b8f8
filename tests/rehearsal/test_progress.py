"""What a rehearsal prints while it runs."""

from __future__ import annotations

import io

import pytest
from rich.console import Console

from rehearsal.progress import Ticker
from rehearsal.scenario.steps import Step
from rehearsal.scenario.verdict import Check, Verdict

LOOKS_LIKE_MARKUP = "tag [/path] at [0] is not [bold] but /mlops/[name]"


@pytest.mark.parametrize("terminal", [True, False])
def test_what_looks_like_markup_is_printed_as_it_stands(terminal: bool) -> None:
    file = io.StringIO()
    console = Console(file=file, width=200, force_terminal=terminal, color_system=None)
    failed = Check(f"name {LOOKS_LIKE_MARKUP}", False, f"detail {LOOKS_LIKE_MARKUP}")
    verdict = Verdict("production", "leftovers", None, [failed])

    def run(*_: object) -> Verdict:
        metadata = {"urn": "urn::a[/b]", "op": "create", "type": "[/type]"}
        ticker.watch({"resourcePreEvent": {"metadata": metadata}})
        return verdict

    with Ticker(console, 7) as ticker:
        step = Step("production", "leftovers [/] 1", run)
        ticker.begin(step)
        ticker.end(run())
    said = file.getvalue()
    assert f"name {LOOKS_LIKE_MARKUP}: detail {LOOKS_LIKE_MARKUP}" in said
    assert terminal or "[1/7] production: leftovers [/] 1 …" in said
