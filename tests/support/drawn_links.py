"""Links at random: contents without a cue, apart from each other, in a text of given words."""

from __future__ import annotations

from typing import NamedTuple

from hypothesis import assume
from hypothesis import strategies as st
from scripted_models import word_tokenizer

from avowal.inference.labels import TokenSpan
from avowal.inference.linking import Link
from avowal.inference.windows import Tokens, tokenize


class Drawn(NamedTuple):
    """A text, its tokens, and links of one content each."""

    text: str
    tokens: Tokens
    spans: list[TokenSpan]
    links: list[Link]


@st.composite
def drawn_links(draw: st.DrawFn, words: list[str]) -> Drawn:
    text = " ".join(draw(st.lists(st.sampled_from(words), min_size=2, max_size=24)))
    [tokens] = tokenize(word_tokenizer(), [text])
    assume(len(tokens) >= 2)
    places = st.integers(0, len(tokens))
    marks = sorted(draw(st.lists(places, min_size=2, max_size=6, unique=True)))
    spans = list(zip(marks[::2], marks[1::2], strict=False))
    return Drawn(text, tokens, spans, [Link(None, None, (span,)) for span in spans])
