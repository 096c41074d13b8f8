"""What the log collector reads, drops, adds and sends: Fluent Bit's configuration.

Each stream has its own reading position, buffer and output, so that a flood in one holds up no
other. Files are told apart by the namespace in their names, before anything is read.
Sources: Fluent Bit manual 4.2, tail, systemd, grep, kubernetes, cloudwatch_logs, buffering.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

FILES = "/var/log/containers"
JOURNAL = "/var/log/journal"
STATE = "/var/lib/fluent-bit"
"""Reading positions and what is not sent yet; on the node, so that it outlives the pod."""
PORT = 2020

JOURNAL_UNITS: Mapping[str, str] = {
    "kubelet": "_SYSTEMD_UNIT=kubelet.service",
    "containerd": "_SYSTEMD_UNIT=containerd.service",
    "kernel": "_TRANSPORT=kernel",
}
"""Entries of a node's journal that are kept."""

RETRIES = 20
"""Attempts, 5 to 300 s apart: a chunk is given up after about an hour."""

HEALTH_CHECKS = (
    r"(kube-probe|ELB-HealthChecker|Blackbox Exporter)/",
    r'"(GET|HEAD) /(health|healthz|livez|readyz|healthz/ready|api/health)[? ][^"]*" 200',
)
"""Lines of access logs that say nothing: by who asked, or by what was asked and went well."""


@dataclass(frozen=True, kw_only=True)
class LogPipelineArgs:
    """`groups`: CloudWatch's group of each stream: applications, platform, nodes."""

    region: str
    groups: Mapping[str, str]
    platform: Sequence[str]
    """Namespaces whose pods write to `platform`; all others write to `applications`."""
    collector: str
    """Namespace of the collector, whose own lines are not sent: one that fails to be sent would
    make another."""
    buffer_mib: int
    """Disk of a node that each stream may take while CloudWatch cannot be reached."""
    keep_health_checks: bool = False


def pipeline(args: LogPipelineArgs) -> dict[str, Any]:
    """The configuration as Fluent Bit's YAML reads."""
    return {
        "service": _service(),
        "pipeline": {
            "inputs": [*_files(args), *(_journal(unit) for unit in JOURNAL_UNITS)],
            "filters": _filters(args),
            "outputs": [_output(args, stream) for stream in args.groups],
        },
    }


def _service() -> dict[str, Any]:
    return {
        "flush": 5,
        "grace": 20,
        "log_level": "warn",
        "http_server": True,
        "http_listen": "0.0.0.0",  # noqa: S104 - Prometheus and the kubelet ask from outside
        "http_port": PORT,
        "storage.path": f"{STATE}/buffer",
        "storage.sync": "normal",
        "storage.checksum": True,
        "storage.metrics": True,
        "storage.max_chunks_up": 64,
        "storage.backlog.mem_limit": "32M",
        "storage.delete_irrecoverable_chunks": True,
        "scheduler.base": 5,
        "scheduler.cap": 300,
    }


def _files(args: LogPipelineArgs) -> list[dict[str, Any]]:
    """Names are `<pod>_<namespace>_<container>-<id>.log`, and no part has an underscore."""
    platform = [f"{FILES}/*_{one}_*.log" for one in args.platform if one != args.collector]
    own = f"{FILES}/*_{args.collector}_*.log"
    return [
        _tail("platform", path=",".join(platform)),
        _tail("applications", path=f"{FILES}/*.log", exclude_path=",".join([*platform, own])),
    ]


def _tail(stream: str, **paths: str) -> dict[str, Any]:
    return {
        "name": "tail",
        "alias": stream,
        "tag": f"{stream}.*",
        **paths,
        # The runtime splits lines at 16 KiB; this joins them again.
        "multiline.parser": "cri",
        "db": f"{STATE}/{stream}.db",
        "db.locking": True,
        "storage.type": "filesystem",
        "read_from_head": True,
        "refresh_interval": 5,
        "rotate_wait": 30,
        "skip_long_lines": True,
        "buffer_chunk_size": "64k",
        "buffer_max_size": "256k",
    }


def _journal(unit: str) -> dict[str, Any]:
    return {
        "name": "systemd",
        "alias": unit,
        "tag": f"nodes.{unit}",
        "path": JOURNAL,
        "systemd_filter": JOURNAL_UNITS[unit],
        "db": f"{STATE}/{unit}.db",
        "storage.type": "filesystem",
        "read_from_tail": True,
        "strip_underscores": True,
    }


def _filters(args: LogPipelineArgs) -> list[dict[str, Any]]:
    """Dropped first, while the line is as the container wrote it."""
    streams = ("applications", "platform")
    checks = () if args.keep_health_checks else HEALTH_CHECKS
    return [
        *(_without(stream, line) for stream in streams for line in checks),
        *(_metadata(stream) for stream in streams),
    ]


def _without(stream: str, line: str) -> dict[str, Any]:
    return {"name": "grep", "match": f"{stream}.*", "exclude": f"log {line}"}


def _metadata(stream: str) -> dict[str, Any]:
    """Asks the API server, once per pod: asking the kubelet takes the right to run commands in
    every pod of the node (`nodes/proxy`)."""
    return {
        "name": "kubernetes",
        "match": f"{stream}.*",
        "kube_tag_prefix": f"{stream}{FILES.replace('/', '.')}.",
        "use_kubelet": False,
        "merge_log": True,
        "merge_log_key": "json",
        "keep_log": False,
        "labels": True,
        "annotations": False,
        "buffer_size": "256k",
        "kube_meta_cache_ttl": "10m",
        # A pod's author may neither choose how its lines are read nor hide them.
        "k8s-logging.parser": False,
        "k8s-logging.exclude": False,
    }


def _output(args: LogPipelineArgs, stream: str) -> dict[str, Any]:
    return {
        "name": "cloudwatch_logs",
        "alias": stream,
        "match": f"{stream}.*",
        "region": args.region,
        "log_group_name": args.groups[stream],
        "log_stream_prefix": "${NODE_NAME}.",
        # Key and retention are set where the group is declared.
        "auto_create_group": False,
        "retry_limit": RETRIES,
        "storage.total_limit_size": f"{args.buffer_mib}M",
    }
