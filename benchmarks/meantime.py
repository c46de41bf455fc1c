"""Whether we generalise: MEANTIME's 120 Wikinews articles, on aeroplanes, computers, cars and shares.

    python -m benchmarks.meantime --corpora DIR [--part corpus_airbus …] [--limit N] [--errors N]

The corpus marks every verb and noun of event as one, war or not, so that what else we find is no measure; precision of
triggers is therefore not given. Measured is:

- speech: of the events it classes SPEECH_COGNITIVE, those that are the cue of a voice of an assertion from the same
  sentence, and of these with an agent (Arg0) those whose voice has its name;
- deeds, a lower bound, for many such words mean other things in business: of the mentions (certain, not denied, not of
  the future) whose word alone evokes a frame of our lexicons, those that an assertion of that kind quotes;
- roles: on assertions that quote a mention that evokes their lexicon, where the corpus gives an agent (Arg0), a patient
  (Arg1) or a place (Argm-LOC) and we do too, those that agree (token F1 of .5 or more); and beside it, how often we
  give one where the corpus does;
- times: TIMEX3, strict, relaxed and value F1, as in benchmarks.times.
"""

from __future__ import annotations

import argparse
import datetime as dt
import re
import sys
import tarfile
import xml.etree.ElementTree as ET
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from benchmarks.plover import alike
from benchmarks.times import Mark, Report, Score, times

from contested.extract import extract
from contested.extract.lexicon import frames
from contested.model import Assertion, Document, Name
from contested.register import Register, open_register
from contested.text.lemmas import lemma

ARCHIVE, FOLDER = "meantime/meantime.tar.gz", "intra_cross-doc_annotation"
WHOLE = 5  # the headline, the day and the first four sentences are marked in full, and only they are read
KINDS = ("event", "relation", "commitment", "compliance")  # "held" and "lost" are of control only where a place is
ROLES = {"Arg0": ("actor", "holder", "subject", "party", "authority", "speaker"),
         "Arg1": ("recipient", "object", "target"), "Argm-LOC": ("place",)}  # fmt: skip


class Mention(NamedTuple):
    """An annotated event: its words and lemma, its class, whether it surely happened, and its participants by role."""

    start: int
    end: int
    sentence: tuple[int, int]
    words: str
    speech: bool
    happened: bool
    roles: dict[str, list[str]]


class Article(NamedTuple):
    report: Report
    mentions: list[Mention]


# ── the corpus ───────────────────────────────────────────────────────────────────────────────────


def read_part(corpora: Path, part: str) -> list[Article]:
    found = [article(name, content) for name, content in _files(corpora, part)]
    if not found:
        sys.exit(f"{corpora}: no articles of {part!r} in {ARCHIVE} or below that folder")
    return found


def _files(corpora: Path, part: str) -> Iterator[tuple[str, bytes]]:
    archive = corpora / ARCHIVE
    if archive.is_file():
        with tarfile.open(archive) as opened:
            for member in sorted(opened, key=lambda one: one.name):
                inside = f"/{FOLDER}/{part}/" in member.name and member.name.endswith(".xml")
                if inside and (file := opened.extractfile(member)):
                    yield member.name, file.read()
        return
    for path in sorted(corpora.rglob(f"{FOLDER}/{part}/*.xml")):
        yield path.name, path.read_bytes()


def article(name: str, content: bytes) -> Article:
    """An article as the corpus marks it, its words set as a newspaper does."""
    root = ET.fromstring(content)
    text, spans, sentences = written(root)
    marked = {m.get("m_id", ""): m for m in root.find("Markables") or ()}
    places = {
        key: (min(spans[t][0] for t in ids), max(spans[t][1] for t in ids))
        for key, m in marked.items()
        if (ids := [t for a in m.iter("token_anchor") if (t := a.get("t_id", "")) in spans])
    }
    relations = root.find("Relations")
    classes = {s: marked[t].get("class", "") for s, t in _links(relations, "REFERS_TO") if t in marked}
    roles: dict[str, dict[str, list[str]]] = {}
    for link in relations.findall("HAS_PARTICIPANT") if relations is not None else ():
        (event, who), role = _ends(link), link.get("sem_role", "")
        if role in ROLES and who in places:
            roles.setdefault(event, {}).setdefault(role, []).append(text[slice(*places[who])])
    spoken = {key for key, class_ in classes.items() if class_ == "SPEECH_COGNITIVE"}
    mentions = []
    for key, m in marked.items():
        if m.tag == "EVENT_MENTION" and key in places:
            sentence, words = sentences[_first(m, spans)], text[slice(*places[key])]
            mentions.append(Mention(*places[key], sentence, words, key in spoken, _happened(m), roles.get(key, {})))
    return Article(_timed(name, text, marked, places), mentions)


def written(root: ET.Element) -> tuple[str, dict[str, tuple[int, int]], dict[str, tuple[int, int]]]:
    """The text, where each word stands in it, and where the sentence of each word does."""
    text, spans, numbers = "", dict[str, tuple[int, int]](), dict[str, str]()
    before, last = "", ""
    for token in (one for one in root.iter("token") if int(one.get("sentence", "0")) <= WHOLE):
        word, number = token.text or "", token.get("sentence", "")
        if number != before and before:
            text += "\n\n" if before in ("0", "1") else " "  # the headline and the day stand by themselves
        elif (
            text and last not in ("(", "$", "“", "#") and not word.startswith(("'", "’", "n't")) and word not in _CLOSE
        ):
            text += " "
        spans[token.get("t_id", "")] = (len(text), len(text) + len(word))
        numbers[token.get("t_id", "")] = number
        text, before, last = text + word, number, word
    whole: dict[str, tuple[int, int]] = {}
    for key, number in numbers.items():
        start, end = whole.get(number, spans[key])
        whole[number] = (min(start, spans[key][0]), max(end, spans[key][1]))
    return text, spans, {key: whole[number] for key, number in numbers.items()}


_CLOSE = frozenset(".,;:?!%)”")


def _ends(link: ET.Element) -> tuple[str, str]:
    one, other = (link.find(end) for end in ("source", "target"))
    return ("" if one is None else one.get("m_id", "")), ("" if other is None else other.get("m_id", ""))


def _links(relations: ET.Element | None, tag: str) -> Iterator[tuple[str, str]]:
    for link in relations.findall(tag) if relations is not None else ():
        for source in link.findall("source"):
            yield source.get("m_id", ""), _ends(link)[1]


def _first(markable: ET.Element, spans: dict[str, tuple[int, int]]) -> str:
    return next(key for a in markable.iter("token_anchor") if (key := a.get("t_id", "")) in spans)


def _happened(mention: ET.Element) -> bool:
    said = (mention.get("certainty"), mention.get("polarity"), mention.get("time"))
    return said == ("CERTAIN", "POS", "NON_FUTURE")


def _timed(name: str, text: str, marked: dict[str, ET.Element], places: dict[str, tuple[int, int]]) -> Report:
    found = [(key, m) for key, m in marked.items() if m.tag == "TIMEX3"]
    days = [m.get("value", "") for _, m in found if m.get("functionInDocument") == "CREATION_TIME"]
    marks = sorted(Mark(*places[key], m.get("value", "")) for key, m in found if key in places)
    day = dt.date.fromisoformat(days[0]) if days and re.fullmatch(r"\d{4}-\d\d-\d\d", days[0]) else None
    return Report(Path(name).stem, text, day, marks)


# ── scoring ──────────────────────────────────────────────────────────────────────────────────────


class Counts:
    """Right and all, by measure."""

    def __init__(self) -> None:
        self.right, self.of = Counter[str](), Counter[str]()

    def add(self, measure: str, right: bool) -> None:
        self.right[measure] += right
        self.of[measure] += 1


def evokes(kind: str, words: str) -> bool:
    """Whether a word alone, without company, evokes a frame of a lexicon."""
    known = frames(kind)
    return any(
        not frame.needs and not frame.particle
        for pos in ("VERB", "NOUN")
        for frame in known.get((pos, lemma(words.lower(), pos)), ())
    )


def score(counts: Counts, one: Article, found: list[Assertion]) -> list[Mention]:
    """Counts an article's speech, deeds and roles; returns what was missed."""
    missed = []
    for mention in one.mentions:
        near = [
            a for a in found if a.quote and a.quote.start < mention.sentence[1] and mention.sentence[0] < a.quote.end
        ]
        if mention.speech:
            cue = lemma(mention.words.lower(), "VERB")
            voices = [voice for a in near for voice in a.voices if voice.cue and voice.cue in (cue, mention.words)]
            counts.add("speech, by a voice's cue", bool(voices))
            if voices and mention.roles.get("Arg0"):
                right = any(alike(voice.who, name) for voice in voices for name in mention.roles["Arg0"])
                counts.add("speech, who", right)
        for kind in (kind for kind in KINDS if evokes(kind, mention.words)):
            over = [a for a in near if a.kind == kind and a.quote and a.quote.start <= mention.start < a.quote.end]
            if mention.happened:
                counts.add("deeds, by a word of our lexicons", bool(over))
                missed += [] if over else [mention]
            for a in over[:1]:
                _roles(counts, a, mention)
    return missed


def _roles(counts: Counts, a: Assertion, mention: Mention) -> None:
    for role, names in mention.roles.items():
        ours = [value.words for field in ROLES[role] if isinstance(value := getattr(a.content, field, None), Name)]
        counts.add(f"{role} given where marked", bool(ours))
        if ours:
            counts.add(f"{role} right where given", any(alike(one, name) for one in ours for name in names))


def found_in(one: Article, register: Register) -> list[Assertion]:
    day = one.report.day
    report = Document("x", "", one.report.text, "0" * 64, day, "given" if day else "unknown")
    return [a for _, assertions in extract(report, register) for a in assertions]


def main() -> None:
    asked = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    asked.add_argument("--corpora", type=Path, required=True)
    asked.add_argument("--part", action="append", help="a folder of articles; all of them if none is given")
    asked.add_argument("--limit", type=int)
    asked.add_argument("--errors", type=int, default=0, help="show so many missed deeds of each part on stderr")
    given = asked.parse_args()
    register, counts, timed = open_register(), Counts(), Score()
    for part in given.part or ("corpus_airbus", "corpus_apple", "corpus_gm", "corpus_stock"):
        missed = []
        for one in read_part(given.corpora, part)[: given.limit]:
            missed += score(counts, one, found_in(one, register))
            timed.add(one.report, times(one.report, narrative=False))
        for mention in missed[: given.errors]:
            print(part, mention.words, mention.roles, file=sys.stderr)
    print("| MEANTIME | marked | share |\n|---|---:|---:|")
    for measure, of in sorted(counts.of.items()):
        print(f"| {measure} | {of} | {counts.right[measure] / of:.3f} |")
    figures = " / ".join(f"{timed.f1(hits):.3f}" for hits in (timed.strict, timed.relaxed, timed.value))
    print(f"| times, strict / relaxed / value F1 | {timed.gold} | {figures} |")


if __name__ == "__main__":
    main()
