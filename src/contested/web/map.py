"""The map: an SVG of schematic cells, each a link to the evidence behind its colour."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from math import ceil, floor

import msgspec
from markupsafe import Markup

from contested.web import cells
from contested.web.cells import Point, Polygon
from contested.web.palette import Look, patterns, shape
from contested.web.svg import element, short

WIDTH, LOWEST, TALLEST, EDGE = 920.0, 420.0, 720.0, 34.0
MOST = 400  # cells; past that a schematic map says nothing a table does not say better
CROWD = 60  # places, past which names need room around them
KM = 111.2  # one degree of latitude
Box = tuple[float, float, float, float]
STEPS = (0.1, 0.2, 0.5, 1, 2, 5, 10, 20, 30, 60)  # degrees between the lines of the grid


class Mark(msgspec.Struct, frozen=True):
    """One row of the picture as it is drawn: where, called what, in which look, leading where."""

    name: str
    told: str
    link: str
    latitude: float
    longitude: float
    look: Look
    status: str
    capital: bool = False
    chosen: bool = False
    weight: int = 0


class Frame(msgspec.Struct, frozen=True):
    """How the projected plane lies on the drawing: x = (px - left) · scale + shift."""

    left: float
    top: float
    scale: float
    dx: float
    dy: float
    height: float

    def at(self, point: Point) -> Point:
        return (point[0] - self.left) * self.scale + self.dx, (point[1] - self.top) * self.scale + self.dy


def draw(marks: Sequence[Mark], legend: Iterable[Look] = ()) -> Markup:
    """The whole map with the patterns its legend borrows; marks beyond MOST are not drawn. Nothing for no marks."""
    if not marks:
        return Markup("")
    marks = marks[:MOST]
    where = [(mark.latitude, mark.longitude) for mark in marks]
    plane = cells.project(where)
    radius = cells.reach(plane)
    sites = cells.part(plane, radius)
    frame = fit(sites, radius)
    areas = [[frame.at(point) for point in cell] for cell in cells.cells(sites, radius)]
    spots = [frame.at(site) for site in sites]
    return element(
        "svg",
        patterns([*legend, *(mark.look for mark in marks)]),
        _grid(frame, cells.squeeze(where)),
        element("g", *map(_unit, marks, areas, spots), class_="units"),
        *(_outline(area) for mark, area in zip(marks, areas, strict=True) if mark.chosen),
        element("g", *map(_dot, marks, spots), *_labels(marks, spots), class_="names"),
        _scale(frame),
        viewBox=f"0 0 {WIDTH:.0f} {frame.height:.0f}",
        class_="map",
        role="group",
        aria_label="Schematic map; the table shows the same rows",
    )


def fit(sites: Sequence[Point], radius: float) -> Frame:
    """The frame that shows every cell whole, as large as the drawing allows."""
    xs, ys = [x for x, _ in sites], [y for _, y in sites]
    left, top = min(xs) - radius, min(ys) - radius
    width, depth = max(xs) + radius - left, max(ys) + radius - top
    scale = min((WIDTH - 2 * EDGE) / width, (TALLEST - 2 * EDGE) / depth)
    height = max(depth * scale + 2 * EDGE, LOWEST)
    return Frame(left, top, scale, (WIDTH - width * scale) / 2, (height - depth * scale) / 2, height)


def _unit(mark: Mark, cell: Polygon, spot: Point) -> Markup:
    if mark.status == "claimed":  # drawn a little smaller, so that two outlines stand side by side
        cell = [(spot[0] + 0.93 * (x - spot[0]), spot[1] + 0.93 * (y - spot[1])) for x, y in cell]
    path = element("path", element("title", mark.told), d=_path(cell), **shape(mark.look, mark.status))
    return element("a", path, href=mark.link, aria_label=mark.told)


def _outline(cell: Polygon) -> Markup:
    return element("path", d=_path(cell), class_="chosen")


def _path(cell: Polygon) -> str:
    return "M" + "L".join(f"{x:.1f} {y:.1f}" for x, y in cell) + "Z"


def _dot(mark: Mark, spot: Point) -> Markup:
    return element(
        "circle",
        cx=spot[0],
        cy=spot[1],
        **({"r": 3.4, "class_": "capital"} if mark.capital else {"r": 1.6, "class_": "dot"}),
    )


def _labels(marks: Sequence[Mark], spots: Sequence[Point]) -> list[Markup]:
    """Names where there is room for them: the chosen place first, then capitals, then those with most evidence."""
    ranked = sorted(range(len(marks)), key=lambda n: (not marks[n].chosen, not marks[n].capital, -marks[n].weight, n))
    rings: list[Box] = [(x - 4, y - 4, x + 4, y + 4) for (x, y), mark in zip(spots, marks, strict=True) if mark.capital]
    room = 0.0 if len(marks) <= CROWD else 7.0  # a crowded map keeps fewer names, and these apart
    taken: list[Box] = []
    drawn: list[Markup] = []
    for n in ranked:
        name, kind = short(marks[n].name, 28), "name strong" if marks[n].capital else "name"
        for box in _boxes(spots[n], 6.4 * len(name) + 6):
            if not any(_meet(box, ring, 0) for ring in rings) and not any(_meet(box, other, room) for other in taken):
                taken.append(box)
                drawn.append(element("text", name, x=(box[0] + box[2]) / 2, y=box[3] - 3, class_=kind))
                break
    return drawn


def _boxes(spot: Point, wide: float) -> list[Box]:
    """Where a name may stand by its dot: below, above, right, left; never off the drawing."""
    x, y = spot
    near = ((x - wide / 2, y + 4), (x - wide / 2, y - 18), (x + 4.5, y - 7), (x - wide - 4.5, y - 7))
    return [(left, top, left + wide, top + 14) for left, top in near if left > 0 and left + wide < WIDTH]


def _meet(one: Box, other: Box, room: float) -> bool:
    across = one[0] < other[2] + room and other[0] < one[2] + room
    return across and one[1] < other[3] + room and other[1] < one[3] + room


def _grid(frame: Frame, narrow: float) -> Markup:
    """Meridians and parallels with their degrees, so that a schematic map still says where it is."""
    west, east = (
        (frame.left - frame.dx / frame.scale) / narrow,
        (frame.left + (WIDTH - frame.dx) / frame.scale) / narrow,
    )
    north, south = -(frame.top - frame.dy / frame.scale), -(frame.top + (frame.height - frame.dy) / frame.scale)
    step = next((s for s in STEPS if (north - south) / s <= 7), STEPS[-1])
    drawn = []
    for k in range(ceil(west / step), floor(east / step) + 1):
        x = frame.at((k * step * narrow, 0))[0]
        drawn += [
            element("path", d=f"M{x:.1f} 0V{frame.height:.0f}"),
            element("text", _degrees(k * step, "EW"), x=x + 3, y=11),
        ]
    for k in range(ceil(south / step), floor(north / step) + 1):
        y = frame.at((0, -k * step))[1]
        drawn.append(element("path", d=f"M0 {y:.1f}H{WIDTH:.0f}"))
        if y > 28:  # clear of the meridians' own
            drawn.append(element("text", _degrees(k * step, "NS"), x=3, y=y - 3))
    return element("g", *drawn, class_="grid", aria_hidden="true")


def _degrees(value: float, sides: str) -> str:
    value = (value + 180) % 360 - 180 if sides == "EW" else value
    return f"{abs(value):g}°{'' if value == 0 else sides[value < 0]}"


def _scale(frame: Frame) -> Markup:
    per_km = frame.scale / KM
    km = next((k for k in (5000, 2000, 1000, 500, 200, 100, 50, 20, 10, 5, 2, 1) if k * per_km <= 150), 1)
    x, y, long = EDGE, frame.height - 18, km * per_km
    bar = element("path", d=f"M{x} {y - 4:.1f}v4h{long:.1f}v-4")
    return element("g", bar, element("text", f"{km} km", x=x + long + 6, y=y + 1), class_="scale", aria_hidden="true")
