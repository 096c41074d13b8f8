"""Where charts and images come from: their makers' registries, or a site's own mirror."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from catalog.charts import Chart
from components.services.plan import Values


@dataclass(frozen=True, kw_only=True)
class Mirror:
    """Redirects of an air-gapped site; without them everything comes from its maker."""

    charts: str | None = None
    """`oci://registry/path` that holds every chart under its own name."""
    images: str | None = None
    """`registry/path` under which every image keeps its own path."""
    digests: Mapping[str, str] = field(default_factory=dict[str, str])
    """`sha256:…` by image as the catalogue names it (`registry/repository:tag`)."""

    def chart(self, chart: Chart) -> tuple[str, str | None]:
        """Chart reference and repository for Helm; OCI charts have no repository."""
        if self.charts:
            return f"{self.charts.rstrip('/')}/{chart.chart_name}", None
        if chart.source.startswith("oci://"):
            return chart.source, None
        return chart.chart_name, chart.source

    def values(self, chart: Chart, values: Values) -> Values:
        """`values` with every image of the chart redirected."""
        return values
