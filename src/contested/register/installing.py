"""Packs added to a workspace, listed and taken out: what comes in is checked first, and copied in one step.

A pack is kept under its file's name without endings; beside the packs, `packs.json` tells the licence of each, what it
was made from (a hash of the file) and what was found in it.
"""

from __future__ import annotations

import gzip
import io
import os
import re
import tomllib
import zipfile
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from hashlib import sha256
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import IO, Any

import msgspec

from contested.errors import UsageError
from contested.model import Noun, Thing
from contested.register.additions import LARGEST, UNUSABLE, read_table, read_toml
from contested.register.boundaries import division_of, features, kept, level_of
from contested.register.gazetteer import compile_dump, is_dump
from contested.register.places import Places

MANIFEST = "packs.json"
GEONAMES = "CC BY 4.0 (GeoNames, https://www.geonames.org)"
SUFFIXES = {".gazetteer", ".geojson", ".csv", ".toml"}  # of what a packs folder holds
_LICENCES = ("licence", "license", "boundaryLicense", "Licence", "License", "LICENSE", "LICENCE")
_SAID = re.compile(r"(?im)^\W*(?:boundary\s*)?licen[cs]e\W*[:=]\s*(.{2,200})$")


class Pack(Noun, frozen=True):
    """A pack on record. `notes` are what was found wrong in it, for a person to judge."""

    name: str
    file: str
    licence: str
    source: str  # sha256 of the file it was made from
    places: int
    notes: tuple[str, ...] = ()


def listed(folder: Path) -> tuple[Pack, ...]:
    """The packs of a folder by name; those put there by hand have no licence on record."""
    known = {pack.file: pack for pack in _manifest(folder)}
    files = sorted(path.name for path in folder.glob("*") if path.suffix.lower() in SUFFIXES)
    return tuple(known.get(name) or Pack(Path(name).stem, name, "", "", 0) for name in files)


def remove(folder: Path, name: str) -> Pack:
    """Take a pack out, by its name or its file's. UsageError when there is none."""
    pack = next((pack for pack in listed(folder) if name in (pack.name, pack.file)), None)
    if pack is None:
        raise UsageError(f"no pack {name!r} in {folder}. See: contested packs list")
    (folder / pack.file).unlink(missing_ok=True)
    _note(folder, [other for other in _manifest(folder) if other.file != pack.file])
    return pack


def install(file: Path, folder: Path, places: Places, licence: str = "") -> tuple[Pack, bool]:
    """Check a file and copy it into the packs folder; also tells whether that changed anything.

    UsageError when the file is no pack, names no licence and none is given, or would take another pack's place.
    """
    digest = _digest(file)
    stem = _stem(file)
    before = next((pack for pack in _manifest(folder) if pack.name == stem), None)
    if before and before.source == digest and licence in ("", before.licence) and (folder / before.file).is_file():
        return before, False
    folder.mkdir(parents=True, exist_ok=True)
    try:
        with _unpacked(file) as (name, opened):
            pack = _taken(stem, name, opened, file, folder, places, licence, digest)
    except (*UNUSABLE, EOFError, zipfile.BadZipFile, RecursionError) as fault:
        raise UsageError(f"{file} cannot be used as a pack: {type(fault).__name__} {fault}. {_FORMS}") from None
    others = [other for other in _manifest(folder) if other.name != stem]
    if before and before.file != pack.file:
        (folder / before.file).unlink(missing_ok=True)
    _note(folder, [*others, pack])
    return pack, True


_FORMS = "A pack is a dump of GeoNames or boundaries in GeoJSON (both also zipped), or CSV or TOML of ours"


def _taken(
    stem: str, name: str, opened: IO[bytes], file: Path, folder: Path, places: Places, licence: str, digest: str
) -> Pack:  # fmt: skip
    suffix = Path(name).suffix.lower()
    if suffix in (".txt", ".tsv"):
        lines = io.TextIOWrapper(opened, "utf-8", errors="replace")
        return _dump(stem, lines, folder, licence or GEONAMES, digest)
    data = opened.read(LARGEST + 1)
    if len(data) > LARGEST:
        raise UsageError(f"{file} is larger than {LARGEST // 2**20} MB, unpacked. Split it, or simplify its boundaries")
    kind = {".json": ".geojson"}.get(suffix, suffix)
    if kind not in SUFFIXES - {".gazetteer"}:
        raise UsageError(f"{file} is of no form that a pack may have. {_FORMS}")
    said = licence or _licence(kind, data, file)
    if not said:
        raise UsageError(f"{file} does not say under which licence it may be used. Give it with --licence TEXT")
    with TemporaryDirectory(dir=folder, prefix=".adding-") as aside:
        part = Path(aside) / f"{stem}{kind}"
        part.write_bytes(data)
        if kind == ".geojson" and "adm1" not in stem.lower() and _all_first(part):
            part = part.rename(part.with_suffix(".adm1.geojson"))  # what lies in provinces is put into these
        outlines = [path for path in sorted(folder.glob("*.geojson")) if "adm1" in path.name.lower()]
        count, notes = _checked(part, kind, outlines, places)
        part.replace(folder / part.name)
    return Pack(stem, part.name, said, digest, count, tuple(notes))


def _all_first(path: Path) -> bool:
    return all(level_of(one["properties"]) == 1 for one in features(path))


def _dump(stem: str, lines: io.TextIOWrapper, folder: Path, licence: str, digest: str) -> Pack:
    first = lines.readline(200_000)
    if not is_dump(first):
        raise ValueError("it is no dump of GeoNames (19 columns parted by tabs)")

    def every() -> Iterator[str]:
        yield first
        yield from lines

    found = compile_dump(every(), folder / f"{stem}.gazetteer")
    notes = [
        *([f"{found.broken:,} lines are no place and were passed over"] if found.broken else []),
        *([f"{found.twice:,} places stand in it twice"] if found.twice else []),
        *([f"{found.loose:,} places have no first-level division that we know"] if found.loose else []),
    ]
    return Pack(stem, f"{stem}.gazetteer", licence, digest, found.places, tuple(notes))


# ── checks ───────────────────────────────────────────────────────────────────────────────────────


def _checked(path: Path, kind: str, outlines: Sequence[Path], places: Places) -> tuple[int, list[str]]:
    """How many places are in a pack, and what is to be said of them."""
    if kind == ".geojson":
        facts = [one["properties"] for one in features(path)]
        first = [one for one in facts if level_of(one) == 1]
        lost = [str(one.get("shapeName") or one.get("ADM1_EN") or one.get("NAME_1") or "?") for one in first
                if division_of(one, places) is None]  # fmt: skip
        things = kept(path, outlines, places).districts if len(first) < len(facts) else []
        notes = [f"{len(lost)} provinces are none that ISO 3166-2 has: {_some(lost)}"] if lost else []
        return len(facts), [*notes, *_noted(things, places)]
    things = read_table(path) if kind == ".csv" else read_toml(path, None)
    return len(things), _noted(things, places)


def _noted(things: Iterable[Thing], places: Places) -> list[str]:
    things = list(things)
    ids = Counter(thing.id for thing in things)
    names = Counter((thing.type, thing.name) for thing in things)
    own = {thing.id for thing in things}
    lost = {thing.within for thing in things if thing.within not in own and places.thing(thing.within) is None}
    twice = [name for (_, name), times in names.items() if times > 1]
    again = [place for place, times in ids.items() if times > 1]
    top = [thing.name for thing in things if thing.type == "district" and thing.within.count("-") == 0]
    return [
        *([f"{len(again)} ids stand twice, and the last counts: {_some(again)}"] if again else []),
        *([f"{len(twice)} names stand for several places: {_some(twice)}"] if twice else []),
        *([f"{len(lost)} parents are no place we know: {_some(sorted(lost))}"] if lost - {""} else []),
        *([f"{len(top)} districts could not be put into a province: {_some(top)}"] if top else []),
    ]


def _some(names: Iterable[str]) -> str:
    names = list(names)
    return ", ".join(names[:8]) + (", …" if len(names) > 8 else "")


def _licence(kind: str, data: bytes, file: Path) -> str:
    """What a file, or the one beside it that tells of it, says of its licence."""
    if kind == ".toml":
        return str(tomllib.loads(data.decode("utf-8")).get("licence", ""))
    if kind == ".csv":
        first, _, rest = data.decode("utf-8-sig").partition("\n")
        columns = [name.strip().strip('"').casefold() for name in first.split(",")]
        place = next((columns.index(name) for name in ("licence", "license") if name in columns), None)
        cells = rest.partition("\n")[0].split(",")
        return cells[place].strip().strip('"') if place is not None and place < len(cells) else ""
    whole: dict[str, Any] = msgspec.json.decode(data)
    said = _of(whole) or _of(whole.get("metadata")) or _of(whole["features"][0]["properties"])
    return said or _beside(file)


def _of(facts: object) -> str:
    return str(next((facts[field] for field in _LICENCES if facts.get(field)), "")) if isinstance(facts, dict) else ""


def _beside(file: Path) -> str:
    """geoBoundaries' metaData of the same boundary, in the folder or in the archive."""
    if file.suffix.lower() == ".zip":
        with zipfile.ZipFile(file) as archive:
            inside = [name for name in archive.namelist() if re.search(r"(?i)meta|readme|licen", name)]
            found = (_said(archive.open(name).read(100_000)) for name in inside)
            return next(filter(None, found), "")
    start = re.split(r"[._]", file.name)[0]
    near = sorted(file.parent.glob(f"{start}-metaData.*"))
    return next(filter(None, (_said(path.read_bytes()[:100_000]) for path in near)), "")


def _said(data: bytes) -> str:
    try:
        return _of(msgspec.json.decode(data))
    except msgspec.MsgspecError:
        found = _SAID.search(data.decode("utf-8", "replace"))
        return found[1].strip() if found else ""


# ── files ────────────────────────────────────────────────────────────────────────────────────────


@contextmanager
def _unpacked(file: Path) -> Iterator[tuple[str, IO[bytes]]]:
    """The file in a file, by its name: of an archive the one that can be a pack, the largest first."""
    if file.suffix.lower() == ".gz":
        with gzip.open(file) as opened:
            yield file.stem, opened  # type: ignore[misc]
    elif file.suffix.lower() == ".zip":
        with zipfile.ZipFile(file) as archive:
            suited = [one for one in archive.infolist() if _suited(one.filename)]
            if not suited:
                raise UsageError(f"{file} holds no file that can be a pack. {_FORMS}")
            with archive.open(max(suited, key=lambda one: one.file_size)) as opened:
                yield max(suited, key=lambda one: one.file_size).filename, opened
    else:
        with file.open("rb") as opened:
            yield file.name, opened


def _suited(name: str) -> bool:
    lower = name.lower()
    forms = (".geojson", ".json", ".txt", ".tsv", ".csv", ".toml")
    return lower.endswith(forms) and not re.search("meta|readme", lower)


def _stem(file: Path) -> str:
    stem = file.name
    while (shorter := re.sub(r"(?i)\.(gz|zip|geojson|json|txt|tsv|csv|toml)$", "", stem)) != stem:
        stem = shorter
    return re.sub(r"[^\w.-]+", "-", stem).strip("-.") or "pack"


def _digest(file: Path) -> str:
    made = sha256()
    try:
        with file.open("rb") as opened:
            while block := opened.read(1 << 20):
                made.update(block)
    except OSError as fault:
        raise UsageError(f"{file} cannot be read: {fault.strerror}. Name a file that can be a pack") from None
    return made.hexdigest()


def _manifest(folder: Path) -> list[Pack]:
    try:
        return msgspec.json.decode((folder / MANIFEST).read_bytes(), type=list[Pack])
    except FileNotFoundError:
        return []
    except (OSError, msgspec.MsgspecError) as fault:
        raise UsageError(f"{folder / MANIFEST} cannot be read: {fault}. Delete it, and add the packs again") from None


def _note(folder: Path, packs: Iterable[Pack]) -> None:
    part = folder / f".{MANIFEST}.{os.getpid()}"
    part.write_bytes(msgspec.json.format(msgspec.json.encode(sorted(packs, key=lambda pack: pack.name))))
    part.replace(folder / MANIFEST)
