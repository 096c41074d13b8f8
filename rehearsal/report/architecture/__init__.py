"""The architecture picture, laid out from the recorded resources: `places` says what is where,
`layout` gives everything its coordinates, and a template draws the shapes."""

from rehearsal.report.architecture.layout import draw
from rehearsal.report.architecture.places import places

__all__ = ["draw", "places"]
