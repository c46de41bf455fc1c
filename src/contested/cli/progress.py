"""A progress bar on stderr, drawn only for somebody watching."""

import sys
import time
from collections.abc import Iterable, Iterator
from pathlib import Path
from types import TracebackType
from typing import Generic, Self, TypeVar

from contested.write.table import cut, printable

WIDTH, NAME = 24, 40
EVERY = 0.1  # seconds between drawings
A = TypeVar("A")


class Bar:
    """Call it with (done, all, name); it draws itself on a terminal and does nothing elsewhere."""

    def __init__(self, quiet: bool = False) -> None:
        self.shown = not quiet and sys.stderr.isatty()
        self.drawn = 0.0
        self.done = self.all = 0

    def __call__(self, done: int, total: int, name: str) -> None:
        self.done, self.all = done, total
        now = time.monotonic()
        if self.shown and (now - self.drawn >= EVERY or done == total):
            self.drawn = now
            full = WIDTH * done // total if total else WIDTH
            file = cut(printable(Path(name).name), NAME)
            sys.stderr.write(f"\r\033[K{'█' * full}{'░' * (WIDTH - full)} {done}/{total} {file}")
            sys.stderr.flush()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, fault: BaseException | None, at: TracebackType | None) -> None:
        if self.shown and self.drawn:
            sys.stderr.write("\r\033[K")
            sys.stderr.flush()


class Counted(Generic[A]):
    """Things counted on stderr as they come, for somebody watching; how many there will be is not known."""

    def __init__(self, things: Iterable[A], noun: str, quiet: bool = False) -> None:
        self.done = 0
        self._things, self._noun = things, noun
        self._shown = not quiet and sys.stderr.isatty()

    def __iter__(self) -> Iterator[A]:
        drawn = time.monotonic()
        for each in self._things:
            self.done += 1
            if self._shown and (now := time.monotonic()) - drawn >= EVERY:
                drawn = now
                sys.stderr.write(f"\r\033[K{self.done:,} {self._noun}")
                sys.stderr.flush()
            yield each
        if self._shown:
            sys.stderr.write("\r\033[K")
            sys.stderr.flush()
