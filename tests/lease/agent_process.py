"""An agent as a process, and a table of DynamoDB that answers it over HTTP."""

from __future__ import annotations

import subprocess
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Generator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import boto3
from moto.server import ThreadedMotoServer

from lease.dynamo import KEY, DynamoTable
from lease.protocol import first


@dataclass
class Agent:
    process: subprocess.Popen[bytes]
    port: int

    def asks(self, path: str) -> tuple[int, str]:
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{self.port}{path}", timeout=5) as answer:
                return answer.status, answer.read().decode()
        except urllib.error.HTTPError as error:
            return error.code, error.read().decode()
        except OSError as error:
            return 0, str(error)

    def shows(self, metric: str) -> bool:
        return metric in self.asks("/metrics")[1].splitlines()

    def until(self, metric: str, seconds: float = 90) -> None:
        deadline = time.monotonic() + seconds
        while not self.shows(metric):
            assert self.process.poll() is None, "the agent ended"
            assert time.monotonic() < deadline, f"{metric} never came"
            time.sleep(0.1)


@contextmanager
def running(command: Sequence[str], environment: Mapping[str, str], port: int) -> Generator[Agent]:
    """An agent that answers on `port`; its log is printed at the end."""
    with tempfile.TemporaryFile("w+") as log:
        process = subprocess.Popen(list(command), env=dict(environment), stdout=log, stderr=log)
        try:
            yield Agent(process, port)
        finally:
            process.kill()
            process.wait()
            log.seek(0)
            print(log.read())


@contextmanager
def table_over_http(
    table: str, platform: str, holder: str
) -> Generator[tuple[DynamoTable, dict[str, str]]]:
    """A table with the first record of `platform`, held by the region `holder`; and the
    environment in which an agent finds it."""
    moto = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    moto.start()
    host, port = moto.get_host_and_port()
    environment = {
        "AWS_ENDPOINT_URL_DYNAMODB": f"http://{host}:{port}",
        "AWS_ACCESS_KEY_ID": "test",
        "AWS_SECRET_ACCESS_KEY": "test",
    }
    client: Any = boto3.client(  # pyright: ignore[reportUnknownMemberType]
        "dynamodb",
        region_name=holder,
        endpoint_url=environment["AWS_ENDPOINT_URL_DYNAMODB"],
        aws_access_key_id="test",
        aws_secret_access_key="test",
    )
    client.create_table(
        TableName=table,
        KeySchema=[{"AttributeName": KEY, "KeyType": "HASH"}],
        AttributeDefinitions=[{"AttributeName": KEY, "AttributeType": "S"}],
        BillingMode="PAY_PER_REQUEST",
    )
    try:
        made = DynamoTable(client, table, platform)
        made.swap(None, first(platform, holder))
        yield made, environment
    finally:
        client.delete_table(TableName=table)  # moto's tables outlive its server
        moto.stop()
