"""Places that somebody adds one by one: rows of a workspace's own pack, packs/added.csv.

Such a row needs no more than a name; without coordinates the place is known and cannot be drawn. The table is replaced
in one step, under a lock, so that two who add at once lose nothing.
"""

from __future__ import annotations

import csv
import io
import os
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from math import isfinite
from pathlib import Path
from tempfile import TemporaryDirectory

from contested.errors import UsageError
from contested.register.installing import install, listed
from contested.register.places import ADDED, Places
from contested.register.spelling import key

TABLE, LOCK = "added.csv", ".added.lock"
COLUMNS = ("id", "name", "names", "type", "within", "latitude", "longitude", "licence")
TYPES = ("settlement", "district", "province", "region")
LONGEST = 120  # characters of a name
PATIENCE, STALE = 5.0, 60.0  # seconds to wait for another to finish; after which a lock is left over from a crash


def add_place(
    folder: Path,
    places: Places,
    names: Sequence[str],
    within: str = "",
    at: tuple[float, float] | None = None,
    level: str = "settlement",
    first: Callable[[str], object] = lambda _: None,
) -> str:
    """The id of a place of these names, added to the table unless it is there; `at` in degrees (WGS 84), if known.

    `first` is called with the id once all is checked and nobody else can add, and before the place is written.
    UsageError when it is there otherwise, when a name, the level or the coordinates cannot be, when the table holds
    what is no place, or when another adds for long.
    """
    row = _row(names, within, at, level)
    folder.mkdir(parents=True, exist_ok=True)
    with _alone(folder / LOCK):
        rows, columns = _read(folder / TABLE)
        if not _is_there(folder / TABLE, rows, row):
            _check(folder, places, [*rows, row], columns)
        first(row["id"])
        rows, columns = _read(folder / TABLE)  # it may have taken so long that the lock was taken for left over
        if not _is_there(folder / TABLE, rows, row):
            _write(folder, places, [*rows, row], columns)
    return row["id"]


def _is_there(table: Path, rows: list[dict[str, str]], row: dict[str, str]) -> bool:
    there = next((each for each in rows if each.get("id") == row["id"]), None)
    if there and any(
        (there.get(column) or "") != row[column] for column in ("type", "within", "latitude", "longitude")
    ):
        raise UsageError(f"{table} has {row['id']} already, placed otherwise. Change its row there")
    return there is not None


def _row(names: Sequence[str], within: str, at: tuple[float, float] | None, level: str) -> dict[str, str]:
    names = list(dict.fromkeys(" ".join(name.split()) for name in names))
    for name in names:
        if not key(name) or len(name) > LONGEST or not name.isprintable() or "|" in name:
            raise UsageError(f"{name[:LONGEST]!r} is no name of a place. Write up to {LONGEST} letters, and no |")
    name, *others = names
    filed = key(name).replace(" ", "-")
    if level not in TYPES:
        raise UsageError(f"no type {level!r}. Choose from: {', '.join(TYPES)}")
    if at and not (all(map(isfinite, at)) and abs(at[0]) <= 90 and abs(at[1]) <= 180):
        raise UsageError(f"{at[0]}, {at[1]} is nowhere. Give latitude (-90 to 90), then longitude (-180 to 180)")
    latitude, longitude = (str(at[0]), str(at[1])) if at else ("", "")
    cells = (ADDED + filed, name, "|".join(others), level, within, latitude, longitude, "own")
    return dict(zip(COLUMNS, cells, strict=True))


def _read(table: Path) -> tuple[list[dict[str, str]], list[str]]:
    """The rows there are, and their columns; somebody may have put a table of that name there."""
    if not table.exists():
        return [], list(COLUMNS)
    try:
        with table.open(encoding="utf-8-sig", newline="") as lines:
            reader = csv.DictReader(lines)
            rows = list(reader)
    except (OSError, ValueError, csv.Error) as fault:
        raise UsageError(f"{table} cannot be read: {fault}. Mend it, or move it away") from None
    return rows, list(dict.fromkeys([*(reader.fieldnames or ()), *COLUMNS]))


def _check(folder: Path, places: Places, rows: list[dict[str, str]], columns: list[str]) -> None:
    """UsageError when `_write` would refuse this table, or what tells of the packs beside it."""
    listed(folder)
    with TemporaryDirectory(dir=folder, prefix=".added-") as elsewhere:
        _write(Path(elsewhere), places, rows, columns)


def _write(folder: Path, places: Places, rows: list[dict[str, str]], columns: list[str]) -> None:
    text = io.StringIO(newline="")
    writer = csv.DictWriter(text, columns, restval="", extrasaction="ignore")
    writer.writeheader()
    writer.writerows(rows)
    with TemporaryDirectory(dir=folder, prefix=".added-") as aside:
        table = Path(aside) / TABLE
        table.write_text(text.getvalue(), encoding="utf-8", newline="")
        install(table, folder, places, licence="own")


@contextmanager
def _alone(lock: Path) -> Iterator[None]:
    """Hold a lock file. UsageError when another holds it for long."""
    until = time.monotonic() + PATIENCE
    while True:
        try:
            os.close(os.open(lock, os.O_CREAT | os.O_EXCL | os.O_WRONLY))
            break
        except FileExistsError:
            if _age(lock) > STALE:
                lock.unlink(missing_ok=True)
            elif time.monotonic() > until:
                raise UsageError(f"somebody else is adding a place; if nobody is, delete {lock}") from None
            else:
                time.sleep(0.05)
    try:
        yield
    finally:
        lock.unlink(missing_ok=True)


def _age(lock: Path) -> float:
    try:
        return time.time() - lock.stat().st_mtime
    except FileNotFoundError:
        return 0.0
