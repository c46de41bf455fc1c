"""Answers as bytes: a page from its template, or the same content as JSON."""

from __future__ import annotations

import datetime as dt
import json
from pathlib import Path
from typing import Any

import msgspec
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from starlette.responses import HTMLResponse, Response

from contested.web.highlight import as_shown
from contested.web.svg import short
from contested.write import phrase
from contested.write.plain import plain

HERE = Path(__file__).parent
STATIC = HERE / "static"


class Answer(msgspec.Struct, frozen=True):
    """What a page says: `data` is its JSON twin, `drawn` what only the HTML needs besides."""

    template: str
    title: str
    data: dict[str, Any]
    drawn: dict[str, Any] = {}
    status: int = 200


def as_json(answer: Answer) -> Response:
    body = {"schema": f"contested/{answer.template}/1"} | plain(answer.data)
    text = json.dumps(body, ensure_ascii=False, indent=1)
    return Response(text + "\n", answer.status, media_type="application/json")


def as_html(answer: Answer, frame: dict[str, Any]) -> Response:
    template = _templates.get_template(f"{answer.template}.html")
    return HTMLResponse(template.render(**frame, **answer.drawn, data=answer.data, title=answer.title), answer.status)


def spaced(words: str) -> str:
    """An enumeration's name as a person writes it: "armed_attack" gives "armed attack"."""
    return words.replace("_", " ")


def long_day(day: dt.date | None) -> str:
    """ "8 August 2021"; a dash for none."""
    return f"{day.day} {day:%B %Y}" if day else "–"


_templates = Environment(
    loader=FileSystemLoader(HERE / "templates"),
    autoescape=True,
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
)
_templates.filters |= {
    "spaced": spaced,
    "long_day": long_day,
    "short": short,
    "period": phrase.period,
    "phrase": phrase.phrase,
    "as_shown": as_shown,
}
