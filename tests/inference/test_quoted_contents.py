"""`avowal.inference.quoted_contents`: a content that begins a quotation holds all of it."""

from __future__ import annotations

import pytest
from drawn_links import Drawn, drawn_links
from hypothesis import given
from scripted_models import place, word_tokenizer

from avowal.inference.linking import Link
from avowal.inference.quotation import QuotedText
from avowal.inference.quoted_contents import whole_quotations
from avowal.inference.windows import tokenize


def contents(text: str, *links: tuple[str, str]) -> list[str]:
    """What the contents of links, each a cue and a content, are made to be."""
    [tokens] = tokenize(word_tokenizer(), [text])
    given_links = [
        Link(None, place(text, tokens, cue), (place(text, tokens, content),))
        for cue, content in links
    ]
    return [
        text[tokens.offsets[start, 0] : tokens.offsets[end - 1, 1]]
        for item in whole_quotations(text, tokens, given_links)
        for start, end in item.content
    ]


@pytest.mark.parametrize(
    ("text", "content", "whole"),
    [
        ("Bo wrote: “It fell. It broke.” Rain.", "“It fell", "“It fell. It broke.”"),
        ("Bo wrote: “It fell. It broke.” Rain.", "It fell", "It fell. It broke.”"),
        ("Bo wrote it “fell and broke” then.", "it “fell", "it “fell and broke”"),
        ('Bo wrote: "It fell. It broke." Rain.', '"It fell', '"It fell. It broke."'),
    ],
)
def test_content_goes_on_to_the_mark_that_closes_it(text: str, content: str, whole: str) -> None:
    assert contents(text, ("wrote", content)) == [whole]


@pytest.mark.parametrize(
    ("text", "content"),
    [
        ("Bo wrote: “It fell. It broke.” Rain.", "It broke"),  # not its beginning
        ("Bo wrote: “It fell. It broke. Rain.", "“It fell"),  # never closed
        ("Bo wrote it fell, “and broke” then.", "it fell, “"),  # nothing of what is quoted
        ("Bo wrote it fell, “and broke” then.", "it fell"),
        ("Bo wrote “it fell.”", "“it fell.”"),
    ],
)
def test_other_content_stays_as_it_is(text: str, content: str) -> None:
    assert contents(text, ("wrote", content)) == [content]


def test_a_quotation_in_which_another_speaks_is_left_to_both() -> None:
    text = "Bo wrote: “It fell, and Ana said it broke.” Rain."
    assert contents(text, ("wrote", "“It fell"), ("said", "it broke")) == ["“It fell", "it broke"]
    text = "Bo wrote: “It fell, and it broke, Ana said.” Rain."
    found = contents(text, ("wrote", "“It fell"), ("said", "fell, and it broke"))
    assert found == ["“It fell", "fell, and it broke"]


@given(drawn_links(["“", "”", "rain", "it", ".", "\n\n", '"']))
def test_contents_only_grow_up_to_a_mark(drawn: Drawn) -> None:
    text, tokens, spans, links = drawn
    ranges = {end for _, end in QuotedText(text).ranges}
    grown = [item.content[0] for item in whole_quotations(text, tokens, links)]
    for before, after, following in zip(spans, grown, [*spans[1:], None], strict=True):
        assert after[0] == before[0]
        assert after == before or int(tokens.offsets[after[1] - 1, 1]) in ranges
        assert after[1] >= before[1]
        assert following is None or after[1] <= following[0]
