"""Exceptions: for a caller's mistake or a broken installation. Trouble in the data is a Problem, a value.

ContestedError
├── UsageError       what was asked for does not exist or makes no sense (exit code 2)
├── CodebookError    a codebook is wrong; names the key (2)
├── LedgerError      the ledger on disk is not what it should be (4)
├── ModelError       the reader's model file is missing or damaged (5)
└── MissingPart      an optional part is not installed; says the install command (5)
"""

from typing import Self


class ContestedError(Exception):
    """Root of every exception this package raises."""

    exit_code = 1


class UsageError(ContestedError):
    exit_code = 2


class CodebookError(ContestedError):
    exit_code = 2


class LedgerError(ContestedError):
    exit_code = 4


class ModelError(ContestedError):
    exit_code = 5

    @classmethod
    def damaged(cls, path: object, what: str, fault: Exception) -> Self:
        """A shipped file that is missing or damaged, and how to restore it."""
        return cls(
            f"{path}: {what} is missing or damaged ({fault}); "
            "reinstall the package: pip install --force-reinstall contested"
        )


class MissingPart(ContestedError):  # noqa: N818 - reads as what it is
    exit_code = 5
