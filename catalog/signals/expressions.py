"""What a PromQL expression reads: metrics, jobs, and how often it says `or`."""

from __future__ import annotations

import re

_STRING = re.compile(r'"(?:\\.|[^"\\])*"' + r"|'(?:\\.|[^'\\])*'|`[^`]*`")
_MATCHERS = re.compile(r"\{[^{}]*\}")
_RANGE = re.compile(r"\[[^\[\]]*\]")
_LABELS = re.compile(r"\b(?:by|without|on|ignoring|group_left|group_right)\s*\([^()]*\)")
_DURATION = re.compile(r"\boffset\s+-?\w+")
_NAME = re.compile(r"(?<![\w:.])[a-zA-Z_:][\w:]*(?![\w:])(?!\s*\()")
_JOB = re.compile(r'\bjob="([^"]*)"')
_OR = re.compile(r"(?<![\w:.])or(?![\w:])")
_WORDS = frozenset(
    ("and", "or", "unless", "atan2", "bool", "offset", "inf", "nan", "start", "end",
     "by", "without", "on", "ignoring", "group_left", "group_right",
     "sum", "avg", "min", "max", "count", "topk", "quantile", "stddev", "group")
)  # fmt: skip
"""Words of the language; an aggregation may stand before its labels, not its bracket."""


def metrics_of(expression: str) -> frozenset[str]:
    """Names of the metrics, recorded figures among them. `expression` must be valid.

    Metrics named by a matcher of `__name__` are not found; nothing here uses one.
    """
    rest = expression
    for noise in (_STRING, _MATCHERS, _RANGE, _DURATION, _LABELS):
        rest = noise.sub(" ", rest)
    return frozenset(name for name in _NAME.findall(rest) if name.lower() not in _WORDS)


def jobs_of(expression: str) -> frozenset[str]:
    """Jobs that matchers name in full."""
    return frozenset(_JOB.findall(expression))


def alternatives(expression: str) -> int:
    """How many ways lead to a result: one, and one more for every `or`."""
    return 1 + len(_OR.findall(_STRING.sub(" ", expression)))
