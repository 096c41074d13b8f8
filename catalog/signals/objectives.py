"""Service level objectives, and alerts on how fast their error budgets burn.

An alert needs a long window, so that it is not about nothing, and a short one, so that it ends
when the trouble ends. Factors and windows: Google's SRE workbook, chapter 5.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from catalog.signals.alert import Alert, Dashboard, Proof, Recording, Series, Severity
from catalog.signals.sources import sources_of


@dataclass(frozen=True, kw_only=True)
class Objective:
    """What users may count on over 30 days; figures are the operations runbook's."""

    name: str
    """Also the service."""
    title: str
    percent: float
    requests: str
    """Selector of the counter of everything."""
    errors: str
    """Selector of what failed; also of `requests`' counter."""
    latency: str | None = None
    """Selector of the buckets, without `le`."""
    latency_ms: int = 0
    """Most that 95 % of the requests take."""
    in_seconds: bool = True
    dashboard: Dashboard = "platform-overview"
    counts: tuple[str, str] = ("", "")
    """Series of a success and of a failure, for proofs."""

    @property
    def budget(self) -> float:
        """Share that may fail."""
        return round(1 - self.percent / 100, 6)

    @property
    def sources(self) -> tuple[str, ...]:
        """What exports its requests."""
        return tuple(sorted(sources_of(self.requests)))


@dataclass(frozen=True, kw_only=True)
class Burn:
    """How many times too fast, over which windows; each is as serious as `severity` says."""

    factor: float
    long: str
    short: str
    severity: Severity
    hold: int


BURNS = (
    Burn(factor=14.4, long="1h", short="5m", severity="critical", hold=2),
    Burn(factor=6, long="6h", short="30m", severity="critical", hold=15),
    Burn(factor=3, long="1d", short="2h", severity="warning", hold=60),
    Burn(factor=1, long="3d", short="6h", severity="warning", hold=180),
)
WINDOWS = ("5m", "30m", "1h", "2h", "6h", "1d", "3d")

_MLFLOW = 'mlflow_http_request_total{namespace="mlops-platform"%s}'
_FEAST = 'feast_feature_server_request_total{namespace="mlops-platform"%s}'
_MODELS = 'istio_requests_total{job="model-gateway"%s}'
_API = 'http_requests_total{job="platform-api"%s}'
_RUNS = "argo_workflows_total_count{phase%s}"

OBJECTIVES = (
    Objective(
        name="mlflow",
        title="MLflow",
        percent=99.9,
        requests=_MLFLOW % "",
        errors=_MLFLOW % ',status=~"5.."',
        latency='mlflow_http_request_duration_seconds_bucket{namespace="mlops-platform"}',
        latency_ms=500,
        counts=(_MLFLOW % ',status="200"', _MLFLOW % ',status="500"'),
    ),
    Objective(
        name="feast",
        title="Feast",
        percent=99.9,
        requests=_FEAST % "",
        errors=_FEAST % ',status=~"error|5.."',
        latency="feast_feature_server_request_latency_seconds_bucket"
        '{namespace="mlops-platform",endpoint="/get-online-features"}',
        latency_ms=100,
        counts=(_FEAST % ',status="success"', _FEAST % ',status="error"'),
    ),
    Objective(
        name="kserve",
        title="KServe",
        percent=99.5,
        requests=_MODELS % "",
        errors=_MODELS % ',response_code=~"5..|0"',
        latency='istio_request_duration_milliseconds_bucket{job="model-gateway"}',
        latency_ms=200,
        in_seconds=False,
        dashboard="model-serving",
        counts=(_MODELS % ',response_code="200"', _MODELS % ',response_code="503"'),
    ),
    Objective(
        name="platform-api",
        title="PlatformAPI",
        percent=99.9,
        requests=_API % "",
        errors=_API % ',status=~"5.."',
        latency='http_request_duration_seconds_bucket{job="platform-api"}',
        latency_ms=300,
        counts=(_API % ',status="200"', _API % ',status="500"'),
    ),
    Objective(
        name="training",
        title="Training",
        percent=99.0,
        requests=_RUNS % '=~"Succeeded|Failed|Error"',
        errors=_RUNS % '=~"Failed|Error"',
        counts=(_RUNS % '="Succeeded"', _RUNS % '="Failed"'),
    ),
)


def ratio(window: str) -> str:
    """Recorded share of failures over `window`."""
    return f"slo:error_ratio:rate{window}"


LATENCY = "slo:latency_p95_ms:rate5m"
"""Recorded 95th percentile, in milliseconds."""


def recordings() -> Iterator[Recording]:
    """Indicators of every objective."""
    for objective in OBJECTIVES:
        labels = {"slo": objective.name}
        for window in WINDOWS:
            yield Recording(name=ratio(window), expression=_ratio(objective, window), labels=labels)
        if objective.latency:
            yield Recording(name=LATENCY, expression=_percentile(objective), labels=labels)


def _ratio(objective: Objective, window: str) -> str:
    errors = f"sum(rate({objective.errors}[{window}])) or vector(0)"
    return f"({errors}) / sum(rate({objective.requests}[{window}]))"


def _percentile(objective: Objective) -> str:
    scale = 1000 if objective.in_seconds else 1
    return f"histogram_quantile(0.95, sum by (le) (rate({objective.latency}[5m]))) * {scale}"


def burn_alerts() -> Iterator[Alert]:
    """An alert for every objective and burn, and one for every latency."""
    for objective in OBJECTIVES:
        for burn in BURNS:
            yield _burns(objective, burn)
        if objective.latency:
            yield _slow(objective)


def _burns(objective: Objective, burn: Burn) -> Alert:
    limit = f"{burn.factor:g} * {objective.budget:g}"
    of = f'{{slo="{objective.name}"}}'
    days = 30 / burn.factor
    return Alert(
        name=f"{objective.title}ErrorBudgetBurn",
        expression=f"{ratio(burn.long)}{of} > {limit} and {ratio(burn.short)}{of} > {limit}",
        severity=burn.severity,
        service=objective.name,
        summary=f"{objective.title} fails {{{{ $value | humanizePercentage }}}} of the time: the "
        f"month's budget would be gone in {days:.2g} days",
        action="Look at what changed when the errors began, and undo it; then find out why.",
        dashboard=objective.dashboard,
        hold=burn.hold,
        labels={"slo": objective.name, "window": burn.long},
        needs=objective.sources,
        proof=_burn_proof(objective, burn),
    )


_MINUTES = {"1h": 90, "6h": 400, "1d": 1560, "3d": 4680}
_EVERY = {"1h": 1, "6h": 10, "1d": 30, "3d": 60}
"""Minutes between samples: a rate over the short window needs two, and fewer are tried faster."""


def _burn_proof(objective: Objective, burn: Burn) -> Proof:
    """Half as fast again as the alert's rate fires; half its rate does not."""
    every, minutes = _EVERY[burn.long], _MINUTES[burn.long]
    return Proof(
        fires=_failing(objective, 1.5 * burn.factor, minutes // every),
        quiet=_failing(objective, 0.5 * burn.factor, minutes // every),
        at=minutes,
        every=every,
    )


def _failing(objective: Objective, factor: float, values: int) -> Series:
    failed = round(1_000_000 * objective.budget * factor)
    success, failure = objective.counts
    return {success: f"0+{1_000_000 - failed}x{values}", failure: f"0+{failed}x{values}"}


def _slow(objective: Objective) -> Alert:
    return Alert(
        name=f"{objective.title}LatencyObjective",
        expression=f'{LATENCY}{{slo="{objective.name}"}} > {objective.latency_ms}',
        severity="warning",
        service=objective.name,
        summary=f"{objective.title}: 95 % of the requests take up to {{{{ $value | humanize }}}} "
        f"ms; the objective is {objective.latency_ms} ms",
        action="Compare with the traffic: more of it wants replicas, the same of it wants a look "
        "at the last change.",
        dashboard=objective.dashboard,
        hold=10,
        labels={"slo": objective.name},
        needs=objective.sources,
        proof=_slow_proof(objective),
    )


def _slow_proof(objective: Objective) -> Proof:
    """All requests in a bucket beyond the objective, or in one far below."""
    assert objective.latency is not None  # noqa: S101 - latency_ms stands beside it
    scale = 1000 if objective.in_seconds else 1
    below, beyond = objective.latency_ms / 2 / scale, objective.latency_ms * 5 / scale
    buckets = objective.latency.replace("}", ',le="%s"}')
    full, empty = "0+100x30", "0x30"
    series = [buckets % f"{below:g}", buckets % f"{beyond:g}", buckets % "+Inf"]
    return Proof(
        fires=dict(zip(series, (empty, full, full), strict=True)),
        quiet=dict(zip(series, (full, full, full), strict=True)),
        at=25,
    )
