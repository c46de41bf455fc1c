"""An authority that stamps hashes with the time (RFC 3161, 3.4: over HTTP), asked at the one address it is given.

Beside `extract.llm.endpoint` the only module of this package that uses the network: redirects are not followed, proxies
of the environment not used, and an answer has a limit of bytes, and of seconds from the first to the last.
"""

from __future__ import annotations

import anyio
import httpx2
from anyio.from_thread import start_blocking_portal

from contested.extract.llm.address import split
from contested.workspace.tokens import LIMIT, NoStampError

SECONDS = 30.0  # for an answer as a whole
QUERY, REPLY = "application/timestamp-query", "application/timestamp-reply"


def ask(url: str, question: bytes, seconds: float = SECONDS) -> bytes:
    """What the authority answers. UsageError for an address that cannot be, NoStampError when there is no answer."""
    where = _host(url)
    try:
        # A loop in a thread of its own, for only there can a whole answer be timed, and any caller wait for it.
        with start_blocking_portal() as portal:
            return portal.call(_exchange, url, question, seconds)
    except TimeoutError:
        raise NoStampError(f"{where} gave no whole answer in {seconds:g} seconds. Ask again later") from None
    except (httpx2.HTTPError, httpx2.InvalidURL) as fault:
        said = " ".join(str(fault).split())[:200] or type(fault).__name__
        raise NoStampError(f"{where} cannot be reached ({said}). Check the address") from None


async def _exchange(url: str, question: bytes, seconds: float) -> bytes:
    headers = {"User-Agent": "timestamp-query", "Content-Type": QUERY, "Accept": REPLY, "Accept-Encoding": "identity"}
    received = bytearray()
    with anyio.fail_after(seconds):
        async with (
            httpx2.AsyncClient(headers=headers, timeout=None, follow_redirects=False, trust_env=False) as client,
            client.stream("POST", url, content=question) as response,
        ):
            kind = response.headers.get("content-type", "").partition(";")[0].strip().lower()
            if response.status_code != httpx2.codes.OK or kind != REPLY:
                said = f"{response.status_code}, {kind[:80] or 'of no kind'}"
                raise NoStampError(f"{_host(url)} answers no time stamp ({said}). Check the address")
            async for part in response.aiter_raw():
                received += part
                if len(received) > LIMIT:
                    raise NoStampError(f"{_host(url)} answers more than {LIMIT:,} bytes. Check the address")
    return bytes(received)


def _host(url: str) -> str:
    no = "no address. Give an authority's, as in https://tsa.example.org"
    return split(url, no, "an authority's address holds no name or password. Leave them out").hostname or ""
