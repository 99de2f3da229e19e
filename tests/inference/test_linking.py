"""`avowal.inference.linking`: what two passes found, as statements."""

from __future__ import annotations

import time

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from avowal.inference.labels import ROLES, TokenSpan
from avowal.inference.linking import (
    FARTHEST,
    Evidence,
    Link,
    distinct,
    grown,
    joined,
    link,
    settled,
    unclaimed,
    without_cue,
)
from avowal.inference.passes import Owned, Tagged, cue_candidates

Spans = list[tuple[str, int, int]]


def probabilities(length: int, spans: Spans, high: float = 0.9) -> np.ndarray:
    roles = np.full((length, len(ROLES)), 0.05, dtype=np.float32)
    for role, start, end in spans:
        roles[start:end, ROLES.index(role)] = high
    return roles


def tagged(length: int, spans: Spans) -> Tagged:
    return Tagged(probabilities(length, spans), spans)


def owned(mark: TokenSpan, window: TokenSpan, spans: Spans) -> Owned:
    inside = [(role, a - window[0], b - window[0]) for role, a, b in spans]
    return Owned(mark, window, probabilities(window[1] - window[0], inside), spans)


def content(*pieces: TokenSpan) -> Link:
    return Link(None, (0, 1), pieces)


# --- link -----------------------------------------------------------------------------------


def test_a_cue_with_what_it_owns_is_a_statement() -> None:
    spans = [("source", 12, 14), ("cue", 14, 15), ("content", 15, 20), ("content", 22, 25)]
    found = link(owned((14, 15), (10, 30), spans), tagged(40, spans))
    assert found is not None
    assert (found.source, found.cue) == ((12, 14), (14, 15))
    assert found.content == ((15, 20), (22, 25))
    np.testing.assert_allclose(found.evidence, 0.9, rtol=1e-6)


def test_a_cue_without_content_is_no_statement() -> None:
    spans = [("source", 2, 4), ("cue", 4, 5)]
    assert link(owned((4, 5), (0, 10), spans), tagged(10, spans)) is None


def test_the_likeliest_source_is_taken() -> None:
    found = owned((4, 5), (0, 10), [("source", 0, 2), ("source", 2, 4), ("content", 5, 8)])
    found.roles[0:2, ROLES.index("source")] = 0.6
    result = link(found, tagged(10, []))
    assert result is not None
    assert result.source == (2, 4)


def test_where_pass_two_finds_no_cue_the_mark_is_the_cue() -> None:
    result = link(owned((4, 6), (0, 10), [("content", 6, 9)]), tagged(10, [("cue", 4, 6)]))
    assert result is not None
    assert result.cue == (4, 6)
    assert result.source is None
    assert result.evidence.owned_cue == np.float32(0.05)
    assert (result.evidence.owned_source, result.evidence.tagged_source) == (0.0, 0.0)


def test_pass_two_may_move_the_edge_of_a_cue() -> None:
    spans = [("cue", 3, 5), ("content", 5, 9)]
    result = link(owned((4, 5), (0, 10), spans), tagged(10, [("cue", 4, 5)]))
    assert result is not None
    assert result.cue == (3, 5)


@given(st.data())
def test_the_parts_of_a_statement_never_overlap(data: st.DataObject) -> None:
    spans: Spans = []
    at = 0
    for role, gap, length in data.draw(
        st.lists(st.tuples(st.sampled_from(ROLES), st.integers(0, 2), st.integers(1, 4)))
    ):
        spans.append((role, at + gap, at + gap + length))
        at += gap + length
    low, size = data.draw(st.integers(0, 5)), at + 3
    spans = [(role, a + low, b + low) for role, a, b in spans]
    first = data.draw(st.integers(low, low + size - 1))
    mark = (first, data.draw(st.integers(first + 1, low + size)))
    everything: Spans = [("content", 0, low + size + 5)]
    result = link(owned(mark, (low, low + size), spans), tagged(low + size + 5, everything))
    if result is not None:
        assert result.cue is not None
        parts = [*result.content, result.cue, *([result.source] if result.source else [])]
        tokens = [token for start, end in parts for token in range(start, end)]
        assert len(tokens) == len(set(tokens))
        assert all(start < end for start, end in parts)
        assert result.content == tuple(sorted(result.content))


def test_content_at_the_windows_edge_goes_on_as_far_as_pass_one_sees_it() -> None:
    first = tagged(60, [("content", 3, 28), ("cue", 28, 29), ("content", 29, 55)])
    spans = [("content", 20, 28), ("cue", 28, 29), ("content", 29, 40)]
    result = link(owned((28, 29), (20, 40), spans), first)
    assert result is not None
    assert result.content == ((3, 28), (29, 55))


def test_content_that_ends_inside_the_window_stays() -> None:
    first = tagged(60, [("content", 0, 60)])
    result = link(owned((28, 29), (20, 40), [("content", 29, 39), ("content", 21, 25)]), first)
    assert result is not None
    assert sorted(result.content) == [(21, 25), (29, 39)]


def test_content_goes_on_to_the_texts_end_and_to_its_beginning() -> None:
    first = tagged(60, [("content", 0, 60)])
    result = link(owned((28, 29), (20, 40), [("content", 20, 28), ("content", 29, 40)]), first)
    assert result is not None
    assert result.content == ((0, 28), (29, 60))


def test_many_cues_in_an_endless_quotation_take_linear_time() -> None:
    length = 400_000
    first = tagged(length, [("content", 0, length)])
    begun = time.perf_counter()
    for at in range(1000, length - 1000, 1000):
        spans = [("content", at - 80, at), ("cue", at, at + 1), ("content", at + 1, at + 80)]
        result = link(owned((at, at + 1), (at - 80, at + 80), spans), first)
        assert result is not None
        assert sum(b - a for a, b in result.content) <= 2 * FARTHEST + 160
    assert time.perf_counter() - begun < 5


# --- distinct -------------------------------------------------------------------------------


def test_of_two_that_say_the_same_the_surer_is_kept() -> None:
    links = [content((0, 10)), content((0, 9)), content((20, 30))]
    assert distinct(links, [0.5, 0.9, 0.4], 0.5) == [1, 2]


def test_of_equals_the_first_is_kept() -> None:
    assert distinct([content((0, 10)), content((0, 10))], [0.5, 0.5], 0.5) == [0]


def test_a_part_of_another_says_the_same() -> None:
    assert distinct([content((0, 100)), content((40, 44))], [0.9, 0.5], 0.5) == [0]


def test_half_may_be_shared() -> None:
    assert distinct([content((0, 10)), content((5, 15))], [0.9, 0.8], 0.5) == [0, 1]


def test_a_copy_of_a_less_sure_one_is_left_out_though_a_surer_shares_half_of_both() -> None:
    links = [content((0, 10)), content((5, 15)), content((5, 15))]
    assert distinct(links, [0.9, 0.8, 0.7], 0.5) == [0, 1]


@given(
    st.lists(
        st.tuples(st.integers(0, 20), st.integers(1, 10), st.floats(0, 1, width=16)), max_size=10
    )
)
def test_no_two_that_are_kept_share_more_than_half(rows: list[tuple[int, int, float]]) -> None:
    links = [content((start, start + length)) for start, length, _ in rows]
    kept = distinct(links, [confidence for *_, confidence in rows], 0.5)
    assert kept == sorted(set(kept))
    sets = [set(range(*links[index].content[0])) for index in kept]
    for i, a in enumerate(sets):
        for b in sets[:i]:
            assert len(a & b) <= min(len(a), len(b)) / 2
    for index in set(range(len(links))) - set(kept):
        a = set(range(*links[index].content[0]))
        assert any(len(a & b) > min(len(a), len(b)) / 2 for b in sets)


# --- content without a cue ------------------------------------------------------------------


def test_long_content_that_nothing_claims_is_found() -> None:
    first = tagged(
        50,
        [
            ("content", 0, 6),
            ("content", 10, 13),  # too short
            ("source", 14, 20),
            ("content", 20, 26),  # claimed in part
            ("content", 30, 36),  # holds a claimed source
            ("content", 40, 46),
        ],
    )
    links = [Link((33, 34), (27, 28), ((25, 27),))]
    assert unclaimed(first, links) == [(0, 6), (40, 46)]
    assert unclaimed(first, links, minimum=3) == [(0, 6), (10, 13), (40, 46)]


def test_content_grows_over_what_pass_one_takes_for_content_and_nobody_holds() -> None:
    first = tagged(40, [("content", 5, 20), ("content", 25, 30)])
    mine = Link((0, 2), (2, 3), ((8, 12),))
    assert grown([mine], first) == [Link((0, 2), (2, 3), ((5, 20),))]
    # Up to the parts of another statement, and of its own.
    other = Link((14, 15), None, ((16, 18),))
    assert [item.content for item in grown([mine, other], first)] == [((5, 14),), ((15, 20),)]
    assert grown([Link(None, (7, 8), ((8, 12),))], first)[0].content == ((8, 20),)
    # Pieces that come to touch are one; content that pass one does not see stays as it was.
    pieces = ((6, 8), (10, 12), (22, 24), (26, 27))
    assert grown([content(*pieces)], first)[0].content == ((5, 20), (22, 24), (25, 30))
    assert grown([], first) == []


def test_growing_keeps_statements_apart_whatever_pass_one_says() -> None:
    @given(st.lists(st.integers(0, 60), min_size=2, max_size=12, unique=True), st.data())
    def check(edges: list[int], data: st.DataObject) -> None:
        edges = sorted(edges[: len(edges) // 2 * 2])
        links = [content((a, b)) for a, b in zip(edges[::2], edges[1::2], strict=True) if a > 1]
        spans = data.draw(
            st.lists(st.tuples(st.just("content"), st.integers(0, 60), st.integers(0, 60)))
        )
        found = grown(links, tagged(60, spans))
        held = [t for item in found for a, b in item.content for t in range(a, b)]
        assert len(held) == len(set(held))
        for before, after in zip(links, found, strict=True):
            (a, b), (c, d) = before.content[0], after.content[0]
            assert c <= a < b <= d

    check()


def test_content_alone_has_its_own_evidence() -> None:
    alone = without_cue((10, 20), tagged(30, [("content", 10, 15)]))
    assert (alone.source, alone.cue, alone.content) == (None, None, ((10, 20),))
    expected = Evidence(tagged_content=0.475)
    np.testing.assert_allclose(alone.evidence, expected, rtol=1e-5)


def test_a_piece_is_joined_at_the_end() -> None:
    assert joined(content((0, 4)), (8, 9)).content == ((0, 4), (8, 9))


# --- candidates -----------------------------------------------------------------------------


def test_likely_cues_are_tried_but_not_the_blurred_edges_of_others() -> None:
    first = tagged(20, [("cue", 4, 6)])
    for token in (3, 6, 7, 12, 13, 19):
        first.roles[token, ROLES.index("cue")] = 0.4
    assert cue_candidates(first, 0.3) == [(4, 6), (7, 8), (12, 14), (19, 20)]
    assert cue_candidates(first, 0.5) == [(4, 6)]


def test_a_text_without_tokens_has_no_cues() -> None:
    assert cue_candidates(tagged(0, []), 0.3) == []


def claimed(source: TokenSpan | None, *pieces: tuple[int, int, float]) -> Link:
    content = tuple((start, end) for start, end, _ in pieces)
    return Link(source, None, content, owned=tuple(sure for _, _, sure in pieces))


def test_a_piece_that_two_sources_claim_is_left_to_the_one_that_owns_it_more() -> None:
    asker = claimed((8, 10), (0, 6, 0.9))
    other = claimed((20, 21), (0, 6, 0.7), (14, 18, 0.9))
    assert [item.content for item in settled([asker, other])] == [((0, 6),), ((14, 18),)]
    assert [item.content for item in settled([other, asker])] == [((14, 18),), ((0, 6),)]


def test_a_source_that_would_have_nothing_left_to_say_keeps_its_piece() -> None:
    weak, strong = claimed((8, 10), (0, 6, 0.7)), claimed((20, 21), (0, 6, 0.9))
    assert settled([weak, strong]) == [weak, strong]


def test_two_cues_of_one_source_are_not_rivals() -> None:
    for source in ((8, 10), (8, 9), None):
        first = claimed((8, 10), (0, 6, 0.9))
        second = claimed(source, (0, 6, 0.7), (14, 18, 0.9))
        assert settled([first, second]) == [first, second]
