"""`avowal.inference.phrases`: spans that were cut within a phrase."""

from __future__ import annotations

from itertools import pairwise

import pytest
from drawn_links import Drawn, drawn_links
from hypothesis import given
from scripted_models import place, word_tokenizer

from avowal.inference.linking import Link
from avowal.inference.phrases import whole_phrases
from avowal.inference.windows import tokenize


def contents(text: str, cue: str, *pieces: str) -> list[str]:
    """What the pieces of a link's content are made to be."""
    [tokens] = tokenize(word_tokenizer(), [text])
    spans = tuple(place(text, tokens, piece) for piece in pieces)
    [found] = whole_phrases(text, tokens, [Link(None, place(text, tokens, cue), spans)])
    return [text[tokens.offsets[a, 0] : tokens.offsets[b - 1, 1]] for a, b in found.content]


@pytest.mark.parametrize(
    ("text", "piece", "whole"),
    [
        ("Bo said rain is near in the north, and left.", "rain is near in", None),
        ("Bo said rain is near in the north. Ana left.", "rain is", "rain is near in the north"),
        ("Bo said “rain is the worst” of all.", "“rain is the", "“rain is the worst"),
        ("Bo said rain is near the\n\nAna left.", "rain is", "rain is near the"),
        (
            "Bo said rain is near the U.S. north, and left.",
            "rain is",
            "rain is near the U.S. north",
        ),
        ("Bo said rain is near Mr. Kim. Ana left.", "rain is", "rain is near Mr. Kim"),
        ("Rain is near, as Bo said", "Rain is", "Rain is near"),
    ],
)
def test_a_phrase_goes_on_to_the_next_mark(text: str, piece: str, whole: str | None) -> None:
    cue = "as Bo" if whole == "Rain is near" else "said"
    assert contents(text, cue, piece) == [whole or "rain is near in the north"]


def test_a_word_before_another_part_is_no_content() -> None:
    assert contents("Rain is near, and snow too as said Bo", "said", "snow too as") == ["snow too"]
    text = "The said north is wet"
    assert contents(text, "said", "The", "north is wet") == ["north is wet"]
    assert contents(text, "said", "The") == ["The"]


@pytest.mark.parametrize("piece", ["rain is near", "rain is near in the north", "near in"])
def test_what_ends_with_a_phrase_stays(piece: str) -> None:
    text = "Bo said rain is near in the north" if piece != "near in" else "Bo said near in. Rain"
    assert contents(text, "said", piece) == [piece]


@pytest.mark.parametrize(
    ("text", "content", "cue", "whole"),
    [
        ("Bo said in a note that rain is near.", "that rain", "said in a", "said in a note"),
        ("Rain is near, Bo said in a note. Ana left.", "Rain is", "said in a", "said in a note"),
        ("Rain fell, Bo wrote to the Sea Club.", "Rain", "wrote to the", "wrote to the Sea Club"),
        ("Bo said in a note, and left. Rain is near.", "Rain is", "said", "said"),
        ("Bo called on Ana to see if rain is near.", "to see", "called on", "called on"),
        ("Rain is near, according to Ana, and Bo.", "Rain", "according to", "according to"),
    ],
)
def test_a_cue_ends_with_its_phrase(text: str, content: str, cue: str, whole: str) -> None:
    [tokens] = tokenize(word_tokenizer(), [text])
    link = Link(None, place(text, tokens, cue), (place(text, tokens, content),))
    [found] = whole_phrases(text, tokens, [link])
    assert found.cue == place(text, tokens, whole)


def test_a_source_is_more_than_an_article() -> None:
    text = "The old north rain club, which left, said rain is near."
    [tokens] = tokenize(word_tokenizer(), [text])
    link = Link(
        place(text, tokens, "The"), place(text, tokens, "said"), (place(text, tokens, "rain is"),)
    )
    [found] = whole_phrases(text, tokens, [link])
    assert found.source == place(text, tokens, "The old north rain club")


@given(drawn_links(["rain", "in", "the", ",", "as", "\n\n"]))
def test_parts_stay_apart_and_are_never_empty(drawn: Drawn) -> None:
    text, tokens, spans, links = drawn
    found = [item.content[0] for item in whole_phrases(text, tokens, links)]
    assert [start for start, _ in found] == [start for start, _ in spans]
    assert all(start < end for start, end in found)
    assert all(a[1] <= b[0] for a, b in pairwise(found))
