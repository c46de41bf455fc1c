"""Flesh on its way to the disk: compressed on another core, some at a time, while the act goes on."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor

from contested.ledger.written import MANY_AT_ONCE

AT_ONCE = 1 << 18  # bytes handed over together; less is not worth waking another thread

Row = tuple[int, bytes]  # the number of what it is the flesh of, and its bytes


class Folding:
    """Rows of one table, gathered as they are and told compressed. No more than two lots are held uncompressed."""

    def __init__(self, fold: Callable[[list[bytes]], list[bytes]]) -> None:
        self._fold = fold
        self._thread: ThreadPoolExecutor | None = None
        self._gathered: list[Row] = []
        self._size = 0
        self._under_way: Future[list[Row]] | None = None
        self._done: list[Row] = []

    def add(self, number: int, body: bytes) -> None:
        self._gathered.append((number, body))
        self._size += len(body)
        if self._size >= AT_ONCE:
            self._hand_over()

    def rows(self) -> list[Row]:
        """All that was gathered, in the order of its coming; then it is gathered anew."""
        self._receive()
        rows = self._done + self._folded(self._gathered)
        self._gathered, self._size, self._done = [], 0, []
        return rows

    def _hand_over(self) -> None:
        self._receive()
        if MANY_AT_ONCE:
            self._thread = self._thread or ThreadPoolExecutor(1)
            self._under_way = self._thread.submit(self._folded, self._gathered)
        else:  # the two would wait for each other at every row
            self._done += self._folded(self._gathered)
        self._gathered, self._size = [], 0

    def _receive(self) -> None:
        if self._under_way is not None:
            self._done += self._under_way.result()
            self._under_way = None

    def _folded(self, rows: list[Row]) -> list[Row]:
        folded = self._fold([body for _, body in rows])
        return [(number, body) for (number, _), body in zip(rows, folded, strict=True)]
