"""The HTML page."""

from __future__ import annotations

import re
from html.parser import HTMLParser

from rehearsal.report.page import page
from tests.rehearsal.report import rehearsed

VOID = {"meta", "input", "br", "rect", "circle"}


class Outline(HTMLParser):
    """Tags of a page: those left open, and every attribute that names an address."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.open: list[str] = []
        self.seen: list[str] = []
        self.addresses: list[str] = []
        self.ids: list[str] = []
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.seen.append(tag)
        named = dict(attrs)
        self.addresses += [named[key] or "" for key in ("href", "src", "action") if key in named]
        self.ids += [named["id"] or ""] if "id" in named else []
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.seen.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag, f"</{tag}> at {self.getpos()}"


def test_the_page_is_well_formed():
    outline = Outline(page(rehearsed.report()))
    assert outline.open == []
    assert len(set(outline.ids)) == len(outline.ids)


def test_the_page_asks_nothing_of_any_server_and_runs_no_script():
    html = page(rehearsed.report())
    outline = Outline(html)
    assert outline.addresses == ["#production"]
    assert not {"script", "link", "img", "iframe", "object"} & set(outline.seen)
    assert not re.search(r"url\(|@import|\son\w+=", html)
    assert "default-src 'none'" in html


def test_a_manager_reads_the_figures_at_the_top():
    top = page(rehearsed.report()).partition("What was built")[0]
    for figure in ("14 min 42 s", "20 min 13 s", "All 1 check passed", "63"):
        assert figure in top


def test_a_failure_is_said_at_the_top_and_shown_with_its_detail():
    html = page(rehearsed.report(rehearsed.check(passed=False, detail="1 update: tags differ")))
    assert "1 of 1 check failed" in html.partition("What was built")[0]
    assert "1 update: tags differ" in html


def test_text_from_outside_is_escaped_everywhere():
    evil = "<img src=x onerror=alert(1)>"
    report = rehearsed.report(rehearsed.check(detail=evil), name="a<b>")
    html = page(report)
    assert "<img" not in html
    assert "<b>" not in html
    assert "&lt;img src=x onerror=alert(1)&gt;" in html


def test_every_operation_has_a_bar_that_says_what_it_is():
    html = page(rehearsed.report())
    for name in ("database-instance", "network-nat-us-east-1a", "buckets-models-versioning"):
        assert re.search(rf'aria-label="create {name}, [^"]+ from ', html)


def test_the_filters_work_without_a_script_and_by_keyboard():
    html = page(rehearsed.report())
    names = set(re.findall(r'<input type="radio" name="([^"]+)"', html))
    assert len(names) == 3  # one set of choices per step that takes time
    for name in names:
        assert html.count(f'name="{name}"') == 4
    for value in ("most", "long", "critical"):
        assert f"[value={value}]:checked" in html


def test_a_reader_with_a_dark_screen_a_phone_or_paper_is_served():
    html = page(rehearsed.report())
    for query in ("prefers-color-scheme: dark", "max-width: 700px", "@media print"):
        assert query in html
    assert html.count('class="picture wide"') == html.count('class="picture narrow"') == 1


def test_a_rehearsal_that_deployed_nothing_still_has_a_page():
    report = rehearsed.report()
    bare = report.stacks[0].model_copy(update={"steps": (), "resources": (), "leftovers": None})
    assert "Nothing was deployed." in page(report.model_copy(update={"stacks": (bare,)}))
