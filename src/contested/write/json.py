"""A picture as one JSON object: everything it holds, nothing left to a default."""

import json
from typing import Any

from contested.model import Picture
from contested.write.plain import plain
from contested.write.writer import Places, Writer

SCHEMA = "contested/picture/1"


def data(picture: Picture) -> dict[str, Any]:
    """The picture as plain data under its schema's name."""
    return {"schema": SCHEMA, **plain(picture)}


def write(picture: Picture, _places: Places) -> str:
    return json.dumps(data(picture), ensure_ascii=False, indent=2) + "\n"


WRITER = Writer("json", ".json", write)
