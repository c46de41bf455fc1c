"""Words of time to periods, read in a report of Wednesday 21 July 2021."""

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contested.model import Period
from contested.text.dates import TimeMention, find_dates
from contested.text.sentences import Token, sentences

PUBLISHED = dt.date(2021, 7, 21)


def words_of(text: str) -> tuple[Token, ...]:
    return tuple(token for sentence in sentences(text) for token in sentence.tokens)


def read(text: str, published: dt.date | None = PUBLISHED) -> list[TimeMention]:
    return find_dates(words_of(text), published)


def said(text: str, mention: TimeMention) -> str:
    tokens = words_of(text)
    return text[tokens[mention.first].start : tokens[mention.last - 1].end]


def written(period: Period | None) -> str:
    return "?" if period is None else f"{period.since or '…'} {period.until or '…'} {period.precision}"


@pytest.mark.parametrize(
    ("text", "words", "period"),
    [
        ("Rockets hit the city on Tuesday.", "Tuesday", "2021-07-20 2021-07-21 day"),
        ("The base fell on Wednesday.", "Wednesday", "2021-07-21 2021-07-22 day"),
        ("The parties will meet on Friday.", "Friday", "2021-07-23 2021-07-24 day"),
        ("Envoys are to meet on Monday.", "Monday", "2021-07-26 2021-07-27 day"),
        ("They agreed on Monday to meet.", "Monday", "2021-07-19 2021-07-20 day"),
        ("They agreed to withdraw on Monday.", "Monday", "2021-07-26 2021-07-27 day"),
        ("Families were forced to flee on Monday.", "Monday", "2021-07-19 2021-07-20 day"),
        ("Shells fell late Tuesday night.", "late Tuesday night", "2021-07-20 2021-07-21 day"),
        ("It was issued on Wednesday, Jul 21, 2021.", "Wednesday, Jul 21, 2021", "2021-07-21 2021-07-22 day"),
        ("The Doha agreement of Feb. 29, 2020, said so.", "Feb. 29, 2020", "2020-02-29 2020-03-01 day"),
        ("Saigon fell on 30 April 1975.", "30 April 1975", "1975-04-30 1975-05-01 day"),
        ("Dated 2021-07-21.", "2021-07-21", "2021-07-21 2021-07-22 day"),
        ("The shelling of May 20 went on.", "May 20", "2021-05-20 2021-05-21 day"),
        ("It was built by the end of 1961.", "by the end of 1961", "… 1962-01-01 year"),
        ("As of February 2021 it was quiet.", "As of February 2021", "2021-02-01 2021-03-01 month"),
        ("They came in early March.", "early March", "2021-03-01 2021-04-01 month"),
        ("They came in October.", "October", "2020-10-01 2020-11-01 month"),
        ("Elections will be held in March.", "March", "2022-03-01 2022-04-01 month"),
        ("Kabul fell in late 2001.", "late 2001", "2001-01-01 2002-01-01 year"),
        ("The 2001 invasion drove them out.", "2001", "2001-01-01 2002-01-01 year"),
        ("A force was to stay after 2014.", "after 2014", "2015-01-01 … year"),
        ("It has held the valley since 2015.", "since 2015", "2015-01-01 … year"),
        ("It was seized earlier this month.", "earlier this month", "2021-07-01 2021-07-22 month"),
        ("It is quiet at the moment.", "at the moment", "2021-07-21 2021-07-22 day"),
        ("It was shelled overnight.", "overnight", "2021-07-20 2021-07-22 day"),
        ("It was seized last week.", "last week", "2021-07-12 2021-07-19 week"),
        ("Talks resume next month.", "next month", "2021-08-01 2021-09-01 month"),
        ("It fell two days ago.", "two days ago", "2021-07-19 2021-07-20 day"),
        ("It fell nearly two months ago.", "nearly two months ago", "2021-05-01 2021-06-01 month"),
        ("It fell three weeks earlier.", "three weeks earlier", "?"),
        ("War went on over the past two decades.", "the past two decades", "2001-01-01 2021-07-22 year"),
        ("Fighting between March and May 2010 was heavy.", "between March and May 2010", "2010-03-01 2010-06-01 month"),
        ("Talks ran from 2001 to 2014.", "from 2001 to 2014", "2001-01-01 2015-01-01 year"),
        ("They met 3 to 7 August 2019.", "3 to 7 August 2019", "2019-08-03 2019-08-08 day"),
        ("In the summer of 2014 Mosul fell.", "the summer of 2014", "2014-06-01 2014-09-01 season"),
        ("The first quarter of 2021 was quiet.", "The first quarter of 2021", "2021-01-01 2021-04-01 season"),
        ("In the early 1990s Kabul was shelled.", "the early 1990s", "1990-01-01 2000-01-01 year"),
    ],
)
def test_a_point_in_time(text: str, words: str, period: str) -> None:
    [mention] = read(text)
    assert (said(text, mention), written(mention.period), mention.kind) == (words, period, "point")


@pytest.mark.parametrize(
    ("text", "words", "period"),
    [
        ("Troops will leave by August 31.", "by August 31", "2021-07-21 2021-09-01 day"),
        ("It is to be done by the end of the year.", "by the end of the year", "2021-07-21 2022-01-01 year"),
        ("The city could fall within six months.", "within six months", "2021-07-21 2022-01-21 month"),
        ("They must go before September 11.", "before September 11", "2021-07-21 2021-09-11 day"),
        ("It may fall in the coming weeks.", "in the coming weeks", "?"),
        ("They will leave in two weeks.", "in two weeks", "2021-07-21 2021-08-04 week"),
    ],
)
def test_a_horizon_runs_from_the_report_on(text: str, words: str, period: str) -> None:
    [mention] = read(text)
    assert (said(text, mention), written(mention.period), mention.kind) == (words, period, "horizon")


@pytest.mark.parametrize(
    ("text", "kind"),
    [("He ruled for two years.", "duration"), ("A 34-day siege.", "duration"), ("It happens every week.", "set"),
     ("They march on Fridays.", "set"), ("It was shelled twice a day.", "set")],
)  # fmt: skip
def test_lengths_and_repetitions_fix_no_period(text: str, kind: str) -> None:
    assert [(m.kind, m.period) for m in read(text)] == [(kind, None)]


@pytest.mark.parametrize(
    "text",
    ["It may fall.", "They march on the city.", "2,000 fighters came.", "A force of 2014 fighters came.",
     "A 31-year-old man died.", "A second truck came.", "The fall of Saigon ended it."],
)  # fmt: skip
def test_what_is_no_time(text: str) -> None:
    assert read(text) == []


def test_relative_words_need_a_day_to_reckon_from() -> None:
    assert [m.period for m in read("It fell on Tuesday, two days ago, last month.", None)] == [None, None, None]
    assert [written(m.period) for m in read("It fell in 2014.", None)] == ["2014-01-01 2015-01-01 year"]


def test_a_day_that_is_not_in_the_calendar_fixes_no_period() -> None:
    assert [m.period for m in read("Signed on February 30, 2020.")] == [None]


def test_a_man_called_friday_is_no_day() -> None:
    tokens = [Token(0, 6, "Friday", pos="PROPN", entity="B-PER"), Token(7, 12, "spoke")]
    assert find_dates(tokens, PUBLISHED) == []


PIECES = st.sampled_from([
    "by", "the", "last", "31", "February", "2020", ",", "-", "to", "of", "from", "between", "and", "Tuesday", "May",
    "9999", "99999999999", "years", "ago", "in", "within", "next", "two", "million", "early", "first", "quarter",
    "half", "century", "1990s", "until", "since", "will", "was", "fell", "2100", "winter", "past", "several", "a",
    "every", "Christmas", "Ramadan", "1442", "Asad", "BC", "480", "a.m.", "6:30", "century", "of", "weekend", "later",
    "that", "same", "after", "biden", "administration", "U.S.", "fiscal", "quarter", "earlier", "long", "'", "99",
])  # fmt: skip


@given(st.lists(PIECES | st.text(min_size=1, max_size=6).filter(str.strip), max_size=30), st.none() | st.dates())
def test_laws(pieces: list[str], published: dt.date | None) -> None:
    tokens = [Token(at * 20, at * 20 + len(word), word) for at, word in enumerate(pieces)]
    reached = 0
    for mention in find_dates(tokens, published):
        assert reached <= mention.first < mention.last <= len(tokens)
        reached = mention.last
        period = mention.period
        assert [first for first, _, _ in mention.times] == sorted(first for first, _, _ in mention.times)
        assert all(mention.first <= first < last <= mention.last for first, last, _ in mention.times)
        if period is not None:
            assert mention.kind in ("point", "horizon", "duration")
            assert period.since is not None or period.until is not None
            assert period.since is None or period.until is None or period.since < period.until


def test_a_sentence_of_ten_thousand_words_is_read_without_depth() -> None:
    tokens = [Token(at, at, "early") for at in range(10_000)] + [Token(10_000, 10_000, "1990s")]
    assert [(m.first, m.last) for m in find_dates(tokens, PUBLISHED)] == [(9_999, 10_001)]
