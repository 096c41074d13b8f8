"""Where charts come from: their makers' registries, or a site's own mirror."""

from __future__ import annotations

from dataclasses import dataclass

from catalog.charts import Chart


@dataclass(frozen=True, kw_only=True)
class Mirror:
    """Redirects of an air-gapped site; without them every chart comes from its maker."""

    charts: str | None = None
    """`oci://registry/path` that holds every chart under its own name."""

    def chart(self, chart: Chart) -> tuple[str, str | None]:
        """Chart reference and repository for Helm; OCI charts have no repository."""
        if self.charts:
            return f"{self.charts.rstrip('/')}/{chart.chart_name}", None
        if chart.source.startswith("oci://"):
            return chart.source, None
        return chart.chart_name, chart.source
