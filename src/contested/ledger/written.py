"""How nouns are written down: canonical JSON, compressed text, and the hashes over both.

    digest of a document   sha256( sha256(meta) ‖ sha256(text) )
    hash of entry n        sha256( hash of entry n-1 ‖ sha256(body) ‖ digest of its document )

Every part is 32 bytes wide, so no two different rows can be joined to the same bytes. Since only digests are chained,
a text or a body can be taken out later and the chain still be checked. The first entry follows 32 zero bytes.
"""

from __future__ import annotations

import datetime as dt
import io
from hashlib import sha256
from typing import Any

import msgspec
import zstandard

from contested.errors import LedgerError, UsageError
from contested.model import Document, Entry

BEGINNING = "0" * 64  # what the first entry follows
TEXT_LIMIT = 1 << 28  # bytes of UTF-8; a frame that claims or unfolds to more is refused

_json = msgspec.json.Encoder(order="sorted")
_entry = msgspec.json.Decoder(Entry)
_document = msgspec.json.Decoder(Document)


def as_json(noun: Document | Entry) -> str:
    """Sorted JSON without defaults: equal nouns that came through `normal` are equal text."""
    return _json.encode(noun).decode()


def normal(entry: Entry) -> Entry:
    """The entry as it will be read back: whole numbers made floats, lists made tuples. UsageError if it is no Entry."""
    try:
        return _entry.decode(_json.encode(entry))
    except (msgspec.MsgspecError, UnicodeEncodeError, TypeError, ValueError) as fault:
        raise UsageError(f"{entry.recorder} made what is no entry: {fault}") from fault


def read_entry(n: int, body: str) -> Entry:
    """LedgerError names the row that cannot be read."""
    try:
        return _entry.decode(body)
    except (msgspec.MsgspecError, UnicodeEncodeError, TypeError) as fault:
        raise LedgerError(f"entries {n}: its body cannot be read ({fault}). Run: contested verify") from fault


def read_document(document: str, meta: str) -> Document:
    """A Document without its text. LedgerError names the row that cannot be read."""
    try:
        return _document.decode(meta)
    except (msgspec.MsgspecError, UnicodeEncodeError, TypeError) as fault:
        raise LedgerError(f"documents {document}: its meta cannot be read ({fault}). Run: contested verify") from fault


def pack(text: str) -> bytes:
    """Text compressed. UsageError when it is no Unicode or beyond all measure."""
    return zstandard.ZstdCompressor(level=3).compress(_bytes(text))


def unpack(document: str, body: bytes) -> str:
    """Text unfolded, never beyond the limit. LedgerError names the row that cannot be read."""
    try:
        with zstandard.ZstdDecompressor().stream_reader(io.BytesIO(body)) as stream:
            text = stream.read(TEXT_LIMIT + 1)
        if len(text) > TEXT_LIMIT:
            raise LedgerError(f"texts {document}: it unfolds to more than {TEXT_LIMIT} bytes. Run: contested verify")
        return text.decode()
    except (zstandard.ZstdError, UnicodeDecodeError, TypeError) as fault:
        raise LedgerError(f"texts {document}: it cannot be unfolded ({fault}). Run: contested verify") from fault


def digest(meta: str, text: str) -> str:
    """The digest of a document, from its meta and its text."""
    return sha256(_sha(meta) + _sha(text)).hexdigest()


def link(previous: str, body: str, document_digest: str) -> str:
    """The hash of an entry, from the hash before it, its body and its document's digest."""
    return sha256(_raw(previous) + _sha(body) + _raw(document_digest)).hexdigest()


def stamp(moment: dt.datetime) -> str:
    """A moment as text of fixed width in UTC. UsageError when its zone is not said."""
    if moment.tzinfo is None:
        raise UsageError(f"{moment} does not say its time zone. Give moments in UTC")
    return moment.astimezone(dt.UTC).replace(tzinfo=None).isoformat(timespec="microseconds") + "Z"


def read_stamp(text: str) -> dt.datetime:
    """LedgerError where it is no moment any more."""
    try:
        return dt.datetime.fromisoformat(text)
    except (ValueError, TypeError) as fault:
        raise LedgerError(f"entries: {text!r} is no moment. Run: contested verify") from fault


def family(recorder: str) -> str | None:
    """A recorder's name without its version; None for an analyst, each of whose words is kept."""
    return None if recorder.startswith("analyst:") else recorder.partition("@")[0]


def _bytes(text: str) -> bytes:
    try:
        body = text.encode()
    except UnicodeEncodeError as fault:
        raise UsageError(f"a text holds no Unicode character at {fault.start}; its reader must mend it") from None
    if len(body) > TEXT_LIMIT:
        raise UsageError(f"a text is longer than {TEXT_LIMIT} bytes; its reader must cut it into documents")
    return body


def _sha(text: str) -> bytes:
    # An altered row may hold bytes that are no UTF-8; the check reads them as surrogates and must hash them too.
    return sha256(str(text).encode(errors="surrogateescape")).digest()


def _raw(digits: Any) -> bytes:
    try:
        return bytes.fromhex(digits)
    except (ValueError, TypeError):  # altered: hash what stands there, so that it fails to match
        return str(digits).encode(errors="replace")
