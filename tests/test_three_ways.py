"""The same questions answered by the index, by SQL window functions and by plain Python: identically."""

from pathlib import Path

from contested.model import Standing
from three_ways import ByModel, BySQL, History, Question, place_of

QUESTIONS = 10_000


def test_ten_thousand_questions_three_ways(tmp_path: Path) -> None:
    history = History(tmp_path, acts=420, seed=20211)
    model, sql = ByModel(history), BySQL(history)
    assert len(history.models[0].entries) > 250
    answered = 0
    for number, asked in enumerate(history.questions(QUESTIONS)):
        due = model.answer(asked)
        answered += bool(due)
        assert sql.by_index(asked) == due, asked
        assert sql.by_window(asked) == due, asked
        if number % 50 == 0:  # what callers are given
            view = history.ledgers[0].view(known=asked.known, kinds=asked.kinds)
            assert due == sorted(each.id for each in view if is_asked(each, asked))
    assert answered > QUESTIONS // 3
    assert history.ledgers[0].verify() == []
    sql.close()
    history.close()


def is_asked(each: Standing, asked: Question) -> bool:
    at = getattr(each.assertion.content, "place", None)
    is_there = not asked.place or (at is not None and place_of(at) == asked.place)
    return each.day is not None and each.day <= asked.on and is_there
