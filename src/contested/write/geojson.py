"""A picture as GeoJSON (RFC 7946): a point per row whose place is known, a null geometry for the others."""

import json
from typing import Any

from contested.model import Picture, Row, Thing
from contested.write.plain import moment, plain
from contested.write.writer import Places, Writer, cells, rows


def write(picture: Picture, places: Places) -> str:
    collection = {
        "type": "FeatureCollection",
        "picture": picture.name,
        "codebook": picture.codebook,
        "on": picture.on.isoformat(),
        "known": moment(picture.known),
        "features": [_feature(picture, row, places) for row in rows(picture)],
    }
    return json.dumps(collection, ensure_ascii=False, indent=1) + "\n"


def _feature(picture: Picture, row: Row, places: Places) -> dict[str, Any]:
    place = _place(row, places)
    state = {
        "status": row.status,
        "rule": row.rule,
        "last_evidence": plain(row.last_evidence),
        "things": list(row.things),
        "support_ids": list(row.support),
        "against_ids": list(row.against),
        "disputed_ids": list(row.disputed),
    }
    return {
        "type": "Feature",
        "geometry": {"type": "Point", "coordinates": [place.longitude, place.latitude]} if place else None,
        "properties": dict(zip(picture.columns, cells(picture, row), strict=False)) | state,
    }


def _place(row: Row, places: Places) -> Thing | None:
    """The first of the row's things that has coordinates."""
    for thing in filter(None, map(places, filter(None, row.things))):
        if thing.latitude is not None and thing.longitude is not None:
            return thing
    return None


WRITER = Writer("geojson", ".geojson", write)
