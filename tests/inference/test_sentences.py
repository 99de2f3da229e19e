from __future__ import annotations

import subprocess
import sys
import textwrap
from collections.abc import Callable, Iterable
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from avowal.data.gum import read_gum
from avowal.data.records import Article
from avowal.inference.sentences import split_sentences


def pieces(text: str) -> list[str]:
    return [text[start:end] for start, end in split_sentences(text)]


def assert_sound(text: str) -> None:
    """Spans in order, disjoint, trimmed, and together all that is not white space."""
    spans = split_sentences(text)
    assert all(start < end for start, end in spans)
    assert all(first[1] <= second[0] for first, second in pairwise(spans))
    between = [(0, 0), *spans, (len(text), len(text))]
    assert all(not text[first[1] : second[0]].strip() for first, second in pairwise(between))
    assert all(not text[start].isspace() and not text[end - 1].isspace() for start, end in spans)


# ---- what a sentence is ----


@pytest.mark.parametrize(
    "sentences",
    [
        ["He left.", "She stayed."],
        ["“Is it over?” he asked.", "Nobody knew."],
        ["“We will act.”", "He did not say how."],
        ['"We will act."', '"When?"', "He shrugged."],
        ["''They are terrorists.''", "Mr. Zahed agreed."],
        ["“We warned them.", "They will pay,” he said."],
        ["(He left.)", "She stayed."],
        ["Gen. Mark Milley met Sens. Ted Cruz and Marco Rubio.", "Then-Sen. Barack Obama won."],
        ["Then Mr. Hedge called Ms. Gao.", "Gov. Chris Christie spoke."],
        ["It left the U.S.", "The president spoke."],
        ["He lives in the U.S.", "She does not."],
        ["George H.W. Bush read the F.B.I. report.", "J.K. Rowling did not."],
        ["Sen. Elizabeth Warren (D-Mass.) had been talking.", "Rep. Bill Shuster (R-Pa.) left."],
        ["It is the No. 1 force in Spain.", "The answer was no.", "Nobody spoke."],
        ["“A disgrace.” ― Azucena Gonzàlez"],
        ["Black Girls Rock! aired on Tuesday.", "It was the No. 2 show."],
        ["1. The nature of the message.", "It matters."],
        ["Prices rose 3.5 percent to $1.2 billion.", "They fell in Jan. 2016 too."],
        ["He was born there. [3] [4]", "He died there. [citation\xa0needed]"],
        ["He said he would ... well, never mind.", "Wait…"],
        ["By 5 p.m. on Friday it was over!", "Why?!", "No!!!"],
    ],
)
def test_sentences_of_a_paragraph(sentences: list[str]) -> None:
    assert pieces(" ".join(sentences)) == sentences


@pytest.mark.parametrize("space", ["\xa0", "\u2009", "  ", "\t"])
def test_other_spaces_between_sentences(space: str) -> None:
    assert pieces(f"Was it true?{space}Nobody knew.") == ["Was it true?", "Nobody knew."]


# ---- lines ----


@pytest.mark.parametrize("newline", ["\n", "\r\n", "\r", "\u2028", "\u2029", "\f"])
def test_a_line_is_a_paragraph_where_nothing_is_wrapped(newline: str) -> None:
    lines = [
        "Lawmaker urges retaliation on Russia",
        "Member of House panel says U.S. has to keep Moscow out",
        "WASHINGTON (AP)",
        "The United States will answer, the chairman of the House panel said on Monday, with a "
        "list of measures that the administration has been preparing since the summer.",
        "milk",
        "eggs",
    ]
    assert pieces(newline.join(lines)) == lines


@pytest.mark.parametrize("newline", ["\n", "\r\n"])
def test_a_blank_line_always_ends_a_sentence(newline: str) -> None:
    text = newline.join(["we will not accept this, and the", "  \t", "answer will be clear", ""])
    assert pieces(text) == ["we will not accept this, and the", "answer will be clear"]


EMAIL = """\
From: Press Office
To: Desk
Subject: Statement of the Secretary

The Secretary told reporters this morning that the United States will not
accept the annexation and that "all options are on the table." He met Gen.
Mark Milley and the ambassador, and warned that a new round of measures
would follow within days.
Asked for the date, he declined.

- first point
- second point

> On Monday you wrote that the allies had been told of the plan well in
> advance. Is that so?
"""


def test_hard_wrapped_text() -> None:
    assert [piece.replace("\n", " ") for piece in pieces(EMAIL)] == [
        "From: Press Office",
        "To: Desk",
        "Subject: Statement of the Secretary",
        "The Secretary told reporters this morning that the United States will not accept the "
        'annexation and that "all options are on the table."',
        "He met Gen. Mark Milley and the ambassador, and warned that a new round of measures would "
        "follow within days.",
        "Asked for the date, he declined.",
        "- first point",
        "- second point",
        "> On Monday you wrote that the allies had been told of the plan well in > advance.",
        "Is that so?",
    ]
    assert pieces(EMAIL.replace("\n", "\r\n")) == [
        piece.replace("\n", "\r\n") for piece in pieces(EMAIL)
    ]


def test_headlines_of_one_length_are_not_taken_for_wrapped_lines() -> None:
    lines = [
        "Amid discord, Trump claims the nomination of the party",
        "Hundreds cast their votes for other candidates there",
        "Politics, business both will be on the front-runner's",
        "Cleveland sets strict rules as Philadelphia plans one",
    ] * 3
    assert pieces("\n".join(lines)) == lines


# ---- any text ----


@settings(deadline=None)
@given(st.text())
def test_any_text(text: str) -> None:
    assert_sound(text)


MARKS = st.sampled_from(
    [
        *"He said a Gen. U.S. F.B.I. [12] 1. . ? ! … ... \" “ ” '' ( ) - ― ,".split(),  # noqa: SIM905
        *(" ", "  ", "\n", "\r\n", "\n\n", "\xa0", "\u200b", "\x1c"),
        "a line of words that is as long as a line of an e-mail often is, and then ",
    ]
)


@settings(deadline=None)
@given(st.lists(MARKS).map("".join))
def test_any_run_of_marks(text: str) -> None:
    assert_sound(text)
    assert all("\n\n" not in piece for piece in pieces(text))


@pytest.mark.parametrize("text", ["", " ", "\n", "\r\n\r\n", "\xa0\u2003\t"])
def test_nothing(text: str) -> None:
    assert split_sentences(text) == []


@pytest.mark.parametrize("text", ["x", ".", "”", "...", "no end", "  padded. \n"])
def test_one_sentence(text: str) -> None:
    assert pieces(text) == [text.strip()]


# The growth is that of the text: the slowest of these takes a few seconds, where a splitter whose
# time grows with the square would take hours.
@pytest.mark.parametrize(
    "unit",
    [
        "He said on Monday that Gen. Mill would go. ",
        "He said on Monday that Gen. Mill would go.\n",
        "words that never come to any end and have no mark ",
        "unbroken",
        '."',
        "!",
        " ",
        "\n",
        "a line of words that goes on and on and has no end at all\n",
    ],
)
def test_two_million_characters(unit: str) -> None:
    size = 2_000_000
    assert_sound((unit * (size // len(unit) + 1))[:size])


def test_torch_is_not_imported() -> None:
    code = "import sys, avowal.inference.sentences; sys.exit('torch' in sys.modules)"
    subprocess.run([sys.executable, "-c", code], check=True)


# ---- GUM ----


def exact_f1(articles: Iterable[Article]) -> float:
    right = predicted = gold = 0
    for article in articles:
        found = set(split_sentences(article.text))
        expected = {(sentence.start, sentence.end) for sentence in article.sentences}
        right += len(found & expected)
        predicted += len(found)
        gold += len(expected)
    return 200 * right / (predicted + gold)


Gum = Callable[[str], list[Article]]


@pytest.fixture
def gum(corpus: Callable[[str], Path]) -> Gum:
    return lambda name: list(read_gum(corpus(name)))


@pytest.mark.parametrize(("name", "score"), [("gum-news", 93.5), ("gum-more", 95.5)])
def test_gold_sentences_of_gum(gum: Gum, name: str, score: float) -> None:
    assert exact_f1(gum(name)) >= score


@pytest.mark.parametrize("width", [60, 72, 100])
def test_gum_hard_wrapped(gum: Gum, width: int) -> None:
    articles = gum("gum-news")
    wrapped = [
        Article(
            article.id,
            "\n\n".join(
                textwrap.fill(paragraph, width, break_long_words=False, break_on_hyphens=False)
                for paragraph in article.text.split("\n\n")
            ),
            article.sentences,
        )
        for article in articles
    ]
    assert exact_f1(wrapped) >= exact_f1(articles) - 0.2


def test_gum_with_a_paragraph_a_line(gum: Gum) -> None:
    articles = gum("gum-news")
    lines = [
        Article(article.id, article.text.replace("\n\n", " \n"), article.sentences)
        for article in articles
    ]
    assert exact_f1(lines) == exact_f1(articles)
