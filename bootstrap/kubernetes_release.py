"""Kubernetes' and kwok's official binaries, verified against the published checksums."""

from pathlib import Path

from bootstrap.errors import AttemptFailed
from bootstrap.machine import Machine
from bootstrap.verified import verify
from bootstrap.versions import Version, dotted

KUBERNETES = "https://dl.k8s.io"
KWOK = "https://github.com/kubernetes-sigs/kwok/releases/download"
KWOK_VERSION = "v0.8.0"
PROGRAMS = ("kube-apiserver", "kube-controller-manager", "kube-scheduler")
PROCESSORS = {"x86_64": "amd64", "amd64": "amd64", "aarch64": "arm64", "arm64": "arm64"}


def fetch_kubernetes(machine: Machine, version: Version, folder: Path) -> None:
    """Put the four programs into `folder`; raises AttemptFailed."""
    system, processor = machine.kind()
    if system != "Linux" or processor not in PROCESSORS:
        raise AttemptFailed(f"no control plane is released for {system} on {processor}")
    architecture = PROCESSORS[processor]
    for name in PROGRAMS:
        url = f"{KUBERNETES}/v{dotted(version)}/bin/linux/{architecture}/{name}"
        _fetch(machine, url, folder / name)
    _fetch(machine, f"{KWOK}/{KWOK_VERSION}/kwok-linux-{architecture}", folder / "kwok")


def _fetch(machine: Machine, url: str, target: Path) -> None:
    machine.download(url, target)
    checksum = target.with_name(f"{target.name}.sha256")
    machine.download(f"{url}.sha256", checksum)
    verify(target, checksum.read_text().split()[0])
    checksum.unlink()
    target.chmod(0o755)
