"""Every chart that the platform installs: its pin, its values contract, its CRDs.

`pins` is the one place where a version stands; `contracts` and `crds` hold what was learnt
from the chart itself (data in `catalog/charts/data/`), so that a wrong key is refused offline.
"""

from catalog.charts.chart import Chart
from catalog.charts.pins import CHARTS

__all__ = ["CHARTS", "Chart"]
