"""What is known of a chart before it is installed."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, TypeAlias

from catalog.charts.learnt import contract
from catalog.charts.support import KubernetesRange, supported

CrdRule: TypeAlias = Literal["none", "folder", "templates", "templates-kept"]
"""Where a chart's CRDs live and so what becomes of them.

`folder`: in `crds/`: Helm installs them once, never upgrades and never deletes them.
`templates`: among the templates without a keep annotation: uninstalling the release deletes
every object of their kinds, hence the release is protected. `templates-kept`: kept then.
"""


@dataclass(frozen=True, kw_only=True)
class Chart:
    """A pinned chart. `name` is the chart's and the release's."""

    name: str
    version: str
    source: str
    """`oci://…` of the chart itself, or the https address of its repository."""
    licence: str
    """SPDX identifier."""
    namespace: str
    service_accounts: tuple[str, ...] = ()
    """Names as the release makes them with our values."""
    crds: CrdRule = "none"
    skip_crds: bool = False
    """True where another chart of the catalogue owns the CRDs in this one's `crds/`."""
    pods: bool = True
    """False for releases of definitions and settings only: they wait for no node."""
    timeout: int = 600
    """Seconds until Helm gives the release up."""
    path: str | None = None
    """Name of the chart in its repository, where it is not the release's."""

    @property
    def app_version(self) -> str:
        """Version of what the chart installs, as the chart itself says it."""
        return contract(self.name)["app"]

    @property
    def kubernetes(self) -> KubernetesRange:
        """The Kubernetes versions that the chart supports."""
        return supported(self.name, contract(self.name)["kubernetes"])

    @property
    def chart_name(self) -> str:
        """The chart's own name."""
        return self.path or self.name
