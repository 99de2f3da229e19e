"""`avowal.train.phenomena`: the kinds of a sentence."""

from __future__ import annotations

import pytest

from avowal.data.records import Article, Sentence
from avowal.train.phenomena import surfaces_of


@pytest.mark.parametrize(
    ("text", "kinds"),
    [
        ("The port is open.", ["no quotation", "none of these words"]),
        ("“We shall not go.”", ["a quotation as a whole", "negation"]),
        (
            "He warned of “sanctions” if it sails.",
            [
                "a quotation in part",
                "condition (if, unless, until, or else)",
                "names a measure",
                "names a threat",
            ],
        ),
        ("Would it sail?", ["no quotation", "question"]),
        ("Port shut", ["no quotation", "none of these words", "headline or fragment"]),
    ],
)
def test_kinds(text: str, kinds: list[str]) -> None:
    assert surfaces_of(Article("one", text), Sentence(0, len(text))) == kinds
