"""One byte of the file on the disk is flipped, in each table and in an original: nothing crashes, and it is found.

Whatever a reader would be told differently, `verify` finds, and names the row, or says that the file is damaged. A flip
where nothing is kept (the free part of a page) changes nothing, and may go unseen.
"""

from __future__ import annotations

import datetime as dt
import random
import re
import sqlite3
from collections import defaultdict
from collections.abc import Callable
from contextlib import suppress
from itertools import islice
from pathlib import Path

import pytest
import zstandard

import toy
from contested import open_workspace
from contested.errors import ContestedError
from contested.ledger import Ledger
from faults_world import SESSION
from ledger_world import DOCUMENT, MORNING, entry, says

REMEDY = re.compile("Restore it|Upgrade|Run: contested upgrade|Move it away|Run: contested verify")
FLIPS = 25  # in each table
MOMENTS = (None, MORNING, MORNING + dt.timedelta(days=1))


@pytest.fixture(scope="module")
def sound(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("sound") / "ledger.sqlite"
    with Ledger.open(path, create=True) as ledger:
        for act in SESSION:
            act(ledger)
        ledger.record(entry(says(3), recorder="late@1", at=MORNING + dt.timedelta(days=2)))
    return path


@pytest.fixture(scope="module")
def pages(sound: Path) -> dict[str, list[int]]:
    """The pages of each table, those of its indexes among them; the schema is a table, too."""
    held = defaultdict(list)
    connection = sqlite3.connect(sound)
    try:
        owners = dict(connection.execute("SELECT name, tbl_name FROM sqlite_master"))
        for name, page in connection.execute("SELECT name, pageno FROM dbstat"):
            held[owners.get(name, name)].append(page)
    except sqlite3.OperationalError:
        pytest.skip("this SQLite cannot tell which page belongs to which table (it has no dbstat)")
    finally:
        connection.close()
    return held


def everything(ledger: Ledger) -> list[object]:
    """All that a reader can be told."""
    told: list[object] = [ledger.head(), *ledger.entries(), *ledger.view(kinds=("judgement",))]
    for known in MOMENTS:
        view = list(ledger.view(known=known))
        told += [*view, *(ledger.standing(held.id, known) for held in view[::20])]
    for each in ledger.documents():
        told += [each, ledger.document(each.id), ledger.recorders(each.id), *ledger.judgements(each.id)]
    return told


def of(path: Path, ask: Callable[[Ledger], list[object]]) -> list[object] | str:
    """The answer, or the reason why there is none. Fails where that is not told as it should be."""
    try:
        with Ledger.open(path) as ledger:
            return ask(ledger)
    except ContestedError as fault:
        return str(fault)


def flipped(sound: Path, pages: list[int], chance: random.Random, to: Path) -> str:
    """A copy with one byte flipped on one of these pages; answers where and how."""
    raw = bytearray(sound.read_bytes())
    size = int.from_bytes(raw[16:18], "big")
    page, mask = chance.choice(pages), 1 << chance.randrange(8)
    used = [at for at in range(size) if raw[(page - 1) * size + at]]
    at = chance.choice(chance.choice((used, used, range(size))))  # most of a page may be free
    raw[(page - 1) * size + at] ^= mask
    to.write_bytes(raw)
    return f"page {page}, byte {at}, mask {mask}"


def test_a_flip_in_any_table_is_found_where_it_changes_what_is_read(
    sound: Path, pages: dict[str, list[int]], tmp_path: Path
) -> None:
    known, chance, path = of(sound, everything), random.Random(5), tmp_path / "ledger.sqlite"
    assert isinstance(known, list)
    assert {"documents", "entries", "sqlite_schema"} <= pages.keys()
    for table, own in pages.items():
        named = 0
        for _ in range(FLIPS):
            where = flipped(sound, own, chance, path)
            told, found = of(path, everything), of(path, lambda ledger: list(ledger.verify()))
            if told != known:
                assert found, f"{table}, {where}: it reads otherwise and nothing is found"
            if isinstance(found, list):
                assert all(each.place or "damaged" in each.reason or "trigger" in each.reason for each in found), found
            else:
                assert REMEDY.search(found), f"{table}, {where}: {found}"
            named += bool(found)
        assert named > FLIPS / 4, f"{table}: {named} of {FLIPS} found"


def test_keys_out_of_order_in_a_damaged_index_lead_nobody_in_a_circle(sound: Path, tmp_path: Path) -> None:
    """In whichever place a document's id stands in the file, the first letter of it becomes a late one."""
    raw, path = sound.read_bytes(), tmp_path / "ledger.sqlite"
    first = DOCUMENT.id.encode()
    places = [at for at in range(len(raw)) if raw.startswith(first, at)]
    assert places
    for at in places:
        path.write_bytes(raw[:at] + b"z" + raw[at + 1 :])
        with Ledger.open(path) as ledger:
            told, limit = 0, len(raw)
            with suppress(ContestedError):
                told = sum(1 for _ in islice(ledger.view(), limit))
            assert told < limit
            assert ledger.verify()


def test_a_flip_anywhere_in_an_original_is_found_with_its_name(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    toy.stand_in(monkeypatch)
    (tmp_path / "a.txt").write_text("source: Gazette\n\nPolice said: Rebels captured Kunduz.\n")
    with open_workspace(tmp_path / "w", create=True) as workspace:
        workspace.add([tmp_path / "a.txt"])
        (original,) = workspace.archive.glob("*/*.zst")
        raw = original.read_bytes()
        for at in range(len(raw)):
            original.write_bytes(raw[:at] + bytes([raw[at] ^ 1 << at % 8]) + raw[at + 1 :])
            try:
                same = zstandard.decompress(original.read_bytes()) == (tmp_path / "a.txt").read_bytes()
            except zstandard.ZstdError:
                same = False
            found = workspace.verify()
            assert found or same, at
            assert all(str(original) in each.reason and each.file.endswith("a.txt") for each in found), at
            assert len(found) <= 1, at
        original.write_bytes(raw)
        assert workspace.verify() == []
