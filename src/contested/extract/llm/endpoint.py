"""A server that is asked: any that speaks OpenAI's chat completions, such as llama.cpp, ollama or vLLM.

Beside `workspace.authority` the only module of this package that uses the network, and only the address it is given:
redirects are not followed, proxies of the environment not used unless asked. An answer has a limit of bytes and of
seconds from the first to the last; who asks to be left alone (429, Retry-After) is, and what may pass is tried again.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from contextlib import ExitStack
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from types import TracebackType
from typing import Any, NamedTuple, Self

import anyio
import httpx2
import msgspec
from anyio.from_thread import start_blocking_portal
from tenacity import RetryCallState, Retrying, retry_if_exception_type, stop_after_attempt, wait_random_exponential

from contested.errors import UsageError
from contested.extract.llm.address import KEY, completions
from contested.extract.llm.answer import NoAnswerError, Reply
from contested.extract.llm.prompt import Messages

LIMIT = 2_000_000  # bytes of an answer
SECONDS = 300.0  # for one answer, the slowest small machine's
CONNECT = 10.0  # seconds
TOKENS = 4_096  # of an answer
TRIES, PATIENCE = 5, 600.0  # requests for one passage; seconds that a server may ask to wait
_PASSING = frozenset({408, 409, 425, 429, 500, 502, 503, 504})
_NO_SCHEMA = frozenset({400, 415, 422, 501})  # how servers say that they cannot hold a model to a schema
_REFUSED = {401: "it wants a key", 403: "it does not admit us", 404: "it has no such address or model"}
_SHOWN = 200  # characters of what a server says of itself
_backoff = wait_random_exponential(multiplier=1, max=60)


class _PassingError(NoAnswerError):
    """What may be otherwise in a moment."""


class _Answer(NamedTuple):
    status: int
    headers: httpx2.Headers
    body: bytes


class _Said(msgspec.Struct):
    content: str | None = None


class _Choice(msgspec.Struct):
    message: _Said
    finish_reason: str | None = None


class _Completion(msgspec.Struct):
    """What we read of a chat completion."""

    choices: list[_Choice]


class Endpoint:
    """A server and one of its models; use it as a context manager. UsageError for an address or key that cannot be.

    `seconds` are for one answer as a whole; `sleep` waits between tries.
    """

    def __init__(
        self,
        url: str,
        model: str,
        *,
        key: str = "",
        seconds: float = SECONDS,
        proxy: bool = False,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        if not key.isascii() or not key.isprintable():
            raise UsageError(f"{KEY} holds characters that no key has. Set it anew")
        self.url, self.model = completions(url), model
        self.seconds = seconds
        self._key, self._proxy, self._sleep = key, proxy, sleep
        self._answered = False  # before the first answer, nobody may be there at all
        self._takes_schema = True
        self._open = ExitStack()

    def __enter__(self) -> Self:
        # A loop in a thread of its own, for only there can a whole answer be timed, and any caller wait for it.
        self._portal = self._open.enter_context(start_blocking_portal())
        headers = {"User-Agent": "contested", "Accept-Encoding": "identity", "Content-Type": "application/json"}
        if self._key:
            headers["Authorization"] = f"Bearer {self._key}"
        client = httpx2.AsyncClient(
            headers=headers,
            timeout=httpx2.Timeout(None, connect=CONNECT),  # an answer is timed as a whole
            follow_redirects=False,
            trust_env=self._proxy,
        )
        self._client = self._open.enter_context(self._portal.wrap_async_context_manager(client))
        return self

    def __exit__(self, kind: type[BaseException] | None, fault: BaseException | None, at: TracebackType | None) -> None:
        self._open.__exit__(kind, fault, at)

    def ask(self, messages: Messages, schema: dict[str, Any]) -> Reply:
        """The model's answer. Raises NoAnswerError when there is none.

        Asked with the schema first; a server that refuses it is asked in plain words from then on.
        """
        asked: dict[str, Any] = {"model": self.model, "messages": messages, "temperature": 0, "max_tokens": TOKENS,
                                 "stream": False}  # fmt: skip
        if self._takes_schema:
            form = {"type": "json_schema",
                    "json_schema": {"name": "assertions", "strict": True, "schema": schema}}  # fmt: skip
            try:
                return self._patiently(asked | {"response_format": form})
            except NoAnswerError as fault:
                if fault.status not in _NO_SCHEMA:
                    raise
        reply = self._patiently(asked)
        self._takes_schema = False
        return reply

    def _patiently(self, asked: dict[str, Any]) -> Reply:
        again = Retrying(
            stop=stop_after_attempt(TRIES),
            wait=_pause,
            retry=retry_if_exception_type(_PassingError),
            sleep=self._sleep,
            reraise=True,
        )
        return again(self._once, msgspec.json.encode(asked))

    def _once(self, body: bytes) -> Reply:
        try:
            answer = self._portal.call(self._exchange, body)
        except TimeoutError:
            remedy = "Give it more time (--timeout), or take a smaller model"
            raise _PassingError(f"it gave no whole answer in {self.seconds:g} seconds", remedy) from None
        except httpx2.TransportError as fault:
            raise self._unreached(fault) from None
        self._answered = True
        self._check(answer)
        return _reply(answer.body)

    async def _exchange(self, body: bytes) -> _Answer:
        received = bytearray()
        with anyio.fail_after(self.seconds):
            async with self._client.stream("POST", self.url, content=body) as response:
                if response.headers.get("content-encoding", "identity").lower() != "identity":
                    raise NoAnswerError("it packs its answers, though asked not to", _OTHER, lasting=True)
                async for part in response.aiter_raw():
                    received += part
                    if len(received) > LIMIT:
                        raise NoAnswerError(f"its answer is larger than {LIMIT / 1e6:g} MB", _OTHER)
        return _Answer(response.status_code, response.headers, bytes(received))

    def _unreached(self, fault: httpx2.TransportError) -> NoAnswerError:
        reason = f"it cannot be reached ({self._shown(str(fault) or type(fault).__name__)})"
        remedy = "Check the address, and that the server runs"
        if isinstance(fault, httpx2.ConnectError | httpx2.ConnectTimeout) and not self._answered:
            return NoAnswerError(reason, remedy, lasting=True)
        return _PassingError(reason, remedy)

    def _check(self, answer: _Answer) -> None:
        """Raises NoAnswerError unless the server has done what it was asked."""
        status = answer.status
        if status == httpx2.codes.OK:
            return
        said = f" ({status}: {self._shown(answer.body.decode(errors='replace'))})"
        if status in _PASSING:
            wait = _asked_to_wait(answer.headers.get("retry-after", ""))
            if wait <= PATIENCE:
                raise _PassingError(f"it is busy or out of order{said}", "Run the same command later", wait=wait)
            raise NoAnswerError(f"it wants to be left alone for {wait:,.0f} seconds", _LATER, lasting=True)
        if 300 <= status < 400:
            raise NoAnswerError(f"it redirects elsewhere ({status}), where nothing is sent", _OTHER, lasting=True)
        if status in _REFUSED:
            remedy = f"Check --endpoint and --model; a key goes into {KEY}"
            raise NoAnswerError(_REFUSED[status] + said, remedy, lasting=True)
        raise NoAnswerError(f"it refuses the request{said}", _OTHER, status=status)

    def _shown(self, said: str) -> str:
        """What a server says, in a line, and never our key."""
        flat = " ".join((said.replace(self._key, "…") if self._key else said).split())
        return flat if len(flat) <= _SHOWN else f"{flat[:_SHOWN]}…"


_OTHER = "Check that it is an OpenAI-compatible server and that --model names one of its models"
_LATER = "Run the same command later"


def _reply(body: bytes) -> Reply:
    """The text of a chat completion. Raises NoAnswerError when it is none."""
    try:
        first = msgspec.json.decode(body, type=_Completion).choices[0]
    except (msgspec.MsgspecError, UnicodeError, RecursionError, IndexError):
        raise NoAnswerError("its answer is no chat completion", _OTHER) from None
    return Reply(first.message.content or "", first.finish_reason == "length")


def _pause(state: RetryCallState) -> float:
    """Seconds until the next try: what the server asks for, or twice as long each time, by chance more or less."""
    fault = state.outcome.exception() if state.outcome else None
    return fault.wait if isinstance(fault, NoAnswerError) and fault.wait else _backoff(state)


def _asked_to_wait(header: str) -> float:
    """Seconds in a Retry-After, a number or a day (RFC 9110, 10.2.3); 0 when there is none that can be read."""
    if header.isascii() and header.isdigit():
        return float(header)
    try:
        return max((parsedate_to_datetime(header) - datetime.now(UTC)).total_seconds(), 0.0)
    except (ValueError, TypeError, OverflowError):
        return 0.0
