"""The control plane's programs: PATH's, else the release, else built; Debian's beside them."""

import hashlib
import io
import tarfile
from pathlib import Path

import pytest

from bootstrap.control_plane import PINNED, PROGRAMS, kubernetes_step
from bootstrap.debian_programs import PROGRAMS as DEBIAN
from bootstrap.debian_programs import program_step
from bootstrap.errors import SetupError
from bootstrap.kubernetes_release import ETCD, ETCD_VERSION, KUBERNETES, KWOK, KWOK_VERSION
from bootstrap.places import Places
from bootstrap.versions import dotted
from tests.bootstrap.fake_machine import FakeMachine

PROMTOOL = DEBIAN[0]
KUBERNETES_PROGRAMS = PROGRAMS[1:4]


def with_go(prints: str = f"Kubernetes v{dotted(PINNED)}") -> FakeMachine:
    """A machine that builds programs which say they are `prints`."""

    def build(words: list[str]) -> str:
        folder = Path(words[words.index("-o") + 1])
        for name in ("server", *PROGRAMS[1:]):
            (folder / name).touch()
        machine.answers[f"{folder / 'kube-apiserver'} --version"] = prints
        return ""

    machine = FakeMachine(path={"go": Path("/bin/go")})
    machine.answers = {"/bin/go env GOVERSION": "go1.26.8\n", "/bin/go build": build}
    return machine


def on_path(version: str, etcd: str = "3.6.8") -> FakeMachine:
    machine = FakeMachine(path={name: Path("/usr/bin") / name for name in PROGRAMS})
    machine.answers["/usr/bin/kube-apiserver --version"] = f"Kubernetes {version}"
    machine.answers["/usr/bin/etcd --version"] = f"etcd Version: {etcd}\nGit SHA: 1.2.3"
    return machine


def test_an_installed_set_is_taken_and_linked(places: Places) -> None:
    machine = on_path("v1.34.2")
    assert kubernetes_step(machine, places).holds() is None
    assert kubernetes_step(machine, places).make(lambda _: None) == "1.34.2, on PATH"
    assert (places.control_plane / "kwok").readlink() == Path("/usr/bin/kwok")
    assert kubernetes_step(machine, places).holds() == "1.34.2, on PATH"


def test_an_old_set_is_passed_over_and_the_pinned_one_built(
    places: Places, told: list[str]
) -> None:
    machine = with_go()
    machine.path |= on_path("v1.30.0").path
    machine.answers |= on_path("v1.30.0").answers
    made = kubernetes_step(machine, places).make(told.append)
    assert made == f"{dotted(PINNED)}, built from Go modules"
    assert kubernetes_step(machine, places).holds() == made


def test_an_etcd_that_cannot_stream_lists_is_passed_over(places: Places, told: list[str]) -> None:
    machine = with_go()
    machine.path |= on_path("v1.36.0").path
    machine.answers |= on_path("v1.36.0", etcd="3.4.23").answers
    assert "built" in kubernetes_step(machine, places).make(told.append)


def test_of_an_old_etcd_the_needed_version_is_named(places: Places) -> None:
    with pytest.raises(SetupError, match=r"etcd is 3\.4\.23; 3\.5\.13 is needed"):
        kubernetes_step(on_path("v1.36.0", etcd="3.4.23"), places).make(lambda _: None)


def test_what_is_built_knows_its_version(places: Places) -> None:
    machine = with_go()
    kubernetes_step(machine, places).make(lambda _: None)
    built = next(line for line in machine.ran if " build " in line)
    assert f"gitVersion=v{dotted(PINNED)}" in built
    assert "gitMinor=36" in built


def test_another_version_than_the_pinned_is_refused(places: Places) -> None:
    with pytest.raises(SetupError, match=r"it calls itself 1\.2\.3, not 1\.36"):
        kubernetes_step(with_go("Kubernetes v1.2.3"), places).make(lambda _: None)
    assert not list((places.cache / "kubernetes").glob("[0-9]*"))


def released(checksum: str | None = None) -> FakeMachine:
    machine = FakeMachine()
    base = f"{KUBERNETES}/v{dotted(PINNED)}/bin/linux/amd64"
    urls = [f"{base}/{name}" for name in KUBERNETES_PROGRAMS] + [
        f"{KWOK}/{KWOK_VERSION}/kwok-linux-amd64"
    ]
    for url in urls:
        machine.served[url] = url.encode()
        digest = checksum or hashlib.sha256(url.encode()).hexdigest()
        machine.served[f"{url}.sha256"] = digest.encode()
    _release_etcd(machine, checksum)
    return machine


def _release_etcd(machine: FakeMachine, checksum: str | None) -> None:
    release = f"{ETCD}/v{dotted(ETCD_VERSION)}"
    name = f"etcd-v{dotted(ETCD_VERSION)}-linux-amd64.tar.gz"
    content = io.BytesIO()
    with tarfile.open(fileobj=content, mode="w:gz") as archive:
        archive.addfile(tarfile.TarInfo(f"{name.removesuffix('.tar.gz')}/etcd"))
    digest = checksum or hashlib.sha256(content.getvalue()).hexdigest()
    machine.served[f"{release}/{name}"] = content.getvalue()
    machine.served[f"{release}/SHA256SUMS"] = f"{digest}  {name}\n".encode()


def test_released_binaries_are_verified(places: Places) -> None:
    machine = released("0" * 64)
    with pytest.raises(SetupError, match="has checksum"):
        kubernetes_step(machine, places).make(lambda _: None)


def test_without_go_or_the_releases_each_attempt_is_named(places: Places) -> None:
    with pytest.raises(SetupError) as refused:
        kubernetes_step(FakeMachine(), places).make(lambda _: None)
    for said in ("no etcd, kube-apiserver", "Name or service not known", "go is not on PATH"):
        assert said in str(refused.value)


def test_a_program_comes_from_debians_package_without_being_root(places: Places) -> None:
    machine = FakeMachine()

    def unpack(words: list[str]) -> str:
        target = Path(words[-1]) / PROMTOOL.path
        target.parent.mkdir(parents=True)
        target.touch()
        return ""

    machine.answers = {"dpkg-deb -x": unpack}

    def download(words: list[str]) -> str:
        # apt-get writes into its working directory: the newest staging folder.
        staging = next((places.cache / "debian").glob(".prometheus-*"))
        (staging / f"{words[-1]}_1_amd64.deb").touch()
        return ""

    machine.answers["apt-get download"] = download
    step = program_step(machine, places, PROMTOOL)
    assert step.make(lambda _: None) == "Debian's prometheus"
    assert program_step(FakeMachine(), places, PROMTOOL).holds() == "Debian's prometheus"


def test_a_program_on_path_is_preferred(places: Places) -> None:
    machine = FakeMachine(path={"promtool": Path("/opt/promtool")})
    assert program_step(machine, places, PROMTOOL).make(lambda _: None) == "on PATH (/opt/promtool)"


def test_where_there_is_no_archive_the_remedy_is_named(places: Places) -> None:
    with pytest.raises(SetupError, match="install promtool"):
        program_step(FakeMachine(), places, PROMTOOL).make(lambda _: None)
