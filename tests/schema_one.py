"""A ledger as schema 1 was written, frozen: plain SQL and hashes, so that no change of ours touches it."""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from hashlib import sha256
from pathlib import Path

import msgspec
import zstandard

from contested.model import Document, Entry

TABLES = """
CREATE TABLE documents (id TEXT NOT NULL, digest TEXT NOT NULL, length INTEGER NOT NULL, meta TEXT NOT NULL,
    PRIMARY KEY (id)) STRICT;
CREATE TABLE texts (document TEXT NOT NULL, body BLOB NOT NULL, PRIMARY KEY (document),
    FOREIGN KEY(document) REFERENCES documents (id)) STRICT;
CREATE TABLE entries (n INTEGER NOT NULL, recorded_at TEXT NOT NULL, recorder TEXT NOT NULL, family TEXT,
    document TEXT NOT NULL, body TEXT NOT NULL, previous TEXT NOT NULL, hash TEXT NOT NULL, PRIMARY KEY (n),
    FOREIGN KEY(document) REFERENCES documents (id)) STRICT;
CREATE INDEX entries_standing ON entries (document, family, n);
CREATE INDEX entries_recorded_at ON entries (recorded_at);
CREATE TABLE assertions (entry INTEGER NOT NULL, position INTEGER NOT NULL, id TEXT NOT NULL, kind TEXT NOT NULL,
    document TEXT NOT NULL, PRIMARY KEY (entry, position)) STRICT, WITHOUT ROWID;
CREATE TABLE judgements (entry INTEGER NOT NULL, position INTEGER NOT NULL, assertion TEXT NOT NULL,
    document TEXT NOT NULL, kind TEXT NOT NULL, PRIMARY KEY (entry, position, assertion)) STRICT, WITHOUT ROWID;
PRAGMA application_id = 1668183140;
PRAGMA user_version = 1;
"""


def write(path: Path, documents: Sequence[Document], entries: Sequence[Entry]) -> str:
    """Write a ledger of schema 1, its indexes left empty; answers its head."""
    connection = sqlite3.connect(path)
    connection.executescript("PRAGMA journal_mode = WAL;" + TABLES)
    digests = {}
    for each in documents:
        meta = _json(msgspec.structs.replace(each, text=""))
        digests[each.id] = _sha(_sha(meta.encode()) + _sha(each.text.encode()))
        row = (each.id, digests[each.id].hex(), len(each.text), meta)
        connection.execute("INSERT INTO documents VALUES (?, ?, ?, ?)", row)
        body = zstandard.ZstdCompressor(level=3).compress(each.text.encode())
        connection.execute("INSERT INTO texts VALUES (?, ?)", (each.id, body))
    previous = bytes(32)
    for n, entry in enumerate(entries, start=1):
        body, by = _json(entry), entry.recorder
        head = _sha(previous + _sha(body.encode()) + digests[entry.document])
        moment = entry.recorded_at.replace(tzinfo=None).isoformat(timespec="microseconds") + "Z"
        of = None if by.startswith("analyst:") else by.partition("@")[0]
        row = (n, moment, by, of, entry.document, body, previous.hex(), head.hex())
        connection.execute("INSERT INTO entries VALUES (?, ?, ?, ?, ?, ?, ?, ?)", row)
        previous = head
    connection.commit()
    connection.close()
    return previous.hex()


def _json(noun: Document | Entry) -> str:
    return msgspec.json.encode(noun, order="sorted").decode()


def _sha(data: bytes) -> bytes:
    return sha256(data).digest()
