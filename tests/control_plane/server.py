"""A Kubernetes control plane on loopback: etcd, API server, controllers, scheduler, kwok.

Without kubelets: kwok plays nodes and their pods. Its users have static tokens; everything
lives in one folder and ends with the `with` block.
"""

from __future__ import annotations

import csv
import socket
import subprocess
import time
from collections.abc import Generator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

import requests
import yaml
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa

from rehearsal.engine.process import stop
from tests.control_plane.programs import program
from tests.control_plane.stages import stages

ADMIN_TOKEN = "administrator"
START_SECONDS = 90.0
SERVICE_CIDR = "172.20.0.0/16"


class ControlPlaneError(Exception):
    """A program ended or did not get ready; carries the end of its log."""


@dataclass(frozen=True)
class ControlPlane:
    """A running one: what a client needs."""

    url: str
    kubeconfig: Path
    certificate: Path

    def get(self, path: str) -> requests.Response:
        """GET as the administrator, for health endpoints."""
        headers = {"Authorization": f"Bearer {ADMIN_TOKEN}"}
        return requests.get(
            f"{self.url}{path}", headers=headers, verify=str(self.certificate), timeout=5
        )


@contextmanager
def control_plane(folder: Path) -> Generator[ControlPlane]:
    """Start every program, wait until each is ready, and end them all afterwards."""
    with ExitStack() as stack:
        etcd = f"http://127.0.0.1:{free_port()}"
        _run(stack, folder, "etcd", _etcd(folder, etcd))
        port = free_port()
        plane = ControlPlane(
            url=f"https://127.0.0.1:{port}",
            kubeconfig=folder / "kubeconfig",
            certificate=folder / "certificates" / "apiserver.crt",
        )
        _keys(folder)
        _tokens(folder)
        api = _run(stack, folder, "kube-apiserver", _api_server(folder, etcd, port))
        _until(lambda: _ready(plane), api, folder / "kube-apiserver.log")
        _kubeconfig(plane)
        _run(stack, folder, "kube-controller-manager", _controllers(folder, plane))
        _run(stack, folder, "kube-scheduler", _scheduler(plane))
        _run(stack, folder, "kwok", _kwok(folder, plane))
        yield plane


def free_port() -> int:
    """A port that nothing listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _etcd(folder: Path, client: str) -> list[str]:
    peer = f"http://127.0.0.1:{free_port()}"
    return [
        f"--data-dir={folder / 'etcd'}",
        f"--listen-client-urls={client}",
        f"--advertise-client-urls={client}",
        f"--listen-peer-urls={peer}",
        f"--initial-advertise-peer-urls={peer}",
        f"--initial-cluster=default={peer}",
        # A test's data need not outlive the machine.
        "--unsafe-no-fsync",
    ]


def _api_server(folder: Path, etcd: str, port: int) -> list[str]:
    return [
        f"--etcd-servers={etcd}",
        f"--secure-port={port}",
        "--bind-address=127.0.0.1",
        "--advertise-address=127.0.0.1",
        # Loopback is no address that the kubernetes service may point at.
        "--endpoint-reconciler-type=none",
        f"--cert-dir={folder / 'certificates'}",
        f"--service-cluster-ip-range={SERVICE_CIDR}",
        "--authorization-mode=Node,RBAC",
        f"--token-auth-file={folder / 'tokens.csv'}",
        "--service-account-issuer=https://kubernetes.default.svc",
        f"--service-account-key-file={folder / 'accounts.pub'}",
        f"--service-account-signing-key-file={folder / 'accounts.key'}",
        "--allow-privileged=true",
    ]


def _controllers(folder: Path, plane: ControlPlane) -> list[str]:
    return [
        f"--kubeconfig={plane.kubeconfig}",
        f"--service-account-private-key-file={folder / 'accounts.key'}",
        "--leader-elect=false",
        # kwok says once that its nodes are ready; nobody repeats it.
        "--node-monitor-grace-period=24h",
        # Tests wait for what a scaler sees next.
        "--horizontal-pod-autoscaler-sync-period=2s",
        f"--secure-port={free_port()}",
        "--bind-address=127.0.0.1",
    ]


def _scheduler(plane: ControlPlane) -> list[str]:
    return [
        f"--kubeconfig={plane.kubeconfig}",
        f"--authentication-kubeconfig={plane.kubeconfig}",
        f"--authorization-kubeconfig={plane.kubeconfig}",
        "--leader-elect=false",
        f"--secure-port={free_port()}",
        "--bind-address=127.0.0.1",
    ]


def _kwok(folder: Path, plane: ControlPlane) -> list[str]:
    (folder / "stages.yaml").write_text(stages())
    return [
        f"--config={folder / 'stages.yaml'}",
        f"--kubeconfig={plane.kubeconfig}",
        "--manage-all-nodes=true",
        f"--server-address=127.0.0.1:{free_port()}",
    ]


def _run(
    stack: ExitStack, folder: Path, name: str, arguments: Sequence[str]
) -> subprocess.Popen[bytes]:
    """Start a program that ends with `stack`, logging into `folder`."""
    log = stack.enter_context((folder / f"{name}.log").open("wb"))
    process = subprocess.Popen(
        [program(name), *arguments],
        stdout=log,
        stderr=log,
        cwd=folder,
    )
    stack.callback(process.wait)
    stack.callback(stop, process.pid, grace_seconds=5)
    return process


def _until(holds: object, process: subprocess.Popen[bytes], log: Path) -> None:
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline and process.poll() is None:
        if callable(holds) and holds():
            return
        time.sleep(0.2)
    raise ControlPlaneError(f"not ready; the end of its log:\n{log.read_text()[-3000:]}")


def _ready(plane: ControlPlane) -> bool:
    if not plane.certificate.exists():
        return False
    try:
        return plane.get("/readyz").status_code == requests.codes.ok
    except requests.RequestException:
        return False


def _keys(folder: Path) -> None:
    """The pair that signs service accounts' tokens."""
    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    (folder / "accounts.key").write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.TraditionalOpenSSL,
            serialization.NoEncryption(),
        )
    )
    (folder / "accounts.pub").write_bytes(
        key.public_key().public_bytes(
            serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo
        )
    )


def _tokens(folder: Path) -> None:
    with (folder / "tokens.csv").open("w", newline="") as file:
        csv.writer(file).writerow([ADMIN_TOKEN, "administrator", "administrator", "system:masters"])


def _kubeconfig(plane: ControlPlane) -> None:
    """For the programs themselves and for Kubernetes' Python client."""
    cluster = {"server": plane.url, "certificate-authority": str(plane.certificate)}
    config = {
        "apiVersion": "v1",
        "kind": "Config",
        "clusters": [{"name": "test", "cluster": cluster}],
        "users": [{"name": "administrator", "user": {"token": ADMIN_TOKEN}}],
        "contexts": [{"name": "test", "context": {"cluster": "test", "user": "administrator"}}],
        "current-context": "test",
    }
    plane.kubeconfig.write_text(yaml.safe_dump(config))
