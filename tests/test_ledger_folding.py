"""Flesh is compressed some at a time, on another core where zstd can: what comes out is what went in, in its order."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contested.ledger import folding, written
from contested.ledger.folding import AT_ONCE, Folding
from contested.ledger.written import as_bytes, fold, fold_all, pack_all, unfold, unpack

LOTS = st.lists(st.one_of(st.binary(max_size=40), st.just(bytes(AT_ONCE // 2)), st.just(bytes(2 * AT_ONCE))))
WAYS = st.sampled_from([False, written.MANY_AT_ONCE])


@given(st.lists(LOTS, max_size=3), WAYS)
def test_rows_come_out_as_they_went_in(acts: list[list[bytes]], many: bool) -> None:
    with pytest.MonkeyPatch.context() as patch:
        for module in (folding, written):
            patch.setattr(module, "MANY_AT_ONCE", many)
        kept = Folding(fold_all)
        for act in acts:
            for number, body in enumerate(act):
                kept.add(number, body)
            rows = kept.rows()
            assert [(number, unfold(body)) for number, body in rows] == list(enumerate(act))
        assert kept.rows() == []


@given(st.lists(st.binary(max_size=500)))
def test_many_are_the_same_bytes_as_each_alone(some: list[bytes]) -> None:
    assert fold_all(some) == [fold(each) for each in some]


@given(st.lists(st.text(max_size=500)))
def test_texts_come_back(texts: list[str]) -> None:
    packed = pack_all([as_bytes(each) for each in texts])
    assert [unpack("d", each) for each in packed] == texts


def test_what_fails_on_the_other_core_fails_the_act() -> None:
    def failing(_: list[bytes]) -> list[bytes]:
        raise MemoryError

    def act() -> None:
        kept = Folding(failing)
        kept.add(1, bytes(AT_ONCE))
        kept.rows()

    with pytest.raises(MemoryError):
        act()
