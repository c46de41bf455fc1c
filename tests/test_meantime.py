"""MEANTIME's marks as we read and score them."""

from __future__ import annotations

from pathlib import Path

import pytest
from benchmarks.meantime import Counts, article, evokes, read_part, score

from contested.model import Assertion, Event, Name, Quote, Statement, Voice

ARTICLE = b"""<?xml version="1.0" ?><Document>
<token sentence="0" t_id="1">Siege</token>
<token sentence="1" t_id="2">July</token><token sentence="1" t_id="3">1870</token>
<token sentence="2" t_id="4">Officers</token><token sentence="2" t_id="5">said</token>
<token sentence="2" t_id="6">troops</token><token sentence="2" t_id="7">attacked</token>
<token sentence="2" t_id="8">Strasbourg</token><token sentence="2" t_id="9">.</token>
<token sentence="6" t_id="10">Later</token>
<Markables>
<EVENT_MENTION m_id="m1" certainty="CERTAIN" polarity="POS" time="NON_FUTURE"><token_anchor t_id="5"/></EVENT_MENTION>
<EVENT_MENTION m_id="m2" certainty="CERTAIN" polarity="POS" time="NON_FUTURE"><token_anchor t_id="7"/></EVENT_MENTION>
<ENTITY_MENTION m_id="m3"><token_anchor t_id="4"/></ENTITY_MENTION>
<ENTITY_MENTION m_id="m4"><token_anchor t_id="6"/></ENTITY_MENTION>
<TIMEX3 m_id="m5" value="1870-07"><token_anchor t_id="2"/><token_anchor t_id="3"/></TIMEX3>
<EVENT m_id="e1" class="SPEECH_COGNITIVE"/>
</Markables>
<Relations>
<REFERS_TO><source m_id="m1"/><target m_id="e1"/></REFERS_TO>
<HAS_PARTICIPANT sem_role="Arg0"><source m_id="m1"/><target m_id="m3"/></HAS_PARTICIPANT>
<HAS_PARTICIPANT sem_role="Arg0"><source m_id="m2"/><target m_id="m4"/></HAS_PARTICIPANT>
</Relations></Document>"""


def test_words_are_set_as_printed_and_marks_keep_their_place() -> None:
    one = article("siege.xml", ARTICLE)
    assert one.report.text == "Siege\n\nJuly 1870\n\nOfficers said troops attacked Strasbourg."
    assert [one.report.text[m.start : m.end] for m in one.mentions] == ["said", "attacked"]
    assert [m.speech for m in one.mentions] == [True, False]
    assert [m.roles for m in one.mentions] == [{"Arg0": ["Officers"]}, {"Arg0": ["troops"]}]
    assert [(one.report.text[m.start : m.end], m.value) for m in one.report.marks] == [("July 1870", "1870-07")]


def test_speech_deeds_and_roles_are_counted() -> None:
    one = article("siege.xml", ARTICLE)
    start = one.report.text.index("troops")
    voices = (Voice("Paper"), Voice("Officers", cue="say"))
    deed = Assertion(Event("armed_attack", Name("guards")), voices, quote=Quote("x", start, start + 15))
    counts = Counts()
    assert score(counts, one, [deed]) == []
    assert counts.of == {
        "speech, by a voice's cue": 1, "speech, who": 1, "deeds, by a word of our lexicons": 1,
        "Arg0 given where marked": 1, "Arg0 right where given": 1,
    }  # fmt: skip
    assert counts.right["speech, who"] == 1
    assert counts.right["Arg0 right where given"] == 0
    told = Assertion(Statement(Name("Officers")), (Voice("Paper"),), quote=Quote("x", start, start + 15))
    assert [m.words for m in score(Counts(), one, [told])] == ["attacked"]


def test_a_word_that_needs_company_evokes_nothing_alone() -> None:
    assert evokes("event", "attacked")
    assert not evokes("event", "holds")


def test_a_missing_part_is_named(tmp_path: Path) -> None:
    with pytest.raises(SystemExit, match="no articles of 'corpus_none'"):
        read_part(tmp_path, "corpus_none")
