"""An assertion in a few words, for lists; the whole of it stands in the JSON."""

from __future__ import annotations

from typing import assert_never

from contested.model import (
    AnyContent,
    Assertion,
    Commitment,
    Compliance,
    Content,
    Control,
    Designation,
    Estimate,
    Event,
    Forecast,
    Judgement,
    Likelihood,
    Name,
    Period,
    Quantity,
    Relation,
    Responsibility,
    Statement,
    Voice,
)


def phrase(content: AnyContent) -> str:
    """What is said, as a short line: "Kunduz: taken by Taliban"."""
    match content:
        case Event():
            return _event(content)
        case Control():
            return _joined(f"{name(content.place)}:", content.status, "by", name(content.holder), _in(content.extent))
        case Responsibility():
            by = ["blamed on", name(content.claimant)] if content.stance == "blamed" else []
            return _joined(*(by or [name(content.claimant), content.stance]), _in(content.of))
        case Relation():
            return _joined(name(content.subject), _spaced(content.relation), name(content.object))
        case Commitment():
            due = [f"by {period(content.due)}"] if content.due else []
            return _joined(name(content.party), _spaced(content.modality), content.obligation, *due)
        case Compliance():
            return _joined(f"{name(content.party)}:", _spaced(content.verdict), _in(content.of))
        case Designation():
            return _joined(name(content.authority), content.act, name(content.target), _in(words(content.list)))
        case Quantity():
            return _quantity(content)
        case Forecast():
            return content.proposition
        case Statement():
            return _joined(f"{name(content.speaker)}:", content.about)
        case Judgement():
            return _joined(_spaced(content.verdict), *content.of, _in(content.note))
    assert_never(content)


def words(named: Name | None) -> str:
    """A name as written, empty where there is none."""
    return named.words if named else ""


def name(named: Name | None) -> str:
    """A name as written, or ? where nobody is named."""
    return words(named) or "?"


def chain(voices: tuple[Voice, ...]) -> str:
    """Who says that who says it, from the publisher inward: "AP ▸ police ▸ spokesman (denies)"."""
    return " ▸ ".join(voice.who + (" (denies)" if voice.denies else "") for voice in voices)


def estimate(value: Estimate) -> str:
    """A number as reported: "30", "30–40", "at least 30", "24–48 (30)"."""
    low, best, high = value.low, value.best, value.high
    if low is not None and high is not None and low != high:
        return f"{low:,g}–{high:,g}" + (f" ({best:,g})" if best not in (None, low, high) else "")
    if high is None and low is not None:
        return f"at least {low:,g}" + (f" ({best:,g})" if best not in (None, low) else "")
    if low is None and high is not None:
        return f"at most {high:,g}" + (f" ({best:,g})" if best not in (None, high) else "")
    only = best if best is not None else low
    return "" if only is None else f"{only:,g}"


def period(held: Period) -> str:
    """When it is meant to hold, as its precision allows: "2021-08-08", "2021-08", "2021", "2019 – 2021", "until …"."""
    since, until = held.since, held.until
    match held.precision:
        case "day" if since:
            return str(since)
        case "month" if since:
            return f"{since:%Y-%m}"
        case "year" if since:
            return f"{since:%Y}"
    if since and until:
        return f"{since} – {until}"
    return f"since {since}" if since else f"until {until}" if until else ""


def likelihood(likely: Likelihood | None) -> str:
    """The hedge and what it stands for: "very likely (80%–95%)"."""
    return f"{likely.words} ({likely.low:.0%}–{likely.high:.0%})" if likely else ""


def judged(said: Assertion) -> str:
    """An analyst's judgement in a few words: "reject by amy (wrong town)"."""
    content = said.content
    assert isinstance(content, Judgement)
    return _joined(_spaced(content.verdict), "by", said.voices[0].who, _in(content.note))


def changes(before: AnyContent, after: AnyContent) -> str:
    """Which fields read otherwise: "status: held → lost; place: the city → the city = gn:1135689"."""
    if type(before) is not type(after):
        return f"{phrase(before)} → {phrase(after)}"
    fields = {field: (getattr(before, field), getattr(after, field)) for field in before.__struct_fields__}
    told = ((field, *_apart(was, now)) for field, (was, now) in fields.items() if was != now)
    return "; ".join(f"{field}: {was or 'nothing'} → {now or 'nothing'}" for field, was, now in told if was != now)


def _apart(was: object, now: object) -> tuple[str, str]:
    """Two values in words; names of the same words by what they mean."""
    if isinstance(was, Name) and isinstance(now, Name) and was.words == now.words:
        return tuple(f"{each.words} = {each.thing or 'nothing known'}" for each in (was, now))  # type: ignore[return-value]
    return _value(was), _value(now)


def _value(value: object) -> str:
    match value:
        case Name():
            return value.words
        case Estimate():
            return estimate(value)
        case Period():
            return period(value)
        case Content():
            return phrase(value)  # type: ignore[arg-type]
        case True:
            return "yes"
    return _spaced(str(value)) if value not in (None, False) else ""


def headline(said: Assertion) -> str:
    """An assertion's phrase, its day and its hedge on one line."""
    return ", ".join(part for part in (phrase(said.content), period(said.period), likelihood(said.likelihood)) if part)


def _event(said: Event) -> str:
    parties = [words(party) for party in (said.actor, said.recipient) if party]
    killed = f"{estimate(said.killed)} killed" if said.killed else ""
    wounded = f"{estimate(said.wounded)} wounded" if said.wounded else ""
    what = ("suicide " if said.suicide else "") + _spaced(said.type)
    between = f"{name(said.actor)} → {name(said.recipient)}" if said.recipient else "".join(parties)
    return ", ".join(part for part in (what, between, words(said.place), killed, wounded) if part)


def _quantity(said: Quantity) -> str:
    value = _joined(estimate(said.value), said.unit)
    return _joined(f"{_spaced(said.measure)}:", value, f"of {said.of}" if said.of else "", _in(words(said.place)))


def _in(text: str) -> str:
    return f"({text})" if text else ""


def _spaced(word: str) -> str:
    return word.replace("_", " ")


def _joined(*parts: str) -> str:
    return " ".join(part for part in parts if part)
