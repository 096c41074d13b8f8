"""Coordinates for the picture. A frame holds frames and chips; everything flows from the top
left and wraps at the given width, so that one picture serves a wide screen and a phone."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from rehearsal.report.architecture.places import (
    Cluster,
    Item,
    Network,
    Panel,
    Places,
    Subnet,
    Tier,
)

_GAP = 8.0
_PAD = 12.0
_CHIP_HEIGHT = 24.0
_TITLE_HEIGHT = 26.0
_NARROW, _BROAD = frozenset("fijlrtI.,:;|'()[]- 1"), frozenset("mwMW@%_…\N{MULTIPLICATION SIGN}")
_CHARACTER, _NARROW_CHARACTER, _CAPITAL, _BROAD_CHARACTER = 6.7, 4.4, 7.8, 9.8
"""Widths at 11.5 px of a broad sans-serif, so that no text runs over its chip."""
_DOT = 32.0
"""A chip's dot and its padding on both sides."""
_TWO_COLUMNS_FROM = 760.0
_NETWORK_SHARE = 0.64


@dataclass(frozen=True)
class Shape:
    """A rectangle with an optional line of text; `css` names its class."""

    css: str
    x: float
    y: float
    width: float
    height: float
    text: str = ""
    note: str = ""
    tooltip: str = ""


@dataclass
class Drawing:
    """Shapes, those below first. `width` and `height` are in px."""

    width: float
    height: float = 0.0
    shapes: list[Shape] = field(default_factory=list[Shape])


def draw(places: Places, width: float) -> Drawing:
    """The picture of `places`, `width` px wide and as high as it must be."""
    drawing = Drawing(width)
    bottom = _contents(drawing, places, width - 2 * _PAD)
    drawing.height = bottom - _GAP + _PAD
    account = f"account {places.account}"
    frame = Shape("region", 0.5, 0.5, width - 1, drawing.height - 1, places.region, account)
    drawing.shapes.insert(0, frame)
    return drawing


def _contents(drawing: Drawing, places: Places, width: float) -> float:
    """Networks first, and each panel in the column that is shorter so far."""
    columns = [(_PAD, width)]
    if width >= _TWO_COLUMNS_FROM:
        left = round((width - _GAP) * (_NETWORK_SHARE if places.networks else 0.5))
        columns = [(_PAD, left), (_PAD + left + _GAP, width - left - _GAP)]
    bottoms = [_PAD + _TITLE_HEIGHT] * len(columns)
    bottoms[0] = _networks(drawing, places, _PAD, bottoms[0], columns[0][1])
    for panel in places.panels:
        column = bottoms.index(min(bottoms))
        x, across = columns[column]
        bottoms[column] = _panel(drawing, panel, x, bottoms[column], across)
    return max(bottoms)


def _networks(drawing: Drawing, places: Places, x: float, y: float, width: float) -> float:
    for network in places.networks:
        y = _network(drawing, network, x, y, width)
    return y


def _network(drawing: Drawing, network: Network, x: float, y: float, width: float) -> float:
    place = len(drawing.shapes)
    inside, left, top = width - 2 * _PAD, x + _PAD, y + _TITLE_HEIGHT + 4
    for tier in network.tiers:
        top = _tier(drawing, tier, network.zones, left, top, inside)
    if network.endpoints:
        drawing.shapes.append(Shape("caption", left, top, inside, 18, "endpoints"))
        top = _chips(drawing, network.endpoints, left, top + 18, inside) + _GAP
    height = top - _GAP + _PAD - y
    frame = Shape("vpc", x, y, width, height, f"VPC {network.cidr}", "", network.tooltip)
    drawing.shapes.insert(place, frame)
    return y + height + _GAP


def _tier(
    drawing: Drawing, tier: Tier, zones: Sequence[str], x: float, y: float, width: float
) -> float:
    place = len(drawing.shapes)
    inside, left, top = width - 2 * _GAP, x + _GAP, y + 22
    column = (inside - _GAP * (len(zones) - 1)) / max(len(zones), 1)
    for row in _by_row(tier.subnets):
        height = max(_subnet_height(one, column) for one in row)
        for subnet in row:
            along = left + zones.index(subnet.zone) * (column + _GAP)
            _subnet(drawing, subnet, along, top, column, height)
        top += height + _GAP
    for cluster in tier.clusters:
        top = _cluster(drawing, cluster, left, top, inside) + _GAP
    if tier.spanning:
        top = _chips(drawing, tier.spanning, left, top, inside, fill=True) + _GAP
    drawing.shapes.insert(place, Shape(f"tier {tier.name}", x, y, width, top - y, tier.name))
    return top + _GAP


def _by_row(subnets: Sequence[Subnet]) -> list[list[Subnet]]:
    """At most one subnet of each zone in a row."""
    rows: list[list[Subnet]] = []
    for subnet in subnets:
        free = (row for row in rows if subnet.zone not in {one.zone for one in row})
        row = next(free, None)
        if row is None:
            rows.append([subnet])
        else:
            row.append(subnet)
    return rows


def _subnet_height(subnet: Subnet, width: float) -> float:
    measured = Drawing(width)
    return 40 + (_chips(measured, subnet.items, 0, 0, width - 12) + 6 if subnet.items else 0)


def _subnet(
    drawing: Drawing, subnet: Subnet, x: float, y: float, width: float, height: float
) -> None:
    drawing.shapes.append(
        Shape("subnet", x, y, width, height, subnet.zone, subnet.cidr, subnet.tooltip)
    )
    _chips(drawing, subnet.items, x + 6, y + 40, width - 12)


def _panel(drawing: Drawing, panel: Panel, x: float, y: float, width: float) -> float:
    place = len(drawing.shapes)
    bottom = _chips(drawing, panel.items, x + _GAP, y + 26, width - 2 * _GAP) + _GAP
    drawing.shapes.insert(place, Shape("panel", x, y, width, bottom - y, panel.title))
    return bottom + _GAP


def _cluster(drawing: Drawing, cluster: Cluster, x: float, y: float, width: float) -> float:
    place = len(drawing.shapes)
    inside = width - 2 * _GAP
    bottom = _chips(drawing, cluster.pools, x + _GAP, y + 26, inside, fill=True) + _GAP
    own = cluster.item
    shape = Shape("cluster", x, y, width, bottom - y, own.label, own.note, own.tooltip)
    drawing.shapes.insert(place, shape)
    return bottom


def _chips(
    drawing: Drawing,
    items: Sequence[Item],
    x: float,
    y: float,
    width: float,
    *,
    fill: bool = False,
) -> float:
    """Chips side by side, wrapped at `width`; the bottom of the last row. With `fill` each
    row is stretched to the whole width."""
    if not items:
        return y
    for row in _rows(items, width):
        sizes = [min(_size(item), width) for item in row]
        spare = (width - sum(sizes) - 6 * (len(row) - 1)) / len(row) if fill else 0.0
        along = x
        for item, size in zip(row, sizes, strict=True):
            drawing.shapes.append(_chip(item, along, y, size + spare))
            along += size + spare + 6
        y += _CHIP_HEIGHT + 6
    return y - 6


def _rows(items: Sequence[Item], width: float) -> list[list[Item]]:
    rows: list[list[Item]] = [[]]
    used = 0.0
    for item in items:
        size = min(_size(item), width)
        if rows[-1] and used + size > width:
            rows.append([])
            used = 0.0
        rows[-1].append(item)
        used += size + 6
    return rows


def _size(item: Item) -> float:
    return _DOT + _span(f"{item.label} {item.note}".strip())


def _span(text: str) -> float:
    """Estimated width of `text`."""
    return sum(map(_character, text))


def _character(character: str) -> float:
    if character in _BROAD:
        return _BROAD_CHARACTER
    if character in _NARROW:
        return _NARROW_CHARACTER
    return _CAPITAL if character.isupper() else _CHARACTER


def _chip(item: Item, x: float, y: float, width: float) -> Shape:
    """What does not fit is cut off; the tooltip has it."""
    room = width - _DOT
    label = _cut(item.label, room)
    note = _cut(item.note, room - _span(f"{label} "))
    return Shape(f"chip {item.tone}", x, y, width, _CHIP_HEIGHT, label, note, item.tooltip)


def _cut(text: str, room: float) -> str:
    if _span(text) <= room + 0.5:  # sums of floats differ in their last digits
        return text
    while text and _span(f"{text}…") > room:
        text = text[:-1]
    return f"{text}…" if text else ""
