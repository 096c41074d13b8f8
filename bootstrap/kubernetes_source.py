"""The programs of a Kubernetes control plane, built from Go modules.

go.sum in bootstrap/control-plane-source pins every module by hash. Every `k8s.io` module that
lives in Kubernetes' own tree is replaced there by its release, as Kubernetes' go.mod cannot be
used from outside.
"""

from collections.abc import Callable
from pathlib import Path

from bootstrap.go_tool import go_tool
from bootstrap.machine import Machine
from bootstrap.versions import Version, dotted

COMMANDS = (
    "go.etcd.io/etcd/server/v3",
    "k8s.io/kubernetes/cmd/kube-apiserver",
    "k8s.io/kubernetes/cmd/kube-controller-manager",
    "k8s.io/kubernetes/cmd/kube-scheduler",
    "sigs.k8s.io/kwok/cmd/kwok",
)
ETCD_BUILT = "server"
"""etcd's file as Go names it: after the last word of its package."""
VERSION_PACKAGE = "k8s.io/component-base/version"


def build_kubernetes(
    machine: Machine, version: Version, source: Path, folder: Path, tell: Callable[[str], None]
) -> None:
    """Build each command into `folder`; raises AttemptFailed naming what is missing."""
    go = go_tool(machine)
    tell("building from Go modules: about 8 minutes on two cores, downloads 400 MB")
    machine.run(
        go, "build", "-mod=readonly", "-trimpath", "-buildvcs=false",
        "-ldflags", f"-s -w {_stamps(version)}", "-o", f"{folder}/", *COMMANDS,
        cwd=source,
        env={"CGO_ENABLED": "0", "GOWORK": "off"},
    )  # fmt: skip
    (folder / ETCD_BUILT).rename(folder / "etcd")


def _stamps(version: Version) -> str:
    """Linker flags that make the programs know their version; without them they say 0.0.0."""
    major, minor, _ = version
    stamps = {"gitVersion": f"v{dotted(version)}", "gitMajor": str(major), "gitMinor": str(minor)}
    return " ".join(f"-X {VERSION_PACKAGE}.{name}={value}" for name, value in stamps.items())
