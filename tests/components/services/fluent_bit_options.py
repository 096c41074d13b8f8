"""Options that Fluent Bit's plugins take, as its manual (4.2) and its plugins' option maps list
them: those that a pipeline of ours may use. Anything else ends Fluent Bit at its start."""

from __future__ import annotations

from collections.abc import Mapping

SERVICE = frozenset(
    {"flush", "grace", "log_level", "http_server", "http_listen", "http_port", "health_check",
     "hc_errors_count", "hc_retry_failure_count", "hc_period", "parsers_file", "plugins_file",
     "scheduler.base", "scheduler.cap", "storage.path", "storage.sync", "storage.checksum",
     "storage.metrics", "storage.max_chunks_up", "storage.backlog.mem_limit",
     "storage.backlog.flush_on_shutdown", "storage.delete_irrecoverable_chunks",
     "storage.trim_files"}
)  # fmt: skip

_INPUT = frozenset(
    {"name", "alias", "tag", "storage.type", "storage.pause_on_chunks_overlimit", "mem_buf_limit",
     "log_level", "threaded"}
)  # fmt: skip
_FILTER = frozenset({"name", "alias", "match", "match_regex", "log_level"})
_OUTPUT = frozenset(
    {"name", "alias", "match", "match_regex", "log_level", "retry_limit",
     "storage.total_limit_size", "workers"}
)  # fmt: skip

INPUTS: Mapping[str, frozenset[str]] = {
    "tail": _INPUT
    | {"path", "path_key", "exclude_path", "offset_key", "read_from_head", "refresh_interval",
       "rotate_wait", "ignore_older", "skip_long_lines", "skip_empty_lines", "db", "db.sync",
       "db.locking", "db.journal_mode", "buffer_chunk_size", "buffer_max_size", "parser", "key",
       "inotify_watcher", "multiline.parser", "static_batch_size", "event_batch_size"},
    "systemd": _INPUT
    | {"path", "max_fields", "max_entries", "systemd_filter", "systemd_filter_type",
       "read_from_tail", "lowercase", "strip_underscores", "db", "db.sync"},
}  # fmt: skip

FILTERS: Mapping[str, frozenset[str]] = {
    "grep": _FILTER | {"regex", "exclude", "logical_op"},
    "kubernetes": _FILTER
    | {"buffer_size", "kube_url", "kube_ca_file", "kube_ca_path", "kube_token_file",
       "kube_token_ttl", "kube_tag_prefix", "kube_meta_cache_ttl",
       "kube_meta_namespace_cache_ttl", "kube_meta_preload_cache_dir", "merge_log",
       "merge_log_key", "merge_log_trim", "merge_parser", "keep_log", "labels", "annotations",
       "namespace_labels", "namespace_annotations", "owner_references", "use_journal",
       "use_kubelet", "kubelet_host", "kubelet_port", "use_tag_for_meta", "regex_parser",
       "k8s-logging.parser", "k8s-logging.exclude", "cache_use_docker_id", "dns_retries",
       "dns_wait_time", "dummy_meta", "tls.debug", "tls.verify"},
}  # fmt: skip

OUTPUTS: Mapping[str, frozenset[str]] = {
    "cloudwatch_logs": _OUTPUT
    | {"region", "log_group_name", "log_group_template", "log_stream_name", "log_stream_prefix",
       "log_stream_template", "log_key", "log_format", "role_arn", "auto_create_group",
       "auto_retry_requests", "log_retention_days", "log_group_class", "endpoint", "sts_endpoint",
       "external_id", "metric_namespace", "metric_dimensions", "profile"},
}  # fmt: skip
