"""The agent's log: a JSON object a line, for a collector."""

from __future__ import annotations

import json
import logging
import sys
from datetime import UTC, datetime
from typing import TextIO

from lease.agent import Standing

LOG = logging.getLogger("lease")


class JsonLines(logging.Formatter):
    """Time, level, message, and what was given as `extra={"fields": …}`."""

    def format(self, record: logging.LogRecord) -> str:
        line: dict[str, object] = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "message": record.getMessage(),
        }
        line.update(getattr(record, "fields", {}))
        if record.exc_info:
            line["error"] = self.formatException(record.exc_info)
        return json.dumps(line, ensure_ascii=False)


def start_logging(stream: TextIO = sys.stdout) -> None:
    """Send every log there; libraries from warnings on."""
    handler = logging.StreamHandler(stream)
    handler.setFormatter(JsonLines())
    logging.basicConfig(level=logging.WARNING, handlers=[handler], force=True)
    LOG.setLevel(logging.INFO)


def tell_change(before: Standing, after: Standing) -> None:
    """A line when something is no longer as it was."""
    seen = (before.state, before.holder, before.epoch, before.trouble)
    if seen == (after.state, after.holder, after.epoch, after.trouble):
        return
    fields = {
        "state": after.state,
        "holder": after.holder,
        "epoch": after.epoch,
        "reason": after.reason,
        "trouble": after.trouble,
    }
    LOG.log(
        logging.WARNING if after.trouble else logging.INFO, after.state, extra={"fields": fields}
    )
