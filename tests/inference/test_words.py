"""`avowal.inference.words`: parts of statements are whole words, whatever the tokens."""

from __future__ import annotations

import re
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from avowal.inference.linking import Link
from avowal.inference.windows import Tokens
from avowal.inference.words import whole_words

NONE = np.zeros(0, dtype=np.int64)


def cut(text: str, size: int) -> Tokens:
    """Words, and each in pieces of `size` characters."""
    spans, start = [], 0
    for word in text.split(" "):
        ends = [*range(start + size, start + len(word), size), start + len(word)]
        spans += zip([start, *ends], ends, strict=False)
        start += len(word) + 1
    offsets = np.array(spans, dtype=np.int64)
    return Tokens(np.arange(len(offsets)), offsets, NONE, NONE)


TEXT = "mayor Corvina said rain"  # ma yo r | Co rv in a | sa id | ra in


@pytest.mark.parametrize(
    ("link", "source", "cue", "content"),
    [
        (Link((0, 5), (7, 9), ((9, 11),)), (0, 7), (7, 9), (9, 11)),
        (Link((5, 7), (8, 9), ((10, 11),)), (3, 7), (7, 9), (9, 11)),
        (Link((3, 5), (5, 9), ((9, 11),)), (3, 7), (7, 9), (9, 11)),
        (Link((3, 5), (5, 7), ((9, 11),)), (3, 5), (5, 7), (9, 11)),
        (Link(None, None, ((0, 2), (9, 10))), None, None, (0, 3)),
    ],
)
def test_a_word_belongs_to_the_part_with_its_first_token(
    link: Link,
    source: tuple[int, int] | None,
    cue: tuple[int, int] | None,
    content: tuple[int, int],
) -> None:
    found = whole_words(TEXT, cut(TEXT, 2), link)
    assert (found.source, found.cue, found.content[0]) == (source, cue, content)


@pytest.mark.parametrize(
    ("text", "piece", "whole"),
    [
        ("send it to www|.|flag|.|nz and", "www", "www.flag.nz"),
        ("a rise of 3|.|5 points", "3", "3.5"),
        ("critics of the U|.|S|. policy", "U", "U.S"),
        ("it ended|.|Then rain fell", "ended", "ended"),
        ("it ended|. then rain fell", "ended", "ended"),
    ],
)
def test_a_full_stop_may_stand_within_a_word(text: str, piece: str, whole: str) -> None:
    spans = [(m.start(), m.end()) for m in re.finditer(r"[^ |]+", text)]
    gone = [text[:start].count("|") for start, _ in spans]
    offsets = np.array([(a - n, b - n) for (a, b), n in zip(spans, gone, strict=True)])
    tokens = Tokens(np.arange(len(offsets)), offsets, NONE, NONE)
    text = text.replace("|", "")
    at = next(n for n, (a, b) in enumerate(offsets) if text[a:b] == piece)
    [(start, end)] = whole_words(text, tokens, Link(None, None, ((at, at + 1),))).content
    assert text[offsets[start, 0] : offsets[end - 1, 1]] == whole


WORDS = st.lists(st.sampled_from(["a", "rain", "Corvina", "unspeakable"]), min_size=3, max_size=9)


@given(WORDS.map(" ".join), st.integers(1, 4), st.data())
def test_parts_never_overlap_and_hold_what_they_can(
    text: str, size: int, data: st.DataObject
) -> None:
    tokens = cut(text, size)
    places = st.integers(0, len(tokens))
    marks = sorted(data.draw(st.lists(places, min_size=2, max_size=6, unique=True)))
    spans = list(zip(marks[::2], marks[1::2], strict=False))
    link = Link(None, spans[1] if len(spans) > 1 else None, (spans[0], *spans[2:]))
    found = whole_words(text, tokens, link)
    parts = sorted([*found.content, *([found.cue] if found.cue else [])])
    assert all(start < end for start, end in parts)
    assert all(a[1] <= b[0] for a, b in pairwise(parts))
    if found is not link:
        for start, end in parts:
            low, high = int(tokens.offsets[start, 0]), int(tokens.offsets[end - 1, 1])
            assert text[low - 1 : low] in ("", " ")
            assert text[high : high + 1] in ("", " ")
