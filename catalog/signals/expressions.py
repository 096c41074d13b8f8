"""The metrics that a PromQL expression reads."""

from __future__ import annotations

import re

_STRING = re.compile(r'"(?:\\.|[^"\\])*"' + r"|'(?:\\.|[^'\\])*'|`[^`]*`")
_MATCHERS = re.compile(r"\{[^{}]*\}")
_RANGE = re.compile(r"\[[^\[\]]*\]")
_LABELS = re.compile(r"\b(?:by|without|on|ignoring|group_left|group_right)\s*\([^()]*\)")
_NAME = re.compile(r"(?<![\w:.])([a-zA-Z_:][\w:]*)(?!\s*\()(?![\w:])")
_WORDS = frozenset(
    "by without on ignoring group_left group_right offset bool and or unless atan2 inf nan "
    "start end".split()
)
_DURATION = re.compile(r"\boffset\s+-?\d+[a-z]+")


def metrics_of(expression: str) -> frozenset[str]:
    """Names of the metrics, recorded figures among them. `expression` must be valid."""
    rest = expression
    for noise in (_STRING, _MATCHERS, _RANGE, _DURATION, _LABELS):
        rest = noise.sub(" ", rest)
    return frozenset(
        name for name in _NAME.findall(rest) if name.lower() not in _WORDS and not _grouping(name)
    )


def _grouping(name: str) -> bool:
    return name in {"sum", "avg", "min", "max", "count"}
