"""Work done in a process of its own, split off from this one so that everything is imported; what it tells comes back.

Line by line as it is told, so that what was told before a kill is known.
"""

from __future__ import annotations

import os
import signal
import sys
import traceback
from collections.abc import Callable
from dataclasses import dataclass
from typing import NamedTuple

import pytest

if sys.platform == "win32":
    pytest.skip("processes cannot be split here", allow_module_level=True)

Tell = Callable[[str], None]


class Ended(NamedTuple):
    """Its exit status (the signal, negative, if one ended it), and what it told."""

    status: int
    told: list[str]


@dataclass
class Forked:
    pid: int
    pipe: int

    def kill(self) -> None:
        os.kill(self.pid, signal.SIGKILL)

    def ended(self) -> Ended:
        """Waits for its end."""
        with os.fdopen(self.pipe) as pipe:
            told = pipe.read().splitlines()
        return Ended(os.waitstatus_to_exitcode(os.waitpid(self.pid, 0)[1]), told)


def fork(work: Callable[[Tell], object]) -> Forked:
    """Start it. Whatever it raises it tells, and ends with status 1."""
    reading, writing = os.pipe()
    pid = os.fork()
    if pid:
        os.close(writing)
        return Forked(pid, reading)
    try:
        work(lambda line: os.write(writing, f"{line}\n".encode()) and None)
        os._exit(0)
    except BaseException:
        os.write(writing, traceback.format_exc().encode())
    finally:
        os._exit(1)
