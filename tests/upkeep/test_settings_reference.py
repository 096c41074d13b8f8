"""The reference page tells every key that a stack file may hold."""

from pathlib import Path

from upkeep.settings_reference import settings_reference

PAGE = settings_reference(Path())


def section(title: str) -> str:
    return PAGE.split(f"## {title}\n", 1)[1].split("\n## ", 1)[0]


def test_each_section_is_titled_with_the_path_at_which_it_stands() -> None:
    assert "| `cidr` |" in section("`network`")
    assert "| `desired` |" in section("`cluster.node_groups.<name>`")
    assert "| `gpus` |" in section("`teams[].quota`")


def test_a_section_used_in_several_places_is_told_once_with_all_of_them() -> None:
    title = next(line for line in PAGE.splitlines() if "`dns.hosted_zone`" in line)
    assert "`guardrails.guardduty`" in title


def test_a_key_that_must_be_given_says_so_and_another_tells_its_default() -> None:
    network = section("`network`")
    assert next(line for line in network.splitlines() if "`cidr`" in line).endswith("| refused |")
    assert next(line for line in network.splitlines() if "`adopted`" in line).endswith("| `null` |")
