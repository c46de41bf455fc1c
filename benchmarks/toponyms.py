"""How well names of places in reports are resolved, gold spans given. Prints one table.

    python benchmarks/toponyms.py --corpora DIR [--part lgl …] [--packs DIR] [--without-source] [--alone | --by-name]
                                  [--errors N]

A part is a file DIR/geo/PART.xml or PART.xml.gz (DIR/PART… does as well), in the form of LGL and TR-News: articles
with a text and toponyms (start, end, gaztag with lat, lon, fcode, name, country). Every gold toponym with coordinates
counts; one that is not resolved is wrong by half the Earth's girth.

- acc@161: share within 161 km (100 miles); mean and median of the error in km.
- AUC: the area under the curve of ln(1 + error in km), sorted and divided by ln(1 + 20,039): lower is better
  (Gritta et al., A pragmatic guide to geoparsing evaluation, Language Resources and Evaluation 54, 2020).
- referent: within 161 km, or the same country or first-level division where the gold is one.
- resolved: share with a place of its own, not that of a fallback.
- toponyms/s: by the processor's time, the look-ups and both passes over the batch included, opening the register not.
"""

from __future__ import annotations

import argparse
import gzip
import statistics
import sys
import time
from collections.abc import Iterator
from math import log
from pathlib import Path
from typing import NamedTuple

from lxml import etree

from contested.model import Name
from contested.register import Register, open_register
from contested.register.marked import Marked, Span, whole_words
from contested.register.spelling import key
from contested.register.sphere import distance
from contested.register.toponyms import Resolved, resolve

FARTHEST, NEAR = 20_039.0, 161.0  # km
PARTS = {"lgl": "lgl", "trnews": "TR-News"}


class Gold(NamedTuple):
    """A place as an annotator saw it."""

    latitude: float
    longitude: float
    sort: str
    name: str
    country: str


class Score(NamedTuple):
    gold: Gold
    found: Resolved
    words: str
    error: float
    same: bool


def articles(path: Path) -> Iterator[tuple[Marked, list[Gold]]]:
    with gzip.open(path) if path.suffix == ".gz" else path.open("rb") as opened:
        for article in etree.parse(opened).getroot().iter("article"):
            text = article.findtext("text") or ""
            marked = [toponym for toponym in article.iter("toponym") if toponym.findtext("gaztag/lat")]
            spans = [Span(int(one.findtext("start")), int(one.findtext("end"))) for one in marked]
            source = article.findtext("domain") or article.findtext("url") or ""
            day = (article.findtext("dltime") or "").strip()[:10]
            yield Marked(text=text, spans=spans, source=source.strip(), published=day), list(map(_gold, marked))


def _gold(toponym: etree._Element) -> Gold:
    def said(tag: str) -> str:
        return (toponym.findtext(f"gaztag/{tag}") or "").strip()

    return Gold(float(said("lat")), float(said("lon")), said("fcode"), said("name"), said("country"))


def score(report: Marked, gold: list[Gold], found: list[Resolved], register: Register) -> Iterator[Score]:
    for span, truth, one in zip(report.spans, gold, found, strict=True):
        error = FARTHEST
        if one.latitude is not None and one.longitude is not None:
            error = min(distance((truth.latitude, truth.longitude), (one.latitude, one.longitude)), FARTHEST)
        yield Score(truth, one, report.text[span.start : span.end], error, _same_unit(truth, one, register))


def _same_unit(gold: Gold, found: Resolved, register: Register) -> bool:
    """Whether both are the same country or the same first-level division, by name and country."""
    thing = register.thing(found.thing)
    if thing is None or not (country := register.thing(register.places.country(thing))):
        return False
    if gold.sort.startswith("PCL"):
        return thing.type == "country" and key(gold.name) in map(key, thing.names)
    names = {key(gold.name), key(gold.name.removesuffix(" Province").removeprefix("Province of "))}
    same = key(gold.country) in map(key, country.names) or not gold.country
    return gold.sort == "ADM1" and thing.type == "province" and same and bool(names & set(map(key, thing.names)))


def row(name: str, scores: list[Score], seconds: float) -> str:
    errors = sorted(one.error for one in scores)
    auc = sum(log(1 + error) for error in errors) / len(errors) / log(1 + FARTHEST)
    near = sum(error <= NEAR for error in errors) / len(errors)
    same = sum(one.error <= NEAR or one.same for one in scores) / len(scores)
    own = sum(bool(one.found.thing) and one.found.precision != "fallback" for one in scores) / len(scores)
    mean, median = statistics.mean(errors), statistics.median(errors)
    shown = f"{near:.3f} | {mean:,.0f} | {median:.1f} | {auc:.3f} | {same:.3f} | {own:.3f}"
    return f"| {name} | {len(scores):,} | {shown} | {len(scores) / seconds:,.0f} |"


def by_name(register: Register, report: Marked) -> list[Resolved]:
    """As the extractors ask: each name by its words alone, of the report's own resolver."""
    ends = [whole_words(report.text, span) for span in report.spans]
    words = [report.text[start:end] for start, end in ends]
    resolver = register.resolver(words, marked=report)
    return [_placed(span, resolver.place(name), register) for span, name in zip(report.spans, words, strict=True)]


def _placed(span: Span, name: Name, register: Register) -> Resolved:
    thing = register.thing(name.thing)
    if thing is None:
        return Resolved(span.start, span.end)
    at = thing.latitude, thing.longitude
    return Resolved(span.start, span.end, thing.id, thing.name, *at, name.sure, "feature")


def part_at(corpora: Path, part: str) -> Path:
    name = PARTS.get(part.lower(), part)
    tried = [folder / f"{name}.xml{end}" for folder in (corpora / "geo", corpora) for end in ("", ".gz")]
    found = next((path for path in tried if path.is_file()), None)
    if found is None:
        sys.exit(f"no part {part!r}: there is none of {', '.join(map(str, tried))}")
    return found


def main() -> None:
    asked = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    asked.add_argument("--corpora", type=Path, required=True)
    asked.add_argument("--part", action="append")
    asked.add_argument("--packs", type=Path)
    asked.add_argument("--without-source", action="store_true", help="keep the publisher from the resolver")
    asked.add_argument("--alone", action="store_true", help="learn nothing from an outlet's other reports")
    asked.add_argument("--by-name", action="store_true", help="as the extractors ask: no fallback, each report alone")
    asked.add_argument("--errors", type=int, default=0, help="list so many of the worst errors on stderr")
    given = asked.parse_args()
    register = open_register(given.packs)
    print("| part | toponyms | acc@161 | mean km | median km | AUC | referent | resolved | toponyms/s |")
    print("|---|---:|---:|---:|---:|---:|---:|---:|---:|")
    for part in given.part or PARTS:
        read = list(articles(part_at(given.corpora, part)))
        reports = [Marked(one.text, one.spans, "" if given.without_source else one.source) for one, _ in read]
        start = time.process_time()
        if given.by_name:
            found = [by_name(register, report) for report in reports]
        else:
            found = list(resolve(register, reports, together=not given.alone))
        spent = time.process_time() - start
        scores = [one for report, (_, gold), each in zip(reports, read, found, strict=True)
                  for one in score(report, gold, each, register)]  # fmt: skip
        print(row(part, scores, spent), flush=True)
        for one in sorted(scores, key=lambda one: -one.error)[: given.errors]:
            wrong = f"{one.found.name} ({one.found.thing}, {one.found.precision}, {one.found.confidence})"
            print(f"{one.error:8.0f} {one.words!r}: {one.gold} ← {wrong}", file=sys.stderr)


if __name__ == "__main__":
    main()
