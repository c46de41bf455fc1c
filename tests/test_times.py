"""The times of whole texts: TIMEX3 extents, types and values; periods; EDTF; `contested dates`."""

from __future__ import annotations

import datetime as dt
import io
import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contested.cli import run
from contested.model import Period, Precision
from contested.text.dating import find_timexes, tells_a_story
from contested.text.patterns import Grammar, rule
from contested.write.edtf import edtf

PUBLISHED = dt.date(2021, 7, 21)  # a Wednesday


def said(text: str, *, narrative: bool | None = False, published: dt.date | None = PUBLISHED) -> list[str]:
    """The times of a text as "words ▸ type value"."""
    found = find_timexes(text, published, narrative=narrative)
    return [f"{text[t.start : t.end]} ▸ {t.timex.type} {t.timex.value}".rstrip() for t in found]


def dated(text: str, published: dt.date | None = PUBLISHED) -> list[str]:
    """The periods of a text's times, each as EDTF."""
    found = find_timexes(text, published, narrative=False)
    return [edtf(t.timex.period) if t.timex.period else "" for t in found]


@pytest.mark.parametrize(
    ("text", "times"),
    [
        # days
        ("It fell on Feb. 29, 2020.", ["Feb. 29, 2020 ▸ DATE 2020-02-29"]),
        ("It fell late Tuesday.", ["late Tuesday ▸ DATE 2021-07-20"]),
        ("He died last Jan. 5.", ["last Jan. 5 ▸ DATE 2021-01-05"]),
        ("They met July 4 and left on the 9th.", ["July 4 ▸ DATE 2021-07-04", "the 9th ▸ DATE 2021-07-09"]),
        ("The 9th Division marched to the 38th parallel.", []),
        ("They came in the week of June 7.", ["the week of June 7 ▸ DATE 2021-W23"]),
        # times of day
        ("A bomb went off at 6:30 a.m. Friday.", ["6:30 a.m. Friday ▸ TIME 2021-07-16T06:30"]),
        ("It began at 3 p.m. on Tuesday.", ["3 p.m. on Tuesday ▸ TIME 2021-07-20T15:00"]),
        ("It began at 0530 hours.", ["0530 hours ▸ TIME 2021-07-21T05:30"]),
        ("Shells fell on Monday night.", ["Monday night ▸ TIME 2021-07-19TNI"]),
        ("They fled on the night of July 15.", ["the night of July 15 ▸ TIME 2021-07-15TNI"]),
        ("It fell in the early hours of Friday.", ["the early hours of Friday ▸ TIME 2021-07-16TMO"]),
        ("It was hit this morning.", ["this morning ▸ TIME 2021-07-21TMO"]),
        ("The convoys move at night.", ["night ▸ TIME XXXX-XX-XXTNI"]),
        # weeks, months, quarters, seasons, years and more
        ("They left last week.", ["last week ▸ DATE 2021-W28"]),
        ("They left over the weekend.", ["the weekend ▸ DATE 2021-W28-WE"]),
        ("They left in mid-June.", ["mid-June ▸ DATE 2021-06"]),
        ("It grew in the third quarter of 2020.", ["the third quarter of 2020 ▸ DATE 2020-Q3"]),
        ("Fourth-quarter figures came.", ["Fourth-quarter ▸ DATE 2020-Q4"]),
        ("It grew in the first half of 2019.", ["the first half of 2019 ▸ DATE 2019-H1"]),
        ("Mosul fell in the summer of 2014.", ["the summer of 2014 ▸ DATE 2014-SU"]),
        ("They came last spring.", ["last spring ▸ DATE 2021-SP"]),
        ("The fall of Saigon ended it.", []),
        ("Prices began to fall.", []),
        ("Asad 12 and Mizan 300 came.", []),
        ("In the early 1990s and the '80s it grew.", ["the early 1990s ▸ DATE 199", "the '80s ▸ DATE 198"]),
        ("It was built in the 19th century.", ["the 19th century ▸ DATE 18"]),
        ("It fell in 490 BC.", ["490 BC ▸ DATE BC0490"]),
        ("He left in '99.", ["'99 ▸ DATE 1999"]),
        ("The 1777 campaign failed.", ["1777 ▸ DATE 1777"]),
        ("A budget for fiscal 2019 passed.", ["fiscal 2019 ▸ DATE 2019"]),
        ("It was back in nineteen ninety-six.", ["nineteen ninety-six ▸ DATE 1996"]),
        ("It came at the end of the year.", ["the end of the year ▸ DATE 2021"]),
        ("Work stops at year-end.", ["year-end ▸ DATE 2021"]),
        # quarters and years beside those of the year before
        ("Exports grew 8% from the same quarter last year.", ["the same quarter last year ▸ DATE 2020-Q2"]),
        ("It sold more than in the quarter a year earlier.", ["the quarter a year earlier ▸ DATE 2020-Q2"]),
        ("The comparable year-ago quarter was worse.", ["The comparable year-ago quarter ▸ DATE 2020-Q2"]),
        (
            "In the quarter ended June 30 it lost money. A year earlier it made some.",
            ["the quarter ▸ DATE 2021-Q2", "June 30 ▸ DATE 2021-06-30", "A year earlier ▸ DATE 2020-Q2"],
        ),
        (
            "It gained in the first quarter of 2021. By the end of the year it may lose.",
            ["the first quarter of 2021 ▸ DATE 2021-Q1", "the end of the year ▸ DATE 2021"],
        ),
        (
            "It lost in the last quarter of 2020, and that quarter was the worst.",
            ["the last quarter of 2020 ▸ DATE 2020-Q4", "that quarter ▸ DATE 2020-Q4"],
        ),
        ("Output fell in the year ended March 31.", ["the year ▸ DURATION P1Y", "March 31 ▸ DATE 2021-03-31"]),
        ("It fell in the latest fiscal year.", ["the latest fiscal year ▸ DATE 2020"]),
        ("It grew in the last half of 2019.", ["the last half of 2019 ▸ DATE 2019-H2"]),
        ("Trade was weak in recent quarters.", ["recent quarters ▸ DURATION PXQ"]),
        ("Prices will rise in the near term.", ["the near term ▸ DATE FUTURE_REF"]),
        ("Sales rose in the fiscal first-quarter.", ["fiscal first-quarter ▸ DATE 2021-Q1"]),
        ("It earned less in the year-earlier nine months.", ["the year-earlier nine months ▸ DURATION P9M"]),
        ("It earned more in the latest nine months.", ["the latest nine months ▸ DURATION P9M"]),
        ("It grew in the first two quarters of 2020.", ["the first two quarters of 2020 ▸ DURATION P2Q"]),
        ("It fell eight trading days in a row.", ["eight trading days ▸ DURATION P8D"]),
        ("More recently it has held.", ["More recently ▸ DATE PAST_REF"]),
        ("It may take no more than sixty days.", ["no more than sixty days ▸ DURATION P60D"]),
        ("It hopes for more in the weeks ahead.", ["the weeks ahead ▸ DURATION PXW"]),
        ("It will take a good part of 2022.", ["a good part of 2022 ▸ DATE 2022"]),
        ("It will end in the next year or so.", ["the next year or so ▸ DURATION P1Y"]),
        ("Hundreds fled in recent weeks and months.", ["recent weeks and months ▸ DURATION PXW"]),
        # hours and parts of days
        ("They will speak later this afternoon.", ["later this afternoon ▸ TIME 2021-07-21TAF"]),
        ("They came at 4 in the morning.", ["4 in the morning ▸ TIME 2021-07-21T04:00"]),
        ("They killed 4 in the morning.", []),
        ("It began at 5:30 in the afternoon.", ["5:30 in the afternoon ▸ TIME 2021-07-21T17:30"]),
        ("It began at 9 o'clock.", ["9 o'clock ▸ TIME 2021-07-21T09:00"]),
        ("It began at 6 a.m. Kabul time.", ["6 a.m. Kabul time ▸ TIME 2021-07-21T06:00"]),
        ("It began at 6:30 GMT on Friday.", ["6:30 GMT on Friday ▸ TIME 2021-07-16T06:30Z"]),
        ("It began at 1630 UTC.", ["1630 UTC ▸ TIME 2021-07-21T16:30Z"]),
        (
            "Deaths rose in June, to more than in the same month last year.",
            ["June ▸ DATE 2021-06", "the same month last year ▸ DATE 2020-06"],
        ),
        ("It began at noon Baghdad time.", ["noon Baghdad time ▸ TIME 2021-07-21T12:00"]),
        ("A strike at 11 p.m. MSK hit the depot.", ["11 p.m. MSK ▸ TIME 2021-07-21T23:00"]),
        ("It began in 1998. It ended at midday.", ["1998 ▸ DATE 1998", "midday ▸ TIME 2021-07-21T12:00"]),
        ("Snow fell late afternoon Friday.", ["late afternoon Friday ▸ TIME 2021-07-16TAF"]),
        ("It was shelled earlier Friday.", ["earlier Friday ▸ DATE 2021-07-16"]),
        ("They met Friday, the fourth raid in a row.", ["Friday, the fourth ▸ DATE 2021-07-16"]),
        ("They meet this coming Friday, July 23.", ["this coming Friday, July 23 ▸ DATE 2021-07-23"]),
        ("The shops filled in Easter week.", ["Easter week ▸ DATE 2021-W13"]),
        ("They left a week or so ago.", ["a week or so ago ▸ DATE 2021-W28"]),
        # months and years that stand before what they date
        ("The May offensive failed.", ["May ▸ DATE 2021-05"]),
        ("In the March on Rome he led.", []),
        ("That 1978 resolution stands.", ["1978 ▸ DATE 1978"]),
        ("Bonds due 1993 were paid.", ["1993 ▸ DATE 1993"]),
        ("The truce holds well into the future if both agree.", ["the future ▸ DATE FUTURE_REF"]),
        # how long
        ("The siege took half an hour.", ["half an hour ▸ DURATION PT30M"]),
        ("It took an hour and a half.", ["an hour and a half ▸ DURATION PT1H30M"]),
        ("It took a minute and a half.", ["a minute and a half ▸ DURATION PT1M30S"]),
        ("It took two and half years.", ["two and half years ▸ DURATION P2.5Y"]),
        ("He stayed an additional year.", ["an additional year ▸ DURATION P1Y"]),
        ("The decades-long war ended.", ["decades-long ▸ DURATION PXDE"]),
        ("He fled in the first days of the war.", ["the first days ▸ DURATION PXD"]),
        ("He ruled for two years.", ["two years ▸ DURATION P2Y"]),
        ("The talks took 72 hours.", ["72 hours ▸ DURATION PT72H"]),
        ("It took two and a half years.", ["two and a half years ▸ DURATION P2.5Y"]),
        ("It lasted several years.", ["several years ▸ DURATION PXY"]),
        ("A 34-day siege, a year-long truce.", ["34-day ▸ DURATION P34D", "year-long ▸ DURATION P1Y"]),
        ("A six-year-old boy died.", []),
        ("War went on over the past two decades.", ["the past two decades ▸ DURATION P20Y"]),
        ("It fell in the first week.", ["the first week ▸ DURATION P1W"]),
        ("It fell in the last two weeks of August 2020.", ["the last two weeks of August 2020 ▸ DURATION P2W"]),
        # how often
        ("They march every Friday.", ["every Friday ▸ SET XXXX-WXX-5"]),
        ("It is shelled twice a day.", ["a day ▸ SET P1D"]),
        ("They meet every three months, or daily.", ["every three months ▸ SET P3M", "daily ▸ SET P1D"]),
        # now and then
        ("It is now quiet.", ["now ▸ DATE PRESENT_REF"]),
        ("It was quiet until recently.", ["recently ▸ DATE PAST_REF"]),
        ("Recent talks failed.", ["Recent ▸ DATE PAST_REF"]),
        ("It may fall in the near future.", ["the near future ▸ DATE FUTURE_REF"]),
        # reckoned from the report's day
        ("It fell two weeks ago.", ["two weeks ago ▸ DATE 2021-W27"]),
        ("It fell a decade ago.", ["a decade ago ▸ DATE 2011"]),
        ("It was signed years ago.", ["years ago ▸ DATE PAST_REF"]),
        # reckoned from the time last spoken of
        ("It fell on May 3. Two days later it was retaken.",
         ["May 3 ▸ DATE 2021-05-03", "Two days later ▸ DATE 2021-05-05"]),
        ("It fell in May 2020. The following year he died.",
         ["May 2020 ▸ DATE 2020-05", "The following year ▸ DATE 2021"]),
        ("It fell on May 3. That same day he fled.", ["May 3 ▸ DATE 2021-05-03", "That same day ▸ DATE 2021-05-03"]),
        ("It fell on May 3. The day before, he had fled. The next day all was quiet.",
         ["May 3 ▸ DATE 2021-05-03", "The day before ▸ DATE 2021-05-02", "The next day ▸ DATE 2021-05-04"]),
        ("Sales fell in the second quarter from a year earlier.",
         ["the second quarter ▸ DATE 2021-Q2", "a year earlier ▸ DATE 2020-Q2"]),
        ("Two days after the attack he fled.", ["Two days ▸ DURATION P2D"]),
        ("It fell on May 3. The following Tuesday he fled, weeks later the rest.",
         ["May 3 ▸ DATE 2021-05-03", "The following Tuesday ▸ DATE 2021-05-04", "weeks later ▸ DATE FUTURE_REF"]),
        ("Over the past two quarters it fell by a week or so.",
         ["the past two quarters ▸ DURATION P2Q", "a week or so ▸ DURATION P1W"]),
        ("The truce ends this coming winter.", ["this coming winter ▸ DATE 2021-WI"]),
        # ranges: two times each
        ("They met from 3 to 7 August 2019.", ["3 ▸ DATE 2019-08-03", "7 August 2019 ▸ DATE 2019-08-07"]),
        ("They met August 3-7, 2019.", ["August 3 ▸ DATE 2019-08-03", "7, 2019 ▸ DATE 2019-08-07"]),
        ("They met from December 30 to January 2, 2019.",
         ["December 30 ▸ DATE 2018-12-30", "January 2, 2019 ▸ DATE 2019-01-02"]),
        ("Between March and May 2010 it was quiet.", ["March ▸ DATE 2010-03", "May 2010 ▸ DATE 2010-05"]),
        ("The war of 1914–18 ended.", ["1914 ▸ DATE 1914", "18 ▸ DATE 1918"]),
        ("The wars of 499 to 450 BC ended.", ["499 ▸ DATE BC0499", "450 BC ▸ DATE BC0450"]),
        # holidays, other calendars, eras
        ("They attacked on Christmas Eve.", ["Christmas Eve ▸ DATE 2020-12-24"]),
        ("They attacked on Good Friday.", ["Good Friday ▸ DATE 2021-04-02"]),
        ("It began last Nowruz.", ["last Nowruz ▸ DATE 2021-03-21"]),
        ("They spoke on Thanksgiving 1999.", ["Thanksgiving 1999 ▸ DATE 1999-11-25"]),
        ("Saigon was taken two days before the fall of Saigon.",
         ["two days before the fall of Saigon ▸ DATE 1975-04-28"]),
        ("The U.S. fiscal year 2020 began.", ["U.S. fiscal year 2020 ▸ DATE FY2020"]),
    ],
)  # fmt: skip
def test_timex3(text: str, times: list[str]) -> None:
    assert said(text) == times


@pytest.mark.parametrize(
    ("text", "periods"),
    [
        ("It has held the valley since 2015.", ["2015/.."]),
        ("They leave by August 31.", ["2021-07-21/2021-08-31"]),
        ("So far this year 20 died.", ["2021/2021-07-21"]),
        ("It was seized earlier this month.", ["2021-07/2021-07-21"]),
        ("As of February 2021 it was quiet.", ["2021-02"]),
        ("War went on over the past two decades.", ["2001/2021-07-21"]),
        ("It was shelled overnight.", ["2021-07-20/2021-07-21"]),
        ("It was shelled just after midnight on Monday.", ["2021-07-19"]),
        ("It was quiet in the first half of the year.", ["2021-40"]),
        ("Over the last three months and the last year it grew.", ["2021-04/2021-07-21", "2020/2021-07-21"]),
        ("In the first month of the Biden administration it was quiet.", ["2021-01-20/2021-02-19"]),
        ("It must be done within six months of the Doha agreement.", ["2020-02-29/2020-08-28"]),
        ("In the first two weeks of August 2020 it rained.", ["2020-08-01/2020-08-14"]),
        ("In U.S. fiscal year 2020 it grew; in fiscal 2019 it did not.", ["2019-10/2020-09", ""]),
        ("On 24 Asad 1400 they took the town; Saur 1357 was long ago.", ["2021-08-15", "1978-04-21/1978-05-21"]),
        ("They will rest on Eid al-Adha 2021.", ["2021-07-19/2021-07-24"]),
        ("In Ramadan 2021 they fasted.", ["2021-04-12/2021-05-13"]),
        ("In the winter of 2009 it snowed.", ["2009-24"]),
        ("A lot could happen over the rest of the summer.", ["2021-07-21/2021-08"]),
        ("The town fell in the winter.", ["2020-24"]),
        ("It fell in 490 BC.", [""]),
        ("Signed on February 30, 2020.", [""]),
    ],
)
def test_periods(text: str, periods: list[str]) -> None:
    assert dated(text) == periods


STORY = (
    "In June 1941 Germany invaded the Soviet Union. By December the attack had failed. In January it was pushed back. "
    "A film of 1985 tells of it. That spring the front held. On 28 June a second attack began; two months later it "
    "reached the Volga. In 1943 it was over."
)


@pytest.mark.parametrize(("text", "value"), [
    ("The truce was extended until Friday.", "2021-07-23"),
    ("The court gave him until 9 a.m. Friday to leave.", "2021-07-23T09:00"),
    ("The vote was postponed until Friday.", "2021-07-23"),
    ("The fighting lasted until Friday.", "2021-07-16"),
    ("They gave up the town after fighting until Friday.", "2021-07-16"),
    ("The garrison has until Friday.", "2021-07-23"),
    ("Shots could be heard Friday.", "2021-07-16"),
    ("The offensive could begin Friday.", "2021-07-23"),
    ("A ban effective Friday was announced.", "2021-07-23"),
    ("Talks are set to resume Friday.", "2021-07-23"),
    ("Doubts grew over a summit set for Kabul in October.", "2021-10"),
    ("The army decided to leave in October.", "2021-10"),
    ("They announced a deal to sell the field in October.", "2021-10"),
    ("Results to be published in October will tell.", "2021-10"),
    ("He seems to be held since October.", "2020-10"),
    ("The talks are supposed to end by October.", "2021-10"),
    ("The council meets Friday.", "2021-07-23"),
    ("He will succeed the general Friday.", "2021-07-23"),
    ("The convoy had been due to arrive Friday.", "2021-07-16"),
    ("They attacked as planned Friday.", "2021-07-16"),
    ("He could not be reached Friday.", "2021-07-16"),
    ("It was hard for Kabul to hold the road in October.", "2020-10"),
])  # fmt: skip
def test_which_way_a_sentence_looks(text: str, value: str) -> None:
    assert [time.timex.value for time in find_timexes(text, PUBLISHED, narrative=False)] == [value]


def test_a_narrative_goes_on_from_the_time_last_spoken_of() -> None:
    values = [line.rpartition(" ")[2] for line in said(STORY, narrative=True)]
    assert values == ["1941-06", "1941-12", "1942-01", "1985", "1942-SP", "1942-06-28", "1942-08", "1943"]


def test_a_text_that_names_years_long_past_tells_a_story_and_news_does_not() -> None:
    assert tells_a_story(STORY + " In 1944 and 1945 the war ended.", PUBLISHED)
    assert tells_a_story(STORY, None)
    news = "He said on Monday that the town, shelled in 1990, 1991, 1995, 1996 and 1999, was quiet on Sunday."
    assert not tells_a_story(news, PUBLISHED)
    assert not tells_a_story("He spoke of it.", None)


def test_without_a_day_only_what_needs_none_has_a_value() -> None:
    text = "It fell on Tuesday, two days ago, in May 2010."
    assert said(text, published=None) == ["Tuesday ▸ DATE", "two days ago ▸ DATE", "May 2010 ▸ DATE 2010-05"]


def test_a_rule_may_not_use_what_comes_later() -> None:
    with pytest.raises(ValueError, match="A is made of B"):
        Grammar((rule("A", "B", lambda now, b: b), rule("B", "x", lambda now: None)))


@pytest.mark.parametrize(
    ("since", "until", "precision", "written"),
    [
        ((2021, 7, 20), (2021, 7, 21), "day", "2021-07-20"),
        ((2021, 12, 1), (2022, 1, 1), "month", "2021-12"),
        ((2021, 1, 1), (2022, 1, 1), "year", "2021"),
        ((1990, 1, 1), (2000, 1, 1), "year", "199X"),
        ((1801, 1, 1), (1901, 1, 1), "year", "1801/1900"),
        ((2010, 12, 1), (2011, 3, 1), "season", "2010-24"),
        ((2010, 4, 1), (2010, 7, 1), "season", "2010-34"),
        ((2010, 7, 1), (2011, 1, 1), "season", "2010-41"),
        ((2010, 3, 1), (2010, 6, 1), "month", "2010-21"),
        ((2021, 7, 12), (2021, 7, 19), "week", "2021-07-12/2021-07-18"),
        ((2001, 1, 1), (2021, 7, 22), "year", "2001/2021-07-21"),
        ((2015, 1, 1), None, "year", "2015/.."),
        (None, (2021, 9, 1), "month", "../2021-08"),
        (None, None, "unbounded", ""),
    ],
)
def test_edtf(
    since: tuple[int, int, int] | None, until: tuple[int, int, int] | None, precision: Precision, written: str
) -> None:
    period = Period(dt.date(*since) if since else None, dt.date(*until) if until else None, precision)
    assert edtf(period) == written


def earliest(written: str) -> dt.date:
    """The first day of a day, month or year of EDTF."""
    return dt.date.fromisoformat(f"{written}-01-01"[:10] if len(written) < 8 else written)


DAYS = st.dates(dt.date(1000, 1, 1), dt.date(2999, 12, 31))


@given(DAYS, DAYS, st.sampled_from(["day", "week", "month", "year"]))
def test_edtf_says_neither_more_nor_less_than_the_period(one: dt.date, other: dt.date, precision: Precision) -> None:
    first, last = min(one, other), max(one, other)
    written = edtf(Period(first, last + dt.timedelta(days=1), precision))
    if written[-1] != "X" and not (len(written) == 7 and int(written[5:]) > 12):
        start, _, end = written.partition("/")
        end = end or start
        after = {4: dt.timedelta(days=366), 7: dt.timedelta(days=31)}.get(len(end), dt.timedelta(days=1))
        beyond = earliest(end) + after
        assert earliest(start) == first
        assert beyond.replace(day=1) <= last + dt.timedelta(days=1) <= beyond


# ── the command ──────────────────────────────────────────────────────────────────────────────────


def test_lines_in_lines_out(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "texts.jsonl"
    given = [{"id": 7, "text": "Kabul fell on Sunday — not in early July.", "published": "2021-08-18", "more": 1}]
    file.write_text("\n".join([json.dumps(given[0]), "", json.dumps({"text": "Nothing was said."})]))
    assert run(["dates", str(file)]) == 0
    out, err = capfd.readouterr()
    first, second = map(json.loads, out.splitlines())
    assert err == ""
    assert first["id"] == 7
    assert second == {"spans": []}
    assert first["spans"] == [
        {"start": 14, "end": 20, "text": "Sunday", "type": "DATE", "value": "2021-08-15", "mod": None,
         "since": "2021-08-15", "until": "2021-08-16", "precision": "day", "edtf": "2021-08-15"},
        {"start": 30, "end": 40, "text": "early July", "type": "DATE", "value": "2021-07", "mod": "START",
         "since": "2021-07-01", "until": "2021-08-01", "precision": "month", "edtf": "2021-07"},
    ]  # fmt: skip


def test_bad_lines_are_named_and_the_others_read(
    monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    lines = [b"nonsense", b'{"text": 5}', b'{"text": "In 2010.", "published": "2021-02-30"}', b'"In 2010."',
             b'{"text": "\\ud800"}', b'{"text": "\xff"}', b'{"text": "' + b"x" * 200 + b'"}', b"[" * 150,
             b'{"text": "It fell in 2010."}']  # fmt: skip
    monkeypatch.setattr("contested.cli.lines.LONGEST", 160)
    monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(b"\n".join(lines))))
    assert run(["dates", "-"]) == 3
    out, err = capfd.readouterr()
    assert [span["value"] for span in json.loads(out)["spans"]] == ["2010"]
    told = err.splitlines()
    assert [line.partition(":line ")[2].partition(":")[0] for line in told] == [str(n) for n in range(1, 9)]
    assert "longer than" in told[6]
    assert all("published" in line or "Split" in line for line in told)


def test_a_missing_file_is_named(capfd: pytest.CaptureFixture[str]) -> None:
    assert run(["dates", "nowhere.jsonl"]) == 3
    assert "nowhere.jsonl: it cannot be read (No such file or directory)" in capfd.readouterr().err


def test_the_caller_may_say_how_the_text_tells(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "texts.jsonl"
    file.write_text(json.dumps({"text": "It began in June 1941. In December it stopped.", "published": "2021-07-21"}))
    values = []
    for how in ("--narrative", "--news"):
        assert run(["dates", how, str(file)]) == 0
        values.append([span["value"] for span in json.loads(capfd.readouterr().out)["spans"]])
    assert values == [["1941-06", "1941-12"], ["1941-06", "2020-12"]]
