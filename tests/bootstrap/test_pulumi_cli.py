"""The Pulumi CLI: PATH's, else the release, else built; and what is said when none can be had."""

from pathlib import Path

import pytest

from bootstrap.errors import SetupError
from bootstrap.places import Places
from bootstrap.pulumi_cli import PINNED, pulumi_step
from bootstrap.versions import dotted
from tests.bootstrap.fake_machine import FakeMachine, fails

ON_PATH = Path("/usr/bin/pulumi")


def with_go(places: Places, prints: str = "v3.259.0") -> FakeMachine:
    """A machine that builds a CLI which says it is `prints`."""

    def build(words: list[str]) -> str:
        binary = Path(words[words.index("-o") + 1])
        binary.touch()
        machine.answers[f"{binary} version"] = prints
        return ""

    machine = FakeMachine(path={"go": Path("/bin/go")})
    machine.answers = {"/bin/go env GOVERSION": "go1.26.8\n", "/bin/go build": build}
    return machine


def test_a_recent_cli_on_path_is_taken_and_named(places: Places) -> None:
    machine = FakeMachine(path={"pulumi": ON_PATH}, answers={"/usr/bin/pulumi": "v3.272.1"})
    assert pulumi_step(machine, places).make(lambda _: None) == "3.272.1, on PATH (/usr/bin/pulumi)"
    assert places.pulumi.readlink() == ON_PATH
    assert pulumi_step(machine, places).holds() == "3.272.1, on PATH (/usr/bin/pulumi)"


def test_an_old_cli_on_path_is_passed_over_saying_so(places: Places, told: list[str]) -> None:
    machine = with_go(places)
    machine.path["pulumi"] = ON_PATH
    machine.answers[str(ON_PATH)] = "v3.199.0"
    assert pulumi_step(machine, places).make(told.append) == "3.259.0, built from Go modules"
    assert told[0] == "PATH: /usr/bin/pulumi is 3.199.0; 3.200.0 or later is needed"


def test_without_pulumis_hosts_it_is_built_from_go_modules(places: Places, told: list[str]) -> None:
    machine = with_go(places)
    assert pulumi_step(machine, places).make(told.append) == "3.259.0, built from Go modules"
    assert "Name or service not known" in told[1]
    assert places.pulumi.resolve() == places.cache / "pulumi" / "3.259.0" / "pulumi"


def test_a_built_cli_is_not_built_again(places: Places) -> None:
    pulumi_step(with_go(places), places).make(lambda _: None)
    assert pulumi_step(FakeMachine(), places).holds() == "3.259.0, built from Go modules"


def test_this_caches_own_link_on_path_is_not_taken_for_an_installed_cli(places: Places) -> None:
    machine = with_go(places)
    pulumi_step(machine, places).make(lambda _: None)
    machine.path["pulumi"] = places.pulumi
    assert pulumi_step(machine, places).holds() == "3.259.0, built from Go modules"


def test_a_link_of_ours_on_path_never_comes_to_point_at_itself(places: Places) -> None:
    machine = FakeMachine(path={"pulumi": ON_PATH}, answers={str(ON_PATH): "v3.272.1"})
    pulumi_step(machine, places).make(lambda _: None)
    machine.path["pulumi"] = places.pulumi
    assert pulumi_step(machine, places).holds() == "3.272.1, on PATH (/usr/bin/pulumi)"
    pulumi_step(machine, places).make(lambda _: None)
    assert places.pulumi.readlink() == ON_PATH


def test_a_build_that_is_another_version_is_refused(places: Places) -> None:
    with pytest.raises(SetupError, match=r"it calls itself 3\.1\.0, not 3\.259\.0"):
        pulumi_step(with_go(places, prints="v3.1.0"), places).make(lambda _: None)
    assert list((places.cache / "pulumi").iterdir()) == []


def test_when_nothing_works_each_attempt_and_the_remedy_are_named(places: Places) -> None:
    with pytest.raises(SetupError) as refused:
        pulumi_step(FakeMachine(), places).make(lambda _: None)
    lines = str(refused.value).splitlines()
    assert lines[0] == "no Pulumi CLI could be had. Tried:"
    assert lines[1] == "  PATH                   no pulumi"
    assert lines[2].startswith("  official release       https://get.pulumi.com/")
    assert lines[3] == "  built from Go modules  go is not on PATH"
    assert lines[4].startswith("What to do: install the Pulumi CLI 3.200.0 or later")


def test_a_go_that_is_too_old_is_named(places: Places) -> None:
    machine = with_go(places)
    machine.answers["/bin/go env GOVERSION"] = "go1.19.8"
    with pytest.raises(SetupError, match=r"/bin/go is 1\.19\.8; 1\.21\.0 or later is needed"):
        pulumi_step(machine, places).make(lambda _: None)


def test_a_failing_build_is_told_in_the_compilers_words(places: Places) -> None:
    machine = with_go(places)
    machine.answers["/bin/go build"] = fails("go: checksum mismatch")
    with pytest.raises(SetupError, match="go: checksum mismatch"):
        pulumi_step(machine, places).make(lambda _: None)


def test_the_pinned_version_is_the_one_whose_sources_are_pinned() -> None:
    module = Path(__file__).resolve().parents[2] / "bootstrap" / "pulumi-source" / "go.mod"
    assert f"github.com/pulumi/pulumi/pkg/v3 v{dotted(PINNED)}" in module.read_text()
