"""What a program does to files by Python's own means, written down; and what of it lies on the disk after a power cut.

Of a file what was written since it was synced may have come through or not, sector by sector; of a folder the names
made, changed and deleted since it was synced, in their order. A folder that did not come through takes along what is
in it.
"""

from __future__ import annotations

import io
import os
import random
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from failing_disk import Act
from power_cut import Contents, torn, written


class Step(NamedTuple):
    """One act on a file (by the number it was opened first with), on a name, or a mark."""

    what: str  # create, mkdir, rename, delete, write, truncate, sync, settle (a folder's sync), mark
    name: str = ""
    to: str = ""
    file: int = 0
    at: int = 0
    data: bytes = b""


@dataclass
class Watch:
    """What was done, in order; names are told within `root`."""

    root: Path
    steps: list[Step] = field(default_factory=list)
    _open: dict[int, int] = field(default_factory=dict)  # descriptor → file, 0 for a folder
    _names: dict[str, int] = field(default_factory=dict)
    _folders: dict[int, str] = field(default_factory=dict)

    def mark(self) -> None:
        """What was asked for is acknowledged."""
        self.steps.append(Step("mark"))

    def opened(self, path: Any, descriptor: int, is_new: bool) -> None:
        name = self._within(path)
        if Path(path).is_dir():
            self._open[descriptor], self._folders[descriptor] = 0, name
            return
        if is_new:
            self._names[name] = len(self._names) + 1 + len(self.steps)
            self.steps.append(Step("create", name, file=self._names[name]))
        self._open[descriptor] = self._names[name]

    def did(self, what: str, descriptor: int, at: int = 0, data: bytes = b"") -> None:
        file = self._open.get(descriptor)
        if file is None:
            return
        if what == "sync" and not file:
            self.steps.append(Step("settle", self._folders[descriptor]))
        else:
            self.steps.append(Step(what, file=file, at=at, data=data))

    def named(self, what: str, path: Any, to: Any = None) -> None:
        name = self._within(path)
        if what == "rename":
            self._names[self._within(to)] = self._names.pop(name)
        self.steps.append(Step(what, name, self._within(to) if to else ""))

    def is_watched(self, path: Any) -> bool:
        return isinstance(path, str | os.PathLike) and Path(path).is_relative_to(self.root)

    def _within(self, path: Any) -> str:
        return str(Path(path).relative_to(self.root))


@contextmanager
def watched(root: Path) -> Iterator[Watch]:
    """Everything done in a folder until it is left is written down, and done."""
    watch = Watch(root)
    plain = {name: getattr(os, name) for name in ("open", "write", "fsync", "ftruncate", "mkdir", "replace", "unlink")}

    def open_(path: Any, flags: int, *how: Any, **more: Any) -> int:
        is_new = not Path(path).exists()
        descriptor: int = plain["open"](path, flags, *how, **more)
        if watch.is_watched(path):
            watch.opened(path, descriptor, is_new)
        return descriptor

    def write(descriptor: int, data: bytes) -> int:
        watch.did("write", descriptor, os.fstat(descriptor).st_size, bytes(data))
        done: int = plain["write"](descriptor, data)
        return done

    def fsync(descriptor: int) -> None:
        plain["fsync"](descriptor)
        watch.did("sync", descriptor)

    def ftruncate(descriptor: int, size: int) -> None:
        plain["ftruncate"](descriptor, size)
        watch.did("truncate", descriptor, size)

    def on_name(what: str, act: str) -> Any:
        def done(path: Any, *more: Any, **how: Any) -> None:
            plain[act](path, *more, **how)
            if watch.is_watched(path):
                watch.named(what, path, *(more if what == "rename" else ()))

        return done

    class Told(io.FileIO):
        def write(self, data: Any, /) -> int:
            return write(self.fileno(), bytes(data))

    with pytest.MonkeyPatch.context() as patch:
        for name, done in {"open": open_, "write": write, "fsync": fsync, "ftruncate": ftruncate}.items():
            patch.setattr(os, name, done)
        for act, what in {"mkdir": "mkdir", "replace": "rename", "unlink": "delete"}.items():
            patch.setattr(os, act, on_name(what, act))
        patch.setattr(os, "fdopen", lambda descriptor, mode="r", *_, **__: Told(descriptor, mode.replace("b", "")))
        yield watch


def lay_out(steps: Sequence[Step], chance: random.Random | None, folder: Path) -> None:
    """Write what is there when the power goes after these steps; without chance, only what was synced."""
    files: dict[int, Contents] = {}
    pending: dict[str, list[Step]] = {}
    due: list[Step] = []
    for step in steps:
        match step.what:
            case "create" | "mkdir" | "rename" | "delete":
                if step.what == "create":
                    files[step.file] = Contents()
                pending.setdefault(str(Path(step.name).parent), []).append(step)
                due.append(step)
            case "write" | "truncate":
                files[step.file].since.append(Act(step.what, "", step.at, step.data))
            case "sync":
                contents = files[step.file]
                contents.disk, contents.since = written(contents.disk, contents.since), []
            case "settle":
                pending.pop(step.name, None)
    lost = {id(step) for some in pending.values() for step in some[chance.randint(0, len(some)) if chance else 0 :]}
    names: dict[str, int | None] = {".": None}
    for step in due:
        if id(step) not in lost and str(Path(step.name).parent) in names:
            _rename(names, step)
    for name, file in names.items():
        if file is None:
            (folder / name).mkdir(parents=True, exist_ok=True)
        else:
            contents = files[file]
            some = torn(contents.since, chance) if chance else []
            (folder / name).write_bytes(written(contents.disk, some))


def _rename(names: dict[str, int | None], step: Step) -> None:
    match step.what:
        case "create":
            names[step.name] = step.file
        case "mkdir":
            names[step.name] = None
        case "delete":
            names.pop(step.name, None)
        case "rename":
            names[step.to] = names.pop(step.name)
