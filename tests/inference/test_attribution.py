"""`avowal.inference.attribution`: from texts to statements, with models that follow a script."""

from __future__ import annotations

import time
import unicodedata
from collections.abc import Callable
from itertools import combinations
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scripted_models import (
    CONTENT,
    CUES,
    SOURCES,
    AttributionScript,
    RandomScript,
    write_folder,
)

from avowal.data.records import QUOTATIONS, Span, Statement
from avowal.inference.attribution import Attributor, Decoding, statements_of
from avowal.inference.labels import LABELS, TokenSpan
from avowal.inference.linking import Link
from avowal.inference.model_folder import ModelError
from avowal.inference.windows import tokenize

WORDS = st.sampled_from([*SOURCES, *CUES, *CONTENT, "and", "the", "“", "”", ".", "\n\n", "é\u0301"])
TEXTS = st.lists(WORDS, max_size=120).map(" ".join)


@pytest.fixture
def attributor(tmp_path: Path) -> Attributor:
    return Attributor(write_folder(tmp_path / "model", "attribution"), AttributionScript())


@pytest.fixture(scope="module")
def noisy(tmp_path_factory: pytest.TempPathFactory) -> Attributor:
    folder = write_folder(tmp_path_factory.mktemp("noisy") / "model", "attribution")
    rules = Decoding(minimum=0.0, minimum_without_cue=0.0)
    return Attributor(folder, RandomScript(len(LABELS), by_token=True), rules)


def parts(statement: Statement) -> tuple[str | None, str | None, list[str]]:
    return (
        statement.source.text if statement.source else None,
        statement.cue.text if statement.cue else None,
        [piece.text for piece in statement.content],
    )


def found(attributor: Attributor, text: str) -> list[tuple[str | None, str | None, list[str]]]:
    return [parts(statement) for statement in attributor([text])[0]]


# --- what is found --------------------------------------------------------------------------


def test_each_cue_gets_its_source_and_content(attributor: Attributor) -> None:
    text = "Ana said yes, yes. “No no,” Bo warned. The rest: Cy and Bo denied never."
    assert found(attributor, text) == [
        ("Ana", "said", ["yes"]),
        ("Bo", "warned", ["No no"]),
        ("Bo", "denied", ["never"]),
    ]


def test_punctuation_that_is_left_over_is_no_content(attributor: Attributor) -> None:
    text = "Ana said, yes. “"
    [tokens] = tokenize(attributor.model.tokenizer, [text])
    words = [text[a:b] for a, b in tokens.offsets]
    comma, quote = words.index(","), words.index("“")

    def said(*content: TokenSpan) -> list[list[str]]:
        made = statements_of(text, tokens, [(Link((0, 1), (1, 2), content), 0.9)])
        return [[piece.text for piece in statement.content] for statement in made]

    assert said((comma, comma + 2)) == [["yes"]]
    assert said((comma + 1, comma + 2), (quote, quote + 1)) == [["yes"]]
    assert said((quote, quote + 1)) == []


def test_texts_without_tokens_have_no_statements(attributor: Attributor) -> None:
    assert attributor([]) == []
    assert attributor(["", " \r\n", "\x07", "\ud800"]) == [[], [], [], []]


def test_the_kind_of_quotation_is_told(attributor: Attributor) -> None:
    text = "Ana said “yes yes”. Bo said no no. Cy said yes “no”."
    [statements] = attributor([text])
    assert [statement.quotation for statement in statements] == ["direct", "indirect", "indirect"]


def test_a_cue_in_another_paragraph_than_its_content(attributor: Attributor) -> None:
    assert found(attributor, "Ana said:\r\n\r\n“Yes no.”\r\n") == [("Ana", "said", ["Yes no"])]


@pytest.mark.parametrize("before", ["", "The rest. " * 40])
def test_content_far_longer_than_a_window_is_whole(attributor: Attributor, before: str) -> None:
    content = " ".join(["yes no never"] * 200)
    text = f"{before}Ana said {content}. The rest. " + "And so on. " * 30
    assert found(attributor, text) == [("Ana", "said", [content])]


def test_content_far_longer_than_a_window_before_its_cue(attributor: Attributor) -> None:
    content = " ".join(["yes no never"] * 200)
    assert found(attributor, f"The rest. {content} said Ana.") == [("Ana", "said", [content])]


def test_a_quotation_goes_on_over_the_end_of_its_paragraph(attributor: Attributor) -> None:
    text = "Ana said “yes yes yes yes\n\n“no no no no\r\n\r\n“never never never never”. Bo."
    assert found(attributor, text) == [
        ("Ana", "said", ["yes yes yes yes", "no no no no", "never never never never"])
    ]


def test_content_that_words_stand_before_is_a_statement_of_its_own(
    attributor: Attributor,
) -> None:
    text = "Ana said “yes yes yes yes”. And then no no no no."
    assert found(attributor, text) == [
        ("Ana", "said", ["yes yes yes yes"]),
        (None, None, ["no no no no"]),
    ]


def test_two_cues_with_the_same_content_make_one_statement(attributor: Attributor) -> None:
    assert found(attributor, "Ana said yes no yes no, Bo warned.") == [
        ("Ana", "said", ["yes no yes no"])
    ]


def test_an_accent_apart_from_its_letter_stays_with_its_word(tmp_path: Path) -> None:
    folder = write_folder(tmp_path / "model", "attribution")
    text = "A\u0301na\u0302 said ye\u0301s\u0308\u0304 no\u0301"
    assert found(Attributor(folder, AttributionScript()), text) == [
        ("A\u0301na\u0302", "said", ["ye\u0301s\u0308\u0304 no\u0301"])
    ]


def test_a_cue_longer_than_its_window_breaks_nothing(attributor: Attributor) -> None:
    text = "Ana " + "said " * 200 + "yes no yes no yes."
    assert all(statement.content for statement in attributor([text])[0])


def test_gold_cues_may_be_given(attributor: Attributor) -> None:
    text = "Ana said yes no. Bo warned no no."
    cue = Span.of(text, 20, 26)
    [statements] = attributor([text], gold_cues=[[cue]])
    assert [parts(statement) for statement in statements] == [("Bo", "warned", ["no no"])]
    assert statements[0].cue == cue


# --- whatever the models answer -------------------------------------------------------------


def check(text: str, statements: list[Statement]) -> None:
    places = []
    for statement in statements:
        spans = [*statement.content]
        spans += [span for span in (statement.source, statement.cue) if span]
        covered: list[int] = []
        for span in spans:
            assert text[span.start : span.end] == span.text
            assert span.text.strip() == span.text != ""
            covered += range(span.start, span.end)
        assert len(covered) == len(set(covered)), "the parts of a statement overlap"
        assert statement.content
        for piece in statement.content:
            assert piece.text[0] not in ",;:"
            assert any(unicodedata.category(character)[0] not in "PZC" for character in piece.text)
        assert list(statement.content) == sorted(statement.content, key=lambda s: s.start)
        assert statement.quotation in QUOTATIONS
        assert statement.confidence is not None
        assert 0 <= statement.confidence <= 1
        places.append((statement.content[0].start, statement.content[-1].end))
    assert places == sorted(places)
    words = [{i for s in x.content for i in range(s.start, s.end)} for x in statements]
    for a, b in combinations(words, 2):
        assert a != b


@settings(max_examples=60, deadline=None)
@given(texts=st.lists(TEXTS, min_size=1, max_size=4))
def test_statements_are_sound_however_wrong_the_models(noisy: Attributor, texts: list[str]) -> None:
    for text, statements in zip(texts, noisy(texts), strict=True):
        check(text, statements)


@settings(max_examples=40, deadline=None)
@given(text=st.text(st.characters(exclude_categories=[]), max_size=300))
def test_any_text_at_all_can_be_read(noisy: Attributor, text: str) -> None:
    check(text, noisy([text])[0])


@settings(max_examples=40, deadline=None)
@given(texts=st.lists(TEXTS, min_size=1, max_size=5))
def test_an_article_is_read_the_same_in_any_company(noisy: Attributor, texts: list[str]) -> None:
    assert noisy(texts) == [noisy([text])[0] for text in texts]


def test_an_article_of_two_million_characters_takes_time_linear_in_its_length(
    attributor: Attributor,
) -> None:
    # one line, of nothing but content and cues: the worst that pass two can meet
    sentence = "Ana said yes no never yes no never yes no never. "
    text = sentence * (2_000_000 // len(sentence))
    begun = time.perf_counter()
    [statements] = attributor([text])
    assert len(statements) == len(text) // len(sentence)
    assert statements[-1].content[0].end == len(text) - 2
    assert time.perf_counter() - begun < 60


# --- how links become statements ------------------------------------------------------------


def test_the_folder_says_how_links_become_statements(tmp_path: Path) -> None:
    sure = {"weights": [0.0] * 6, "bias": 5.0}
    folder = write_folder(
        tmp_path / "model",
        "attribution",
        decoding={"cue_threshold": 0.7, "minimum": 0.9, "with_cue": sure},
    )
    decoding = Decoding.of(folder)
    assert (decoding.cue_threshold, decoding.minimum) == (0.7, 0.9)
    [[statement]] = Attributor(folder, AttributionScript())(["Ana said yes."])
    assert statement.confidence == pytest.approx(0.99331, abs=1e-5)


def test_a_statement_below_the_least_confidence_is_dropped(tmp_path: Path) -> None:
    folder = write_folder(tmp_path / "model", "attribution")
    text = "Ana said yes. And then: no no no no."
    keep: Callable[..., list[Any]] = lambda **rules: found(  # noqa: E731
        Attributor(folder, AttributionScript(), Decoding(**rules)), text
    )
    assert len(keep()) == 2
    assert [cue for _, cue, _ in keep(minimum=1.0)] == [None]
    assert [cue for _, cue, _ in keep(minimum_without_cue=1.0)] == ["said"]


def test_an_unknown_rule_is_named(tmp_path: Path) -> None:
    folder = write_folder(tmp_path / "model", "attribution", decoding={"minimun": 0.5})
    with pytest.raises(ModelError, match=r"avowal\.json.*minimun"):
        Decoding.of(folder)


def test_a_model_of_other_labels_is_refused(tmp_path: Path) -> None:
    folder = write_folder(tmp_path / "model", "intent")
    with pytest.raises(ValueError, match=r"threat, sanction.*O, B-source"):
        Attributor(folder, AttributionScript())
