"""The nouns. Everything else in this package is a function over these.

    report ──read──▶ Document ──extract──▶ Assertion ──record──▶ Entry ──derive──▶ Picture
                                              │ quote                               │ rows
                                              └────────── back to the words ◀───────┘

A Document holds text. An Assertion quotes it, through a chain of Voices, and carries one Content.
An Entry is one act of recording. A Picture is derived, never stored as truth.
"""

from __future__ import annotations

import datetime as dt
from typing import Literal

import msgspec

from contested.identity import identity


class Noun(msgspec.Struct, frozen=True, omit_defaults=True, forbid_unknown_fields=True, gc=False):
    """A value: immutable, comparable, written as JSON; unknown keys are refused. Values hold no cycles to collect."""


# ── what was read ────────────────────────────────────────────────────────────────────────────────

Dating = Literal["given", "metadata", "feed", "url", "guessed", "unknown"]
UNSURE = ("guessed", "unknown")


class Document(Noun, frozen=True):
    """One report as read, its text fixed for good.

    `dating` says how `published` was known; a guess never becomes valid time. `original` is the sha256 of the bytes.
    """

    id: str
    source: str
    text: str
    original: str
    published: dt.date | None = None
    dating: Dating = "unknown"
    title: str = ""
    authors: tuple[str, ...] = ()
    url: str = ""
    language: str = ""
    kind: Literal["report", "list"] = "report"
    complete: bool = False  # of a list: only a complete snapshot proves absence
    file: str = ""  # the name it was added under

    @property
    def dated(self) -> dt.date | None:
        """The day relative dates may be reckoned from: None when it is only a guess."""
        return None if self.dating in UNSURE else self.published


class Quote(Noun, frozen=True):
    """The exact words an assertion rests on: text[start:end] of a document, in code points."""

    document: str
    start: int
    end: int


class Voice(Noun, frozen=True):
    """One link of an attribution chain: who speaks, by what word, and whether they deny it."""

    who: str
    thing: str = ""
    cue: str = ""
    denies: bool = False


class Name(Noun, frozen=True):
    """Somebody or somewhere, in the words of the report, and the thing those words were taken to mean.

    `sure` is the resolver's confidence, 0 to 1. Identity rests on the words alone.
    """

    words: str
    thing: str = ""
    sure: float = 0.0


Precision = Literal["day", "week", "month", "season", "year", "unbounded"]


class Period(Noun, frozen=True):
    """Valid time, closed-open. A missing end is open."""

    since: dt.date | None = None
    until: dt.date | None = None
    precision: Precision = "unbounded"

    def covers(self, day: dt.date) -> bool:
        return (self.since is None or self.since <= day) and (self.until is None or day < self.until)

    def day(self, published: dt.date | None) -> dt.date | None:
        """The day it speaks of in a report of that day: "until Friday" is the last day on which it was so."""
        if self.since is None and self.until is not None and self.until > dt.date.min:
            return min(self.until - dt.timedelta(days=1), published or dt.date.max)
        return self.since or published


class Estimate(Noun, frozen=True):
    """A number as reported: lowest, best and highest (UCDP's triple); each may be absent."""

    low: float | None = None
    best: float | None = None
    high: float | None = None


class Likelihood(Noun, frozen=True):
    """A probability interval and the words it came from, by a declared table (ICD 203)."""

    low: float
    high: float
    words: str


# ── content: the closed list of things that can be said ──────────────────────────────────────────

EventType = Literal[
    "bombing", "armed_attack", "clash", "air_strike", "shelling", "assassination", "execution", "abduction",
    "arrest", "release", "sexual_violence", "protest", "riot", "seizure", "other_violence",
    "talks", "visit", "agreement", "rejection", "withdrawal", "deployment", "aid", "sanction", "expulsion",
    "resignation", "ceasefire",
]  # fmt: skip
Status = Literal["held", "taken", "retaken", "lost", "contested", "surrounded", "threatened", "repelled", "gaining"]
Verdict = Literal["accept", "reject", "amend", "same", "different", "resolved_true", "resolved_false", "note", "undo"]


class Content(Noun, frozen=True, tag_field="kind"):
    """What is asserted. Its subclasses are the closed list."""


class Event(Content, frozen=True, tag="event"):
    """Something happened: who did what to whom, where, with what, at what cost."""

    type: EventType
    actor: Name | None = None
    recipient: Name | None = None
    place: Name | None = None
    site: str = ""
    means: str = ""
    killed: Estimate | None = None
    wounded: Estimate | None = None
    suicide: bool = False


class Control(Content, frozen=True, tag="control"):
    """Who holds, took, lost, contests, surrounds or threatens a place; for repelled, the defender."""

    status: Status
    place: Name | None = None
    holder: Name | None = None
    extent: str = ""  # all, most, centre, outskirts or "n of m"


class Responsibility(Content, frozen=True, tag="responsibility"):
    """Who claims, denies or is blamed for an event, in the words that name it."""

    stance: Literal["claims", "denies", "blamed"]
    claimant: Name | None = None
    of: str = ""


class Relation(Content, frozen=True, tag="relation"):
    """How one party stands to another."""

    relation: Literal["ties", "supports", "arms", "opposes", "splits_from", "allied", "member_of"]
    subject: Name | None = None
    object: Name | None = None


class Commitment(Content, frozen=True, tag="commitment"):
    """What a party is bound to do or not to do, by what instrument, by when."""

    party: Name | None = None
    obligation: str = ""
    modality: Literal["must", "must_not"] = "must"
    instrument: Name | None = None
    due: Period | None = None


class Compliance(Content, frozen=True, tag="compliance"):
    """Whether a party has met what it was bound to; `of` is the obligation or instrument in words."""

    verdict: Literal["met", "partial", "breached", "disputed", "no_evidence"]
    party: Name | None = None
    of: str = ""


class Designation(Content, frozen=True, tag="designation"):
    """An authority puts a target on a list or under sanction, or takes it off."""

    act: Literal["listed", "delisted", "sanctioned", "lifted"]
    authority: Name | None = None
    target: Name | None = None
    list: Name | None = None
    reason: str = ""


class Quantity(Content, frozen=True, tag="quantity"):
    """How many or how much of something, where; `of` is what it is a share of."""

    measure: str
    value: Estimate
    of: str = ""
    place: Name | None = None
    unit: str = ""


class Forecast(Content, frozen=True, tag="forecast"):
    """That something may come true within a horizon; `about` is the proposition as content, where it can be."""

    proposition: str
    about: AnyContent | None = None
    horizon: Period | None = None


class Statement(Content, frozen=True, tag="statement"):
    """Any other attributed claim, opinion, denial or demand."""

    speaker: Name | None = None
    about: str = ""


class Judgement(Content, frozen=True, tag="judgement"):
    """An analyst on earlier assertions; `amended` is what the analyst reads instead (verdict amend)."""

    of: tuple[str, ...]
    verdict: Verdict
    note: str = ""
    amended: AnyContent | None = None


AnyContent = (
    Event | Control | Responsibility | Relation | Commitment | Compliance | Designation | Quantity | Forecast
    | Statement | Judgement
)  # fmt: skip


class Assertion(Noun, frozen=True):
    """That somebody said something, in which words, and when it is meant to hold.

    Voices run from the publisher inward and are never empty. Only a judgement goes without a quote.
    """

    content: AnyContent
    voices: tuple[Voice, ...]
    period: Period = Period()
    quote: Quote | None = None
    likelihood: Likelihood | None = None
    confidence: float = 1.0

    @property
    def kind(self) -> str:
        return kind(self.content)

    @property
    def denied(self) -> bool:
        """Whether an odd number of voices deny it: denying a denial affirms."""
        return sum(voice.denies for voice in self.voices) % 2 == 1

    @property
    def id(self) -> str:
        """A hash of what was said, by whom, for when and where; not of how sure we are or whom we took it to mean."""
        return identity(self.content, self.voices, self.period, self.quote)


def kind(content: Content) -> str:
    """The kind's name as written: "event", "control" …"""
    return str(content.__struct_config__.tag)


class Origin(Noun, frozen=True):
    """The entry of another ledger that an entry was merged from: its hash, and when it was recorded there (UTC)."""

    hash: str
    recorded_at: dt.datetime


class Entry(Noun, frozen=True):
    """One act of recording: what a recorder found in one document, at one moment (UTC).

    An empty entry withdraws what the same recorder said before. `recorder` is "extractor@version", "analyst:name", or
    "tombstone:name" of who took bytes out: `removes` is why, `takes` the hashes of entries on others that went along.
    """

    recorded_at: dt.datetime
    recorder: str
    document: str
    assertions: tuple[Assertion, ...] = ()
    origin: Origin | None = None
    removes: str = ""
    takes: tuple[str, ...] = ()

    @property
    def made_at(self) -> dt.datetime:
        """When it was first recorded, here or elsewhere: of one recorder's entries the last made stands."""
        return self.origin.recorded_at if self.origin else self.recorded_at


class Standing(Noun, frozen=True):
    """An assertion as a view holds it: recorded when and by whom, from which report, and the judgements on it.

    `published` is the report's day where it is truly known, never a guess. An amended assertion stands amended,
    under the id of the one it amends. `also` are other recorders that made the same, later.
    """

    id: str
    assertion: Assertion
    recorder: str
    recorded_at: dt.datetime
    source: str
    published: dt.date | None = None
    file: str = ""
    judgements: tuple[Assertion, ...] = ()
    also: tuple[str, ...] = ()

    @property
    def day(self) -> dt.date | None:
        """The day it speaks of: its own first day, the last of what is only said to end, or else that of its report."""
        return self.assertion.period.day(self.published)


class Ignored(Noun, frozen=True):
    """An assertion a picture left aside, and why."""

    assertion: str
    reason: str


class Row(Noun, frozen=True):
    """One cell of a picture, with the assertions for it, against it and left aside.

    `key` is readable; `things` are the register's ids of its parts ("" where unresolved).
    `cells` fill the picture's further columns; `rule` names the codebook rule that settled the value.
    """

    key: tuple[str, ...]
    value: str
    status: Literal["settled", "contested", "stale", "claimed", "none"]
    rule: str = ""
    support: tuple[str, ...] = ()
    against: tuple[str, ...] = ()
    ignored: tuple[Ignored, ...] = ()
    last_evidence: dt.date | None = None
    things: tuple[str, ...] = ()
    cells: tuple[str, ...] = ()
    disputed: tuple[str, ...] = ()  # of its support and against: those on which analysts differ


class Picture(Noun, frozen=True):
    """A derived table, to be drawn again at any time: of what day of the war, as known at what moment."""

    name: str
    codebook: str
    on: dt.date
    known: dt.datetime
    columns: tuple[str, ...]  # the names of the key's parts, then "value", then those of the cells
    rows: tuple[Row, ...] = ()


class Thing(Noun, frozen=True):
    """A place, actor, source, list or instrument.

    `type` is a place's level (country, province, district, settlement, region) or an actor's sort (state, government,
    force, armed_group, organisation, office, person, outlet). Coordinates in degrees (WGS 84).
    """

    id: str
    kind: Literal["place", "actor", "source", "list", "instrument"]
    names: tuple[str, ...]
    type: str = ""
    within: str = ""
    capital_of: str = ""
    latitude: float | None = None
    longitude: float | None = None
    population: int = 0

    @property
    def name(self) -> str:
        return self.names[0]


class Problem(Noun, frozen=True):
    """A defect in the data: which file, where in it, what is wrong, and what to do about it."""

    file: str
    reason: str
    remedy: str
    place: str = ""

    def __str__(self) -> str:
        where = f"{self.file}:{self.place}" if self.place else self.file
        return f"{where}: {self.reason}. {self.remedy}"
