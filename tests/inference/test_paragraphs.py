"""`avowal.inference.paragraphs`: content that was found over the end of a paragraph."""

from __future__ import annotations

from pathlib import Path

import pytest
from scripted_models import AttributionScript, place, word_tokenizer, write_folder

from avowal.inference.attribution import Attributor
from avowal.inference.linking import Link
from avowal.inference.paragraphs import within_paragraphs
from avowal.inference.windows import tokenize


def found(text: str, cue: str | None, content: str) -> str:
    """What is left of `content` with that cue."""
    [tokens] = tokenize(word_tokenizer(), [text])
    link = Link(None, place(text, tokens, cue) if cue else None, (place(text, tokens, content),))
    [kept] = within_paragraphs(text, tokens, [link])
    [(start, end)] = kept.content
    return text[tokens.offsets[start, 0] : tokens.offsets[end - 1, 1]]


@pytest.mark.parametrize(
    ("text", "content", "left"),
    [
        ("Ana said: “We shall see.”\n\nAbroad, it rained.", "“We shall see.”\n\nAbroad", 0),
        ("Ana said: “We shall see.”\n\nIt rained. So", "“We shall see.”\n\nIt rained.", 0),
        ("Ana said it may rain\n\nMr Belu slept.", "it may rain\n\nMr Belu", 0),
        ("It may rain\n\nNo rain is near, Ana said.", "It may rain\n\nNo rain is near", 1),
    ],
)
def test_content_ends_with_its_paragraph(text: str, content: str, left: int) -> None:
    assert found(text, "said", content) == content.split("\n\n")[left]


@pytest.mark.parametrize(
    ("text", "content"),
    [
        ("Ana said: “We shall see.\n\n“It may rain,” and", "“We shall see.\n\n“It may rain,”"),
        ("Ana said this is left:\n\nRain and snow", "this is left:\n\nRain and snow"),
        ("Ana said it may rain.\n\nSnow is near. Bo", "it may rain.\n\nSnow is near"),
        ("Ana said it may\nrain here", "it may\nrain here"),
        ("Ana said it may rain", "it may rain"),
    ],
)
def test_content_that_goes_on_is_left_whole(text: str, content: str) -> None:
    assert found(text, "said", content) == content


def test_without_a_cue_the_first_paragraph_is_kept() -> None:
    assert found("“It may rain.”\n\nAbroad", None, "“It may rain.”\n\nAbroad") == "“It may rain.”"


def test_statements_end_with_their_paragraphs(tmp_path: Path) -> None:
    attributor = Attributor(write_folder(tmp_path / "model", "attribution"), AttributionScript())
    [statements] = attributor(["Ana said yes no\n\nno never was it. Bo said “never no”."])
    assert [[piece.text for piece in s.content] for s in statements] == [["yes no"], ["never no"]]
