"""Checks a hand-over with nothing but Python's own library. In the folder `data`:   python3 check.py [HEAD]

It holds every file against the manifests beside `data`, hashes the chain of entries again from its beginning, each
document and each original against its digest, and names whatever is not what it was. HEAD is a head that somebody noted
earlier, elsewhere: the chain must hold it. Exit code 0: sound; 1: not.
"""

from __future__ import annotations

import gzip
import hashlib
import json
import re
import sys
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

PART = 1 << 20  # bytes read at a time
FAULTS = (OSError, EOFError, ValueError, KeyError, TypeError, AttributeError, RecursionError, zlib.error)


def sha(data: bytes) -> bytes:
    return hashlib.sha256(data).digest()


def lines(path: Path) -> Iterator[Any]:
    """The objects of a file of JSON lines."""
    with path.open("rb") as file:
        for number, line in enumerate(file, start=1):
            try:
                yield json.loads(line)
            except ValueError:
                raise ValueError(f"line {number} is no JSON") from None


def check_files(data: Path) -> Iterator[str]:
    """Every file in the folder against every manifest of the bag, if it lies in its bag."""
    there = {f"data/{path.relative_to(data).as_posix()}" for path in data.rglob("*") if path.is_file()}
    for manifest in sorted(data.parent.glob("manifest-*.txt")):
        kind, listed = manifest.stem.partition("-")[2], set()
        for line in manifest.read_text(encoding="utf-8").splitlines():
            digest, name = line.split(maxsplit=1)
            listed.add(name)
            if name in there and _digest(data.parent / name, kind) != digest:
                yield f"{name}: it is not what was handed over ({kind} differs)"
        for name in sorted(listed ^ there):
            yield f"{name}: it is {'missing' if name in listed else 'not in'} {manifest.name}"


def _digest(path: Path, kind: str) -> str:
    found = hashlib.new(kind)
    with path.open("rb") as file:
        while part := file.read(PART):
            found.update(part)
    return found.hexdigest()


def check_chain(data: Path, head: str = "") -> Iterator[str]:
    """hash of entry n = sha256( hash of entry n-1 | sha256(body) | digest of its document ); entry 0 is 32 zeros."""
    previous = bytes(32)
    held = {previous.hex()}
    for number, entry in enumerate(lines(data / "entries.jsonl"), start=1):
        body = bytes.fromhex(entry["body_sha256"])
        if "body" in entry and sha(entry["body"].encode()) != body:
            yield f"entries.jsonl: entry {number}: its body is not what was recorded"
        made = sha(previous + body + bytes.fromhex(entry["document_digest"]))
        if entry["n"] != number or entry["hash"] != made.hex():
            yield f"entries.jsonl: entry {number}: it is not what was recorded, or the one before it is gone"
        previous = bytes.fromhex(entry["hash"])
        held.add(entry["hash"])
    if previous.hex() != json.loads((data / "head.json").read_bytes())["head"]:
        yield "entries.jsonl: it does not end in the head that head.json names"
    if head and head not in held:
        yield f"entries.jsonl: it does not hold the head {head}"


def check_documents(data: Path) -> Iterator[str]:
    """digest of a document = sha256( sha256(meta) | sha256(text) ), the one that is chained with the entries on it."""
    known = (entry for entry in lines(data / "entries.jsonl") if "body" in entry)
    # An entry that says why a document was removed is all there is of it.
    there = (entry for entry in known if not json.loads(entry["body"]).get("removes"))
    chained = {entry["document"]: entry["document_digest"] for entry in there}
    for number, document in enumerate(lines(data / "documents.jsonl"), start=1):
        made = sha(sha(document["meta"].encode()) + sha(document["text"].encode())).hex()
        if made != document["digest"] or chained.pop(document["id"], made) != made:
            yield f"documents.jsonl: line {number}: {document['id']} is not what was recorded"
        if json.loads(document["meta"])["id"] != document["id"]:
            yield f"documents.jsonl: line {number}: {document['id']} is the id of another"
    for missing in chained:
        yield f"documents.jsonl: {missing} is missing"


def check_originals(data: Path) -> Iterator[str]:
    """Each original in the WARC file against its digest; every document's must be there."""
    found = set()
    with gzip.open(data / "originals.warc.gz", "rb") as file:
        for headers, digest in _records(file):
            said = headers.get("warc-payload-digest", "")
            if headers["warc-type"] in ("resource", "metadata") and said != f"sha256:{digest}":
                yield f"originals.warc.gz: {headers.get('warc-record-id')} is not what was received"
            found.add(digest)
    for document in lines(data / "documents.jsonl"):
        if json.loads(document["meta"])["original"] not in found:
            yield f"originals.warc.gz: the original of {document['id']} is missing"


def _records(file: gzip.GzipFile) -> Iterator[tuple[dict[str, str], str]]:
    """The headers of each WARC record, and the sha256 of what it holds."""
    while line := file.readline(PART):
        if not line.strip():
            continue
        if not re.match(rb"WARC/1\.\d", line):
            raise ValueError("this is no WARC record")
        headers = {}
        while (line := file.readline(PART)).strip():
            name, _, value = line.decode().partition(":")
            headers[name.strip().lower()] = value.strip()
        left, digest = int(headers["content-length"]), hashlib.sha256()
        while left > 0:
            part = file.read(min(left, PART))
            if not part:
                raise EOFError("it is cut short")
            digest.update(part)
            left -= len(part)
        yield headers, digest.hexdigest()


def check(data: Path, head: str = "") -> Iterator[str]:
    """Everything that is wrong with the folder `data` of a hand-over, in words."""
    parts = (
        ("manifests", check_files(data)),
        ("entries.jsonl", check_chain(data, head)),
        ("documents.jsonl", check_documents(data)),
        ("originals.warc.gz", check_originals(data)),
    )
    for name, faults in parts:
        try:
            yield from faults
        except FAULTS as fault:
            yield f"{name}: it cannot be read ({type(fault).__name__}: {fault})"


def main(words: list[str]) -> int:
    data = Path(__file__).resolve().parent
    faults = 0
    for fault in check(data, *words[:1]):
        faults += 1
        print(fault.encode("ascii", "backslashreplace").decode())
    if not faults:
        print("sound. Head:", json.loads((data / "head.json").read_bytes())["head"])
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
