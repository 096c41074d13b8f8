"""Kubernetes', etcd's and kwok's official binaries, verified against the published checksums."""

from pathlib import Path

from bootstrap.archives import listed, unpack
from bootstrap.errors import AttemptFailed
from bootstrap.machine import Machine
from bootstrap.verified import verify
from bootstrap.versions import Version, dotted

KUBERNETES = "https://dl.k8s.io"
KWOK = "https://github.com/kubernetes-sigs/kwok/releases/download"
KWOK_VERSION = "v0.8.0"
ETCD = "https://github.com/etcd-io/etcd/releases/download"
ETCD_VERSION: Version = (3, 6, 8)
PROGRAMS = ("kube-apiserver", "kube-controller-manager", "kube-scheduler")
PROCESSORS = {"x86_64": "amd64", "amd64": "amd64", "aarch64": "arm64", "arm64": "arm64"}


def fetch_kubernetes(machine: Machine, version: Version, folder: Path) -> None:
    """Put the five programs into `folder`; raises AttemptFailed."""
    system, processor = machine.kind()
    if system != "Linux" or processor not in PROCESSORS:
        raise AttemptFailed(f"no control plane is released for {system} on {processor}")
    architecture = PROCESSORS[processor]
    for name in PROGRAMS:
        url = f"{KUBERNETES}/v{dotted(version)}/bin/linux/{architecture}/{name}"
        _fetch(machine, url, folder / name)
    _fetch_etcd(machine, architecture, folder)
    _fetch(machine, f"{KWOK}/{KWOK_VERSION}/kwok-linux-{architecture}", folder / "kwok")


def _fetch_etcd(machine: Machine, architecture: str, folder: Path) -> None:
    release = f"{ETCD}/v{dotted(ETCD_VERSION)}"
    name = f"etcd-v{dotted(ETCD_VERSION)}-linux-{architecture}.tar.gz"
    archive, sums = folder / name, folder / "SHA256SUMS"
    machine.download(f"{release}/{name}", archive)
    machine.download(f"{release}/SHA256SUMS", sums)
    verify(archive, listed(sums.read_text(), name))
    unpack(archive, folder)
    archive.unlink()


def _fetch(machine: Machine, url: str, target: Path) -> None:
    machine.download(url, target)
    checksum = target.with_name(f"{target.name}.sha256")
    machine.download(f"{url}.sha256", checksum)
    verify(target, checksum.read_text().split()[0])
    checksum.unlink()
    target.chmod(0o755)
