"""How nouns are written down: canonical JSON, compressed, and the hashes over both.

    digest of a document   sha256( sha256(meta) ‖ sha256(text) )
    hash of entry n        sha256( hash of entry n-1 ‖ sha256(body) ‖ digest of its document )

Every part is 32 bytes wide, so no two different rows can be joined to the same bytes. Since only digests are chained,
a text or a body can be taken out later and the chain still be checked. The first entry follows 32 zero bytes.
"""

from __future__ import annotations

import datetime as dt
import threading
from functools import cache, lru_cache
from hashlib import sha256
from importlib.resources import files
from typing import Any, TypeVar

import msgspec
import zstandard

from contested.errors import LedgerError, UsageError
from contested.model import UNSURE, Assertion, Dating, Document, Entry

BEGINNING = bytes(32)  # what the first entry follows
FOLDED, PACKED = 6, 3  # levels of compression; for bodies 3 would take half as long and leave a tenth more
TEXT_LIMIT = 1 << 28  # bytes of UTF-8; a frame that claims or unfolds to more is refused
TOMBSTONE = "tombstone"  # the family of entries that say why flesh was taken out
MANY_AT_ONCE = "multi_compress_to_buffer" in zstandard.backend_features  # not where Python is PyPy

A = TypeVar("A")
_json = msgspec.json.Encoder(order="sorted")
_entry = msgspec.json.Decoder(Entry)
_document = msgspec.json.Decoder(Document)
_assertion = msgspec.json.Decoder(Assertion)
_UNREADABLE = (msgspec.MsgspecError, UnicodeEncodeError, zstandard.ZstdError, ValueError, TypeError)
_EPOCH = dt.datetime(1970, 1, 1, tzinfo=dt.UTC)
_INSTANT = dt.timedelta(microseconds=1)


# ── as text ──────────────────────────────────────────────────────────────────────────────────────


def as_json(noun: Document | Entry) -> bytes:
    """Sorted JSON without defaults: equal nouns that came through `normal` are equal bytes."""
    return _json.encode(noun)


def as_bytes(text: str) -> bytes:
    """Text as it is hashed and kept, not yet compressed. UsageError when it is no Unicode or beyond all measure."""
    try:
        body = text.encode()
    except UnicodeEncodeError as fault:
        raise UsageError(f"a text holds no Unicode character at {fault.start}; its reader must mend it") from None
    if len(body) > TEXT_LIMIT:
        raise UsageError(f"a text is longer than {TEXT_LIMIT} bytes; its reader must cut it into documents")
    return body


def normal(entry: Entry) -> Entry:
    """The entry as it will be read back: whole numbers made floats, lists made tuples. UsageError if it is no Entry."""
    try:
        return _entry.decode(_json.encode(entry))
    except (msgspec.MsgspecError, UnicodeEncodeError, TypeError, ValueError) as fault:
        raise UsageError(f"{entry.recorder} made what is no entry: {fault}") from fault


def read_entry(n: int, body: bytes) -> Entry:
    """An entry from its body as kept. LedgerError names the row that cannot be read."""
    return _read(_entry, body, "entries", n, "body")


def as_entry(n: int, said: bytes) -> Entry:
    """An entry from its JSON. LedgerError names the row that cannot be read."""
    try:
        return _entry.decode(said)
    except _UNREADABLE as fault:
        raise _unreadable(f"entries {n}: its body", fault) from fault


class Folio(msgspec.Struct, frozen=True, gc=False):
    """An entry of whose assertions none is read before it is asked for: a picture seldom needs all of a report."""

    recorded_at: dt.datetime
    recorder: str
    assertions: tuple[msgspec.Raw, ...] = ()

    def assertion(self, position: int) -> Assertion:
        """LedgerError where it cannot be read."""
        try:
            return _assertion.decode(self.assertions[position])
        except (*_UNREADABLE, IndexError) as fault:
            raise _unreadable(
                f"entries of {self.recorder} at {self.recorded_at}: assertion {position}", fault
            ) from fault


def read_folio(n: int, body: bytes) -> Folio:
    """An entry to be read assertion by assertion. LedgerError names the row that cannot be read."""
    return _read(_folio, body, "entries", n, "body")


def read_document(document: str, meta: bytes) -> Document:
    """A Document without its text, from its particulars as kept. LedgerError names the row that cannot be read."""
    return _read(_document, meta, "documents", document, "meta")


class Heading(msgspec.Struct, frozen=True, gc=False):
    """What a view tells of a report."""

    source: str
    published: dt.date | None = None
    dating: Dating = "unknown"
    file: str = ""

    @property
    def dated(self) -> dt.date | None:
        """As a document's."""
        return None if self.dating in UNSURE else self.published


def read_heading(n: int, meta: bytes) -> Heading:
    """The heading of a document, from its particulars as kept. LedgerError names the row that cannot be read."""
    return _read(_heading, meta, "documents", n, "meta")


def _read(decoder: msgspec.json.Decoder[A], folded: bytes, table: str, row: int | str, column: str) -> A:
    try:
        return decoder.decode(unfold(folded))
    except _UNREADABLE as fault:
        raise _unreadable(f"{table} {row}: its {column}", fault) from fault


def _unreadable(what: str, fault: Exception) -> LedgerError:
    return LedgerError(f"{what} cannot be read ({fault}). Run: contested verify")


@lru_cache
def family(recorder: str) -> str | None:
    """A recorder's name without its version; None for an analyst, each of whose words is kept."""
    name, colon, _ = recorder.partition(":")
    if colon and name in ("analyst", TOMBSTONE):
        return TOMBSTONE if name == TOMBSTONE else None
    return recorder.partition("@")[0]


_folio = msgspec.json.Decoder(Folio)
_heading = msgspec.json.Decoder(Heading)


# ── compressed ───────────────────────────────────────────────────────────────────────────────────


class _Tools(threading.local):
    """Compressors are made once and may not be shared between threads."""

    def __init__(self) -> None:
        known = _phrases()
        self.text = zstandard.ZstdCompressor(level=PACKED)
        self.fold = zstandard.ZstdCompressor(level=FOLDED, dict_data=known)
        self.unpack = zstandard.ZstdDecompressor()
        self.unfold = zstandard.ZstdDecompressor(dict_data=known)


@cache
def _phrases() -> zstandard.ZstdCompressionDict:
    """What bodies are made of, so that a short one is written by what it differs in. Part of the schema: never edit."""
    said = (files("contested.ledger") / "phrases.jsonl").read_bytes()
    known = zstandard.ZstdCompressionDict(said, dict_type=zstandard.DICT_TYPE_RAWCONTENT)
    known.precompute_compress(level=FOLDED)  # or it is gone through anew for every body
    return known


_tools = _Tools()


def fold(body: bytes) -> bytes:
    """The JSON of an entry, or of a document without its text, compressed."""
    return _tools.fold.compress(body)


def fold_all(bodies: list[bytes]) -> list[bytes]:
    """The same of many. Other threads go on meanwhile, where zstd was built so."""
    return _all(_tools.fold, bodies)


def pack_all(texts: list[bytes]) -> list[bytes]:
    """Texts, as `as_bytes` has them, compressed."""
    return _all(_tools.text, texts)


def _all(tool: zstandard.ZstdCompressor, some: list[bytes]) -> list[bytes]:
    if not MANY_AT_ONCE or not any(some):  # it takes no nothing
        return [tool.compress(each) for each in some]
    folded: Any = tool.multi_compress_to_buffer(some, threads=1)  # type: ignore[arg-type]  # any bytes will do
    return [each.tobytes() for each in folded]


def unfold(body: bytes) -> bytes:
    """The same unfolded, never beyond the limit. ValueError or ZstdError when it cannot be."""
    size = zstandard.frame_content_size(body)
    if not 0 <= size <= TEXT_LIMIT:
        raise ValueError(f"it claims {size} bytes")
    return _tools.unfold.decompress(body)


def unpack(document: str, body: bytes) -> str:
    """Text unfolded, never beyond the limit. LedgerError names the row that cannot be read."""
    try:
        if zstandard.frame_content_size(body) > TEXT_LIMIT:
            raise LedgerError(f"texts {document}: it unfolds to more than {TEXT_LIMIT} bytes. Run: contested verify")
        return _tools.unpack.decompress(body).decode()  # no frame that does not say its size
    except (zstandard.ZstdError, UnicodeDecodeError) as fault:
        raise LedgerError(f"texts {document}: it cannot be unfolded ({fault}). Run: contested verify") from fault


# ── hashed ───────────────────────────────────────────────────────────────────────────────────────


def sha(body: bytes) -> bytes:
    return sha256(body).digest()


def digest(meta: bytes, text: str) -> bytes:
    """The digest of a document, from its particulars as JSON and its text."""
    return sha(sha(meta) + sha(text.encode()))


def link(previous: bytes, body: bytes, document: bytes) -> bytes:
    """The hash of an entry, from the hash before it, the sha256 of its body and its document's digest."""
    return sha256(previous + body + document).digest()


# ── moments and ids ──────────────────────────────────────────────────────────────────────────────


def stamp(moment: dt.datetime) -> int:
    """A moment in microseconds since 1970, UTC. UsageError when its zone is not said."""
    if moment.tzinfo is None:
        raise UsageError(f"{moment} does not say its time zone. Give moments in UTC")
    return (moment - _EPOCH) // _INSTANT


def read_stamp(microseconds: int) -> dt.datetime:
    """LedgerError where it is no moment any more."""
    try:
        return _EPOCH + microseconds * _INSTANT
    except (OverflowError, TypeError) as fault:
        raise LedgerError(f"entries: {microseconds!r} is no moment. Run: contested verify") from fault


def as_key(id_: str) -> bytes | None:
    """An assertion's id as it stands in the index; None when no assertion can have it."""
    try:
        return bytes.fromhex(id_) if len(id_) == ID_DIGITS and id_.isalnum() else None
    except ValueError:
        return None


ID_DIGITS = 24
