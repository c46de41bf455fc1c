"""Asking a server on loopback that answers well, badly, slowly and maliciously. What the key is, nobody is told."""

from __future__ import annotations

import datetime as dt
import gzip
import json
from email.utils import format_datetime
from typing import Any

import pytest

pytest.importorskip("httpx2", reason="the extra llm is not installed: pip install 'contested[llm]'")
pytest.importorskip("tenacity", reason="the extra llm is not installed: pip install 'contested[llm]'")

from contested.errors import UsageError
from contested.extract.llm import KINDS, NoAnswerError, Reply
from contested.extract.llm.address import completions, is_here, is_open
from contested.extract.llm.endpoint import LIMIT, PATIENCE, TRIES, Endpoint
from contested.extract.llm.form import schema
from llm_world import (
    KUNDUZ,
    Does,
    Server,
    completes,
    drips,
    drips_headers,
    floods,
    hangs,
    hangs_up,
    sends,
)

KEY = "sk-not-a-real-key"
ASKED = [{"role": "system", "content": "Read."}, {"role": "user", "content": "“Kunduz”"}]


class Asked:
    """One question to a server, with the waits between its tries."""

    def __init__(self, server: Server, **how: Any) -> None:
        self.waits: list[float] = []
        self.endpoint = Endpoint(server.url, "small", sleep=self.waits.append, **how)

    def __call__(self) -> Reply:
        with self.endpoint:
            return self.endpoint.ask(ASKED, schema(KINDS))

    def fault(self) -> NoAnswerError:
        with pytest.raises(NoAnswerError) as told:
            self()
        return told.value


# ── well ─────────────────────────────────────────────────────────────────────────────────────────


def test_it_is_asked_as_openai_s_servers_are() -> None:
    with Server(completes(KUNDUZ)) as server:
        assert json.loads(Asked(server, key=KEY)().text) == {"assertions": [KUNDUZ]}
    (asked,), (headers,) = server.asked, server.headers
    assert server.paths == ["/v1/chat/completions"]
    assert asked["model"] == "small"
    assert asked["temperature"] == 0
    assert asked["messages"] == ASKED
    assert asked["response_format"]["json_schema"]["schema"] == schema(KINDS)
    assert headers["Authorization"] == f"Bearer {KEY}"


def test_without_a_key_none_is_sent() -> None:
    with Server(completes()) as server:
        Asked(server)()
    assert "Authorization" not in server.headers[0]


def test_an_answer_that_was_cut_says_so() -> None:
    with Server(completes(text="{", finish="length")) as server:
        assert Asked(server)() == Reply("{", cut=True)


def test_an_answer_without_words_is_empty() -> None:
    body = {"choices": [{"message": {"content": None, "refusal": "I won't"}}]}
    with Server(sends(body)) as server:
        assert Asked(server)() == Reply("")


@pytest.mark.parametrize("status", [400, 415, 422, 501])
def test_a_server_that_takes_no_schema_is_asked_without_from_then_on(status: int) -> None:
    with Server(sends({"error": "response_format"}, status), completes(KUNDUZ)) as server:
        asked = Asked(server)
        with asked.endpoint:
            for _ in range(2):
                assert "Kunduz" in asked.endpoint.ask(ASKED, schema(KINDS)).text
    assert ["response_format" in each for each in server.asked] == [True, False, False]


def test_a_server_that_refuses_either_way_is_asked_with_the_schema_again() -> None:
    with Server(sends({"error": "too long"}, 400), sends({"error": "too long"}, 400), completes(KUNDUZ)) as server:
        asked = Asked(server)
        with asked.endpoint:
            with pytest.raises(NoAnswerError, match=r"it refuses the request .400.*too long") as told:
                asked.endpoint.ask(ASKED, schema(KINDS))
            assert not told.value.lasting
            asked.endpoint.ask(ASKED, schema(KINDS))
    assert ["response_format" in each for each in server.asked] == [True, False, True]


# ── badly ────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    "body",
    [
        b"", b"<html>Welcome</html>", b"{", b"[]", b"null", b"\xff\xfe", {"choices": []}, {"error": "no"},
        {"choices": [{"message": "Kunduz"}]}, {"choices": {"message": {"content": "x"}}}, b"[" * 100_000,
        b'{"choices":' * 50_000, {"choices": [{"message": {"content": ["Kunduz"]}}]},
    ],
    ids=lambda body: str(body)[:30],
)  # fmt: skip
def test_what_is_no_chat_completion_is_said_to_be_none(body: Any) -> None:
    with Server(sends(body)) as server:
        fault = Asked(server).fault()
    assert fault.reason == "its answer is no chat completion"
    assert not fault.lasting
    assert len(server.asked) == 1


@pytest.mark.parametrize("status", [401, 403, 404])
def test_who_is_not_admitted_does_not_knock_again(status: int) -> None:
    with Server(sends({"error": f"bad key {KEY}"}, status)) as server:
        fault = Asked(server, key=KEY).fault()
    assert fault.lasting
    assert "CONTESTED_LLM_KEY" in fault.remedy
    assert len(server.asked) == 1
    assert KEY not in fault.reason
    assert KEY not in repr(fault)


def test_nobody_there_is_told_at_once() -> None:
    with Server(completes()) as server:
        pass
    asked = Asked(server)
    fault = asked.fault()
    assert fault.lasting
    assert "cannot be reached" in fault.reason
    assert asked.waits == []


def test_a_body_cut_short_is_asked_for_again() -> None:
    with Server(sends(b'{"choices"', Content_Length="500"), completes(KUNDUZ)) as server:
        assert "Kunduz" in Asked(server)().text
    assert len(server.asked) == 2


@pytest.mark.parametrize("does", [hangs_up, sends(b"", Content_Length="500")])
def test_who_hangs_up_every_time_is_given_up(does: Does) -> None:
    with Server(does) as server:
        asked = Asked(server)
        fault = asked.fault()
    assert not fault.lasting
    assert len(server.asked) == TRIES
    assert len(asked.waits) == TRIES - 1


# ── slowly ───────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("status", [408, 429, 500, 502, 503, 504])
def test_what_may_pass_is_tried_again(status: int) -> None:
    with Server(sends({"error": "busy"}, status), sends(b"", status), completes(KUNDUZ)) as server:
        asked = Asked(server)
        assert "Kunduz" in asked().text
    assert len(asked.waits) == 2
    assert all(0 <= wait <= 60 for wait in asked.waits)


def test_what_does_not_pass_is_given_up() -> None:
    with Server(sends({"error": "no GPU"}, 503)) as server:
        fault = Asked(server).fault()
    assert fault.reason == 'it is busy or out of order (503: {"error": "no GPU"})'
    assert not fault.lasting
    assert len(server.asked) == TRIES


def test_a_server_is_left_alone_as_long_as_it_asks() -> None:
    soon = format_datetime(dt.datetime.now(dt.UTC) + dt.timedelta(seconds=300), usegmt=True)
    busy = [sends({}, 429, Retry_After=after) for after in ("7", soon)]
    with Server(*busy, completes()) as server:
        asked = Asked(server)
        asked()
    assert asked.waits[0] == 7
    assert 200 < asked.waits[1] <= 300


@pytest.mark.parametrize("after", [str(int(PATIENCE) + 1), "9" * 400, "Fri, 31 Dec 9999 23:59:59 GMT"])
def test_a_server_that_asks_for_more_than_our_patience_is_given_up_at_once(after: str) -> None:
    with Server(sends({}, 429, Retry_After=after)) as server:
        asked = Asked(server)
        fault = asked.fault()
    assert fault.lasting
    assert "left alone" in fault.reason
    assert asked.waits == []


@pytest.mark.parametrize("after", ["soon", "-5", "", "1e3", "²", "Mon, 1 Jan 1990 00:00:00 GMT", "31 Feb 2020", "NaN"])
def test_a_day_to_wait_for_that_is_none_is_read_over(after: str) -> None:
    with Server(sends({}, 429, Retry_After=after.encode().decode("latin-1")), completes()) as server:
        asked = Asked(server)
        asked()
    assert len(asked.waits) == 1
    assert 0 <= asked.waits[0] <= 60


@pytest.mark.parametrize("does", [hangs, drips, drips_headers])
def test_an_answer_has_its_time_as_a_whole(does: Does) -> None:
    """However steadily it drips: what never ends always takes longer."""
    with Server(does) as server:
        fault = Asked(server, seconds=0.05).fault()
    assert "gave no whole answer in 0.05 seconds" in fault.reason
    assert "--timeout" in fault.remedy
    assert len(server.asked) == TRIES


def test_a_slow_server_is_asked_again_and_heard() -> None:
    with Server(hangs, completes(KUNDUZ)) as server:
        patient = Endpoint(server.url, "small", seconds=0.05, sleep=lambda _wait: setattr(patient, "seconds", 600.0))
        with patient:
            assert "Kunduz" in patient.ask(ASKED, schema(KINDS)).text


# ── maliciously ──────────────────────────────────────────────────────────────────────────────────


def test_a_flood_is_cut_off() -> None:
    with Server(floods) as server:
        fault = Asked(server).fault()
    assert "larger than 2 MB" in fault.reason
    assert len(server.asked) == 1


def test_an_answer_as_large_as_may_be_is_read() -> None:
    with Server(completes(text=" " * (LIMIT - 1_000))) as server:
        assert len(Asked(server)().text) == LIMIT - 1_000


def test_what_was_packed_is_not_unpacked() -> None:
    """A small body may unfold to a huge one."""
    with Server(sends(gzip.compress(b" " * 50_000_000), Content_Encoding="gzip")) as server:
        fault = Asked(server).fault()
    assert fault.lasting
    assert "packs" in fault.reason


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308, 300])
def test_a_redirect_is_not_followed(status: int) -> None:
    with Server(completes(KUNDUZ)) as elsewhere:
        there = f"{elsewhere.url}/chat/completions"
        with Server(sends(b"", status, Location=there)) as server:
            fault = Asked(server, key=KEY).fault()
    assert fault.lasting
    assert "redirects elsewhere" in fault.reason
    assert elsewhere.asked == []


def test_what_a_server_says_of_itself_is_told_short_and_on_one_line() -> None:
    with Server(sends("no\n\r\t" * 1_000, 400)) as server:
        fault = Asked(server).fault()
    assert len(fault.reason) < 300
    assert "\n" not in fault.reason


def test_the_environment_s_proxy_is_used_only_when_asked(monkeypatch: pytest.MonkeyPatch) -> None:
    with Server(sends({"error": "through the proxy"}, 403)) as proxy, Server(completes(KUNDUZ)) as server:
        for name in ("HTTP_PROXY", "http_proxy", "ALL_PROXY", "all_proxy"):
            monkeypatch.setenv(name, proxy.url.removesuffix("/v1"))
        for name in ("NO_PROXY", "no_proxy"):
            monkeypatch.delenv(name, raising=False)
        assert "Kunduz" in Asked(server)().text
        assert proxy.asked == []
        assert "through the proxy" in Asked(server, proxy=True).fault().reason
    assert proxy.paths == [f"{server.url}/chat/completions"]


# ── addresses ────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("url", "whole"),
    [
        ("http://127.0.0.1:8080/v1", "http://127.0.0.1:8080/v1/chat/completions"),
        ("http://127.0.0.1:8080/v1/", "http://127.0.0.1:8080/v1/chat/completions"),
        ("http://[::1]:8080", "http://[::1]:8080/chat/completions"),
        ("https://a.example/v1/chat/completions", "https://a.example/v1/chat/completions"),
        ("https://a.example/v1?version=2#x", "https://a.example/v1/chat/completions?version=2"),
    ],
)
def test_an_address_leads_to_its_completions(url: str, whole: str) -> None:
    assert completions(url) == whole


@pytest.mark.parametrize(
    "url",
    ["", "localhost:8080", "ftp://a.example", "file:/etc/hosts", "http://", "http://a b", "http://[::1", "//a.example",
     "http://a.example:99999", "http://a.example\n.org", "http://a.example:0", "http://a.example:x"],
)  # fmt: skip
def test_what_is_no_address_is_refused(url: str) -> None:
    with pytest.raises(UsageError, match="no endpoint"):
        completions(url)


def test_an_address_with_a_password_is_refused_and_not_repeated() -> None:
    with pytest.raises(UsageError, match="CONTESTED_LLM_KEY") as told:
        completions("https://somebody:secret@a.example/v1")
    assert "secret" not in str(told.value)


@pytest.mark.parametrize(
    ("url", "here"),
    [
        ("http://127.0.0.1:1/v1", True), ("http://127.8.8.8", True), ("http://[::1]", True), ("http://LOCALHOST", True),
        ("http://127.0.0.1.example.org", False), ("http://localhost.example.org", False), ("http://10.0.0.1", False),
        ("https://a.example", False), ("http://0.0.0.0", False), ("http://2130706433", False),
    ],
)  # fmt: skip
def test_only_loopback_is_this_machine(url: str, here: bool) -> None:
    assert is_here(url) == here


def test_only_https_is_closed_to_others() -> None:
    assert is_open("http://a.example")
    assert not is_open("https://a.example")


@pytest.mark.parametrize("key", ["a\nb", "klíč", "\0", "a\r\nX-Evil: 1"])
def test_a_key_that_no_header_can_hold_is_refused_and_not_repeated(key: str) -> None:
    with pytest.raises(UsageError, match="CONTESTED_LLM_KEY") as told:
        Endpoint("http://127.0.0.1:1", "m", key=key)
    assert key not in str(told.value)
