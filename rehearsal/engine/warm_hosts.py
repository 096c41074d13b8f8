"""Brings forth language hosts that have imported the SDKs, and nothing of the program.

Each line on the input asks for one, and ends the one before; the answer is its port. Importing
takes longer than all else that the program does, and each host is a fork of this process, which
itself serves nothing: a server's threads would not outlive a fork.
Run as `python -m rehearsal.engine.warm_hosts`.
"""

from __future__ import annotations

import os
import signal
import sys
from importlib import import_module
from typing import NoReturn

from rehearsal.collector import collect_seldom, keep_what_is_loaded
from rehearsal.engine.language_host import serve_program
from rehearsal.engine.spare import Spare

_AWS = (
    *("accessanalyzer", "acm", "budgets", "cfg", "cloudtrail", "cloudwatch", "costexplorer"),
    *("ebs", "ec2", "ecr", "efs", "eks", "elasticache", "guardduty", "iam", "kms", "lb", "rds"),
    *("route53", "s3", "secretsmanager", "securityhub", "sns", "sqs", "vpc", "wafv2"),
)
SDKS = (
    *("pulumi", "pulumi_aws", "pulumi_eks", "pulumi_kubernetes", "pulumi_random"),
    *(f"pulumi_aws.{name}" for name in _AWS),
    *("pulumi_kubernetes.apiextensions", "pulumi_kubernetes.core.v1"),
    *("pulumi_kubernetes.helm.v3", "pulumi_kubernetes.storage.v1"),
    *("jsonschema", "pydantic.main", "pydantic.json_schema", "yaml"),
    *("grafana_foundation_sdk.builders.dashboard", "grafana_foundation_sdk.builders.prometheus"),
)
"""What takes long to import of all that the program needs; the rest each host imports itself."""


def main() -> None:
    """Serve requests until the input ends."""
    collect_seldom()
    for name in SDKS:
        # Any attribute: the SDKs import their modules when they are first looked into.
        getattr(import_module(name), "__all__", None)
    keep_what_is_loaded()
    latest: int | None = None
    while sys.stdin.readline():
        _end(latest)
        latest = os.fork()
        if latest == 0:
            _become_host()
    _end(latest)


def _become_host() -> NoReturn:
    os.dup2(os.open(os.devnull, os.O_RDONLY), sys.stdin.fileno())
    # Now, or never: the host is a server then.
    serve_program(_announce, Spare())
    os._exit(0)


def _announce(port: int) -> None:
    """Answer, then leave the output alone: what the program prints goes to the log."""
    print(port, flush=True)
    os.dup2(sys.stderr.fileno(), sys.stdout.fileno())


def _end(host: int | None) -> None:
    if host is not None:
        os.kill(host, signal.SIGTERM)
        os.waitpid(host, 0)


if __name__ == "__main__":
    main()
