"""Every check is run and told, whatever became of the one before."""

from collections.abc import Iterator

from upkeep.checks import Check, failed_checks


def problems(*lines: str) -> Check:
    def found() -> Iterator[str]:
        yield from lines

    return Check(name=f"check of {len(lines)}", problems=found, fix="mend it")


def test_a_failed_check_tells_its_problems_and_the_fix_and_the_others_still_run() -> None:
    told: list[str] = []
    failed = failed_checks([problems("a", "b"), problems()], told.append, clock=lambda: 0.0)
    assert failed == ["check of 2"]
    assert told == [
        "check of 2       2 wrong  (0.0 s)",
        "a\nb\n  → mend it",
        "check of 0       ok  (0.0 s)",
    ]


def test_a_check_that_breaks_is_a_failed_check() -> None:
    def found() -> Iterator[str]:
        raise ImportError("no module named nowhere")

    told: list[str] = []
    broken = Check(name="broken", problems=found, fix="mend it")
    assert failed_checks([broken, problems()], told.append) == ["broken"]
    assert "could not be checked: ImportError: no module named nowhere" in told[1]
