"""Positions of a primary's and a replica's log, asked of the real PostgreSQL as the exporter."""

from __future__ import annotations

import json
import os
import pwd
import time
from collections.abc import Callable, Generator
from contextlib import AbstractContextManager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from ops.errors import Retryable
from ops.live.log_positions import WRITTEN, LogPositions, Server, asked
from tests.control_plane.postgres import UNPRIVILEGED, Postgres, postgres, socket_folder
from tests.control_plane.server import free_port
from tests.lease.fenced import fenced_server
from tests.lease.test_promotion import copy_of

pytestmark = [pytest.mark.control_plane, pytest.mark.xdist_group("postgres")]


class Secrets:
    """Secrets Manager with one secret: the exporter's login."""

    def read(self, service: str, operation: str, **parameters: Any) -> dict[str, Any]:
        assert (service, operation) == ("secretsmanager", "get_secret_value")
        assert parameters == {"SecretId": "mlops-production-db-exporter"}
        return {"SecretString": json.dumps({"username": "exporter", "password": "unused"})}


@pytest.fixture(scope="module")
def primary() -> Generator[Postgres]:
    with fenced_server() as running:
        yield running


def _until(holds: Callable[[], bool]) -> None:
    deadline = time.monotonic() + 30
    while not holds():
        assert time.monotonic() < deadline
        time.sleep(0.05)


def test_a_replica_reaches_what_its_primary_wrote_and_a_paused_one_does_not(
    primary: Postgres,
) -> None:
    positions = LogPositions(Secrets(), "mlops-production", "us-west-2")
    with copy_of(primary) as copy:
        here, there = str(primary.socket), str(copy.socket)
        assert positions.replayed(here) is None
        assert positions.written(there) is None
        copy.psql("-c", "SELECT pg_wal_replay_pause()", user="superuser")
        primary.psql("-c", "CREATE TABLE late AS SELECT 1 AS row", user="superuser")
        written = positions.written(here)
        assert written is not None
        assert (positions.replayed(there) or 0) < written
        copy.psql("-c", "SELECT pg_wal_replay_resume()", user="superuser")
        _until(lambda: (positions.replayed(there) or 0) >= written)
        assert copy.psql("-c", "SELECT row FROM late", user="superuser").stdout == "1\n"
        copy.psql("-c", "SELECT pg_promote()", user="superuser")
        assert positions.replayed(there) is None
        assert (positions.written(there) or 0) >= written


def test_a_server_that_is_not_reached_is_told_with_what_to_do() -> None:
    positions = LogPositions(Secrets(), "mlops-production", "us-west-2")
    with pytest.raises(Retryable, match="where the databases of both regions can be reached"):
        positions.written("/nowhere")


def test_a_server_has_to_prove_that_it_is_the_host(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """To the region's authorities, by the name that is asked for."""
    monkeypatch.setenv("PGPORT", str(free_port()))
    with socket_folder() as folder, _server_with_a_certificate(folder):
        trusted = folder / "certificate.pem"
        assert asked(_server("localhost", trusted), WRITTEN)
        with pytest.raises(Retryable, match="certificate verify failed"):
            asked(_server("localhost", _certificate(tmp_path)), WRITTEN)
        with pytest.raises(Retryable, match="does not match host name"):
            asked(_server("127.0.0.1", trusted), WRITTEN)


def _server(host: str, authorities: Path) -> Server:
    return Server(host=host, user="superuser", password="unused", authorities=authorities)


def _server_with_a_certificate(folder: Path) -> AbstractContextManager[Postgres]:
    settings = {
        "listen_addresses": "localhost",
        "port": os.environ["PGPORT"],
        "ssl": "on",
        "ssl_cert_file": str(_certificate(folder)),
        "ssl_key_file": str(folder / "key.pem"),
    }
    return postgres(folder / "s", settings)


def _certificate(folder: Path) -> Path:
    """Of `localhost`, signed by itself; its key beside it, for the server alone."""
    key, now = ec.generate_private_key(ec.SECP256R1()), datetime.now(UTC)
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "localhost")])
    made = (
        x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number())
        .not_valid_before(now - timedelta(minutes=1))
        .not_valid_after(now + timedelta(hours=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName("localhost")]), critical=False)
        .sign(key, hashes.SHA256())
    )
    private = folder / "key.pem"
    private.write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
    )
    private.chmod(0o600)
    if os.getuid() == 0:
        os.chown(private, pwd.getpwnam(UNPRIVILEGED).pw_uid, -1)
    file = folder / "certificate.pem"
    file.write_bytes(made.public_bytes(serialization.Encoding.PEM))
    return file
