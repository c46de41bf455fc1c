"""Time stamps by RFC 3161: the question put to an authority, and what its token says and is worth.

What is stamped are the 64 digits of a head as ASCII; the question holds their sha256 and a number made up for it.
"""

from __future__ import annotations

import datetime as dt
from hashlib import sha256
from pathlib import Path
from typing import NamedTuple

from cryptography.x509 import Certificate, load_pem_x509_certificates
from rfc3161_client import (
    HashAlgorithm,
    TimestampRequestBuilder,
    TimeStampResponse,
    VerificationError,
    VerifierBuilder,
    decode_timestamp_response,
)

from contested.errors import ContestedError, UsageError

LIMIT = 200_000  # bytes of an answer; a token with its certificates has some thousand
ROOTS = 10_000_000  # bytes of a file of certificates
GRANTED = 0  # PKIStatus (RFC 3161, 2.4.2); "granted with changes" is not what was asked for


class NoStampError(ContestedError):
    """An authority gave no stamp, or one that is none."""

    exit_code = 3


class Token(NamedTuple):
    """What a token says: when it was made (UTC), under what number and by which policy of the authority's."""

    stamped_at: dt.datetime
    serial: str
    policy: str
    nonce: int | None
    answer: TimeStampResponse


def question(head: str) -> tuple[bytes, int]:
    """The request for a stamp on a head (DER), and the number that the answer must repeat."""
    asked = TimestampRequestBuilder().data(head.encode()).hash_algorithm(HashAlgorithm.SHA256).build()
    return asked.as_bytes(), asked.nonce or 0


def read(data: bytes, head: str, nonce: int | None = None) -> Token:
    """The token in an answer (DER). NoStampError when there is none, or it is not on this head, or answers another."""
    if len(data) > LIMIT:
        raise NoStampError(f"the answer is larger than {LIMIT:,} bytes")
    try:
        answer = decode_timestamp_response(data)
        if answer.status != GRANTED:
            said = "; ".join(answer.status_string)[:200]
            raise NoStampError(f"the authority refuses (status {answer.status}{': ' if said else ''}{said})")
        told = answer.tst_info
        imprint = told.message_imprint
        algorithm, message = imprint.hash_algorithm.dotted_string, imprint.message
        when = told.gen_time.astimezone(dt.UTC)
        token = Token(when, str(told.serial_number), _dotted(told.policy), told.nonce, answer)
    except (ValueError, TypeError, OverflowError) as fault:
        raise NoStampError(f"this is no time stamp ({fault})") from None
    if (algorithm, message) != (_SHA256, sha256(head.encode()).digest()):
        raise NoStampError("the stamp is on something else than this head")
    if nonce is not None and token.nonce != nonce:
        raise NoStampError("the stamp answers another question than ours")
    return token


def hold(token: Token, head: str, roots: list[Certificate]) -> str:
    """Why a token cannot be led back to one of these certificates; empty when it can."""
    builder = VerifierBuilder()
    for each in dict.fromkeys(roots):
        builder = builder.add_root_certificate(each)
    try:
        builder.build().verify_message(token.answer, head.encode())
    except (VerificationError, ValueError, TypeError) as fault:
        return str(fault) or type(fault).__name__
    return ""


def certificates(file: Path) -> list[Certificate]:
    """The certificates of a PEM file. UsageError when it holds none."""
    try:
        with file.open("rb") as opened:
            found: list[Certificate] = load_pem_x509_certificates(opened.read(ROOTS))
    except (OSError, ValueError) as fault:
        reason = getattr(fault, "strerror", None) or "it holds no certificate in PEM"
        raise UsageError(f"{file}: {reason}. Give the authority's root certificate, as a .pem file") from None
    return found


def _dotted(policy: object) -> str:
    return str(getattr(policy, "dotted_string", ""))


_SHA256 = "2.16.840.1.101.3.4.2.1"
