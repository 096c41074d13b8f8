"""Links between documents lead somewhere."""

from pathlib import Path

import pytest

from upkeep.links import broken_links


def broken(folder: Path, text: str) -> list[str]:
    (folder / "docs").mkdir()
    (folder / "docs" / "page.md").write_text("# Page\n")
    (folder / "docs" / "start.md").write_text(text)
    return list(broken_links(folder, [Path("docs/start.md")]))


@pytest.mark.parametrize(
    "text",
    [
        "[page](page.md#page)",
        "[up](../docs/page.md)",
        "[here](#start)",
        "[out](https://a.example/x)",
    ],
)
def test_a_link_that_leads_somewhere_passes(tmp_path: Path, text: str) -> None:
    assert broken(tmp_path, text) == []


@pytest.mark.parametrize("text", ["[page](pages.md)", '<img src="pages.md">', "![p](pages.md)"])
def test_a_link_that_leads_nowhere_is_named(tmp_path: Path, text: str) -> None:
    assert broken(tmp_path, text) == ["docs/start.md:1: pages.md is not there"]
