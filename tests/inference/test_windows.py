"""`avowal.inference.windows`: tokens with exact offsets, and windows that lose none of them."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from typing import get_args

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scripted_models import SPECIAL, VOCABULARY, word_tokenizer

from avowal.inference.passes import merged
from avowal.inference.windows import (
    EDGE,
    MAX_PARAGRAPHS,
    CueMark,
    Tokens,
    WindowBuilder,
    around,
    special_ids,
    takeover,
    tiles,
    token_id,
    tokenize,
)

IDS = special_ids(word_tokenizer(), "[CLS]", "[SEP]")


def some_tokens(length: int, paragraphs: Sequence[int] = ()) -> Tokens:
    ids = np.arange(100, 100 + length)
    offsets = np.stack([np.arange(length), np.arange(length) + 1], axis=1)
    breaks = np.array(paragraphs, dtype=np.int64)
    return Tokens(ids, offsets, breaks, breaks)


# --- tokens ---------------------------------------------------------------------------------


def pieces(text: str) -> list[str]:
    [tokens] = tokenize(word_tokenizer(), [text])
    return [text[start:end] for start, end in tokens.offsets.tolist()]


def test_offsets_slice_the_text() -> None:
    assert pieces("“Yes,”\r\n said  Ana 😀!") == ["“", "Yes", ",", "”", "said", "Ana", "😀", "!"]


def test_a_text_without_tokens_has_none() -> None:
    for text in ("", " \n", "\x07\u200b"):
        assert pieces(text) == []


def test_dropped_characters_move_no_offset() -> None:
    assert pieces("\x07yes\x07 \u0301no") == ["yes", "no"]


def test_words_that_look_like_special_tokens_are_text() -> None:
    [tokens] = tokenize(word_tokenizer(), ["yes [SEP] no [CUE]"])
    special = {VOCABULARY[token] for token in SPECIAL} - {VOCABULARY["[UNK]"]}
    assert not special & set(tokens.ids.tolist())
    assert len(tokens) == 8


def test_half_a_surrogate_pair_breaks_nothing_and_moves_no_offset() -> None:
    assert pieces("yes \ud83d no\udc00") == ["yes", "no"]


@given(st.lists(st.text(st.characters(exclude_categories=[])), max_size=4))
def test_offsets_are_in_order_inside_the_text_and_never_empty(texts: list[str]) -> None:
    for text, tokens in zip(texts, tokenize(word_tokenizer(), texts), strict=True):
        ends = [0]
        for start, end in tokens.offsets.tolist():
            assert 0 <= start < end <= len(text)
            assert end >= ends[-1]
            ends.append(end)


def first_of_sentences(text: str) -> list[str]:
    [tokens] = tokenize(word_tokenizer(), [text])
    return [text[slice(*tokens.offsets[place])] for place in tokens.starts.tolist()]


def test_a_sentence_may_begin_after_a_stop_or_a_blank_line() -> None:
    assert first_of_sentences("Yes. no\nsaid!” Ana\n\nYes? ") == ["no", "Ana", "Yes"]
    assert first_of_sentences("Yes, no: 3.5") == []
    assert first_of_sentences("") == []


def first_of_paragraphs(text: str) -> list[str]:
    [tokens] = tokenize(word_tokenizer(), [text])
    return [text[slice(*tokens.offsets[place])] for place in tokens.paragraphs.tolist()]


def test_a_paragraph_begins_after_a_blank_line() -> None:
    assert first_of_paragraphs("\n\nYes\n\nno\nsaid \r\n \r\n\r\nAna\n\n") == ["no", "Ana"]
    assert first_of_paragraphs("Yes\n\n😀😀\n\n\x07no") == ["😀😀", "no"]
    assert first_of_paragraphs("") == []


# --- ranges ---------------------------------------------------------------------------------


@given(st.integers(0, 2000), st.integers(2, 300), st.data())
def test_tiles_cover_everything_and_overlap_as_asked(
    length: int, size: int, data: st.DataObject
) -> None:
    overlap = data.draw(st.integers(0, size - 1))
    ranges = tiles(length, size, overlap)
    assert [*{i for start, end in ranges for i in range(start, end)}] == list(range(length))
    assert len({end - start for start, end in ranges}) <= 1
    assert all(end - start <= size for start, end in ranges)
    for (start, end), (following, _) in pairwise(ranges):
        assert start < following <= end - overlap
    read = sum(end - start for start, end in ranges)
    assert read < length + max(0, len(ranges) - 1) * overlap + max(1, len(ranges))


def test_tiles_are_no_more_than_needed() -> None:
    assert tiles(0, 10, 4) == []
    assert tiles(10, 10, 4) == [(0, 10)]
    assert tiles(11, 10, 4) == [(0, 8), (3, 11)]
    assert tiles(22, 10, 4) == [(0, 10), (6, 16), (12, 22)]


def test_a_window_takes_over_at_the_sentence_nearest_to_the_middle() -> None:
    starts = np.array([101, 110, 140, 158, 163])
    assert takeover((100, 164), starts) == 140
    assert takeover((100, 164), np.array([99, 101, 162, 170])) == 132
    assert takeover((100, 164), np.array([103, 104])) == 104
    assert takeover((100, 164), np.array([160, 161])) == 160


@given(st.data())
def test_merged_windows_say_everything_once_and_change_at_sentences_where_they_can(
    data: st.DataObject,
) -> None:
    length = data.draw(st.integers(0, 200))
    spans = tiles(length, 60, 20)
    starts = np.array(sorted(data.draw(st.sets(st.integers(1, 200)))), dtype=np.int64)
    parts = [np.array([[start, at] for at in range(start, end)]) for start, end in spans]
    found = merged(spans, parts, 2, starts).tolist()
    assert [at for _, at in found] == list(range(length))
    heard = [start for start, _ in found]
    assert heard == sorted(heard)
    for at in range(1, length):
        if heard[at] != heard[at - 1]:
            before = next(end for start, end in spans if start == heard[at - 1])
            middle = (heard[at] + before) // 2
            inner = [s for s in starts.tolist() if heard[at] + EDGE <= s <= before - EDGE]
            assert abs(at - middle) == min((abs(s - middle) for s in inner), default=0)
            assert at in inner or not inner


@given(st.integers(1, 500), st.integers(1, 200), st.data())
def test_around_holds_the_cue_or_what_fits_of_it(
    length: int, size: int, data: st.DataObject
) -> None:
    first = data.draw(st.integers(0, length - 1))
    last = data.draw(st.integers(first + 1, length))
    start, end = around(length, (first, last), size)
    assert 0 <= start < end <= length
    assert end - start == min(size, length)
    if last - first <= size:
        assert start <= first
        assert last <= end
        if start > 0 and end < length:
            assert abs((first - start) - (end - last)) <= 1
    else:
        assert first <= start
        assert end <= last


# --- windows --------------------------------------------------------------------------------


@pytest.mark.parametrize("cue_mark", get_args(CueMark))
@given(data=st.data())
def test_positions_are_where_the_tokens_are(cue_mark: CueMark, data: st.DataObject) -> None:
    tokens = some_tokens(data.draw(st.integers(1, 40)))
    start = data.draw(st.integers(0, len(tokens) - 1))
    end = data.draw(st.integers(start + 1, len(tokens)))
    first = data.draw(st.integers(start, end - 1))
    cue = data.draw(st.none() | st.just((first, data.draw(st.integers(first + 1, end)))))
    window = WindowBuilder(IDS, cue_mark).build(tokens, (start, end), cue)
    assert window.input_ids[window.positions].tolist() == tokens.ids[start:end].tolist()
    assert len(window.input_ids) == len(window.token_type_ids)
    assert (window.input_ids[0], window.input_ids[-1]) == (IDS["start"], IDS["end"])
    marked = window.positions[first - start : cue[1] - start].tolist() if cue else []
    if cue_mark == "token_type_ids":
        assert np.flatnonzero(window.token_type_ids).tolist() == marked
        assert len(window.input_ids) == end - start + 2
    else:
        assert not window.token_type_ids.any()
        assert len(window.input_ids) == end - start + (4 if cue else 2)
        if cue:
            assert window.input_ids[marked[0] - 1] == IDS["cue"]
            assert window.input_ids[marked[-1] + 1] == IDS["cue_end"]


@pytest.mark.parametrize("cue_mark", get_args(CueMark))
@given(data=st.data())
def test_between_paragraphs_stands_the_end_token(cue_mark: CueMark, data: st.DataObject) -> None:
    length = data.draw(st.integers(2, 30))
    breaks = sorted(data.draw(st.sets(st.integers(1, length - 1))))
    start = data.draw(st.integers(0, length - 1))
    end = data.draw(st.integers(start + 1, length))
    first = data.draw(st.integers(start, end - 1))
    cue = data.draw(st.none() | st.just((first, data.draw(st.integers(first + 1, end)))))
    tokens = some_tokens(length, breaks)
    plain = WindowBuilder(IDS, cue_mark).build(tokens, (start, end), cue)
    window = WindowBuilder(IDS, cue_mark, paragraphs=True).build(tokens, (start, end), cue)
    assert window.input_ids[window.positions].tolist() == tokens.ids[start:end].tolist()
    assert window.token_type_ids[window.positions].tolist() == (
        plain.token_type_ids[plain.positions].tolist()
    )
    rest = window.input_ids.tolist()
    between = [place for place in range(1, len(rest) - 1) if rest[place] == IDS["end"]]
    following = [place for place in breaks if start < place < end]
    assert [int((window.positions < place).sum()) + start for place in between] == following
    assert [x for i, x in enumerate(rest) if i not in between] == plain.input_ids.tolist()


def test_a_window_of_single_words_still_fits_the_model() -> None:
    tokens = some_tokens(300, range(1, 300))
    window = WindowBuilder(IDS, "tokens", paragraphs=True).build(tokens, (0, 256), (10, 12))
    assert window.input_ids[window.positions].tolist() == tokens.ids[:256].tolist()
    assert len(window.input_ids) == 256 + MAX_PARAGRAPHS + 4


def test_a_cue_at_the_edge_of_a_paragraph_stays_whole_between_its_tokens() -> None:
    builder = WindowBuilder(IDS, "tokens", paragraphs=True)
    window = builder.build(some_tokens(6, [2, 4]), (0, 6), (2, 4))
    s, e, c, d = (IDS[name] for name in ("start", "end", "cue", "cue_end"))
    assert window.input_ids.tolist() == [s, 100, 101, e, c, 102, 103, d, e, 104, 105, e]


@pytest.mark.parametrize("cue_mark", get_args(CueMark))
def test_of_a_cue_that_sticks_out_the_part_inside_is_marked(cue_mark: CueMark) -> None:
    builder = WindowBuilder(IDS, cue_mark)
    window = builder.build(some_tokens(20), (5, 10), (3, 12))
    whole = builder.build(some_tokens(20), (5, 10), (5, 10))
    assert window.input_ids.tolist() == whole.input_ids.tolist()
    assert window.token_type_ids.tolist() == whole.token_type_ids.tolist()


# --- special tokens -------------------------------------------------------------------------


def test_a_tokenizer_without_the_tokens_is_refused() -> None:
    with pytest.raises(ValueError, match="no token '<s>'"):
        special_ids(word_tokenizer(), "<s>", "[SEP]")
    with pytest.raises(ValueError, match="no token '<pad>'"):
        token_id(word_tokenizer(), "<pad>")


def test_a_cue_can_be_marked_by_tokens_only_where_there_are_such() -> None:
    with pytest.raises(ValueError, match=r"\[CUE\]"):
        WindowBuilder({"start": 2, "end": 3}, "tokens")
