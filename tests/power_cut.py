"""What lies on the disk after the power went: what was synced, and of the rest whatever chance let through.

A file's writes since its last sync may have reached the disk or not, each sector by itself and in any order; the names
made and deleted in a folder since it was last synced may be there or not, but in their order, as journalling file
systems keep them.
"""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from failing_disk import Act

SECTORS = (512, 4096)  # what a disk writes whole or not at all


@dataclass
class Contents:
    """A file's bytes on the disk, and what has been done to it since they were synced."""

    disk: bytes = b""
    since: list[Act] = field(default_factory=list)


Names = dict[str, Contents]


def after_power_cut(log: Sequence[Act], chance: random.Random | None, folder: Path) -> None:
    """Write into a folder the files that are there when the power goes after these acts.

    Without chance, only what was synced has come through.
    """
    on_disk, changes = _replayed(log)
    through = chance.randint(0, len(changes)) if chance else 0
    for name, contents in changes[:through]:
        _rename(on_disk, name, contents)
    for name, contents in on_disk.items():
        some = torn(contents.since, chance) if chance else []
        (folder / Path(name).name).write_bytes(written(contents.disk, some))


def _replayed(log: Sequence[Act]) -> tuple[Names, list[tuple[str, Contents | None]]]:
    """The files on the disk by their names, and the names made and deleted (None) since the folder was synced."""
    on_disk: Names = {}
    names: Names = {}
    changes: list[tuple[str, Contents | None]] = []
    for act in log:
        if act.what == "open":
            names[act.file] = Contents()
            changes.append((act.file, names[act.file]))
        elif act.what == "delete":
            del names[act.file]
            changes.append((act.file, None))
        elif act.what in ("write", "truncate"):
            names[act.file].since.append(act)
        elif act.what == "sync":
            contents = names[act.file]
            contents.disk, contents.since = written(contents.disk, contents.since), []
        if act.what in ("delete", "sync") and act.at:
            for name, changed in changes:
                _rename(on_disk, name, changed)
            changes.clear()
    return on_disk, changes


def _rename(names: Names, name: str, contents: Contents | None) -> None:
    if contents is None:
        names.pop(name, None)
    else:
        names[name] = contents


def written(before: bytes, acts: Sequence[Act]) -> bytes:
    """A file's bytes after these acts."""
    raw = bytearray(before)
    for act in acts:
        size = act.at + len(act.data)
        if act.what == "truncate":
            del raw[act.at :]
        raw.extend(bytes(max(0, size - len(raw))))
        raw[act.at : size] = act.data
    return bytes(raw)


def torn(acts: Sequence[Act], chance: random.Random) -> list[Act]:
    """Some of the acts, and of each write some sectors; of two writes to one sector the later prevails."""
    sector = chance.choice(SECTORS)
    pieces: list[Act] = []
    for act in acts:
        if act.what == "truncate":
            pieces.append(act)
            continue
        start = act.at
        while start < act.at + len(act.data):
            end = min(act.at + len(act.data), (start // sector + 1) * sector)
            pieces.append(act._replace(at=start, data=act.data[start - act.at : end - act.at]))
            start = end
    likely = chance.choice((0.1, 0.5, 0.9))
    return [piece for piece in pieces if chance.random() < likely]
