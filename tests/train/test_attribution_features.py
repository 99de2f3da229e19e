"""`avowal.train.attribution_features`: what the windows of both modes are labelled with."""

from __future__ import annotations

import random
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from tokenizers import Tokenizer

from avowal.data.records import Article, Span, Statement
from avowal.inference.labels import LABELS, decode
from avowal.inference.windows import CUE_TOKENS, CueMark, WindowBuilder, special_ids, tokenize
from avowal.train.attribution_features import (
    IGNORED,
    CueLexicon,
    LabelledWindow,
    cue_windows,
    tag_windows,
)

TEXT = (
    "“We will answer,” Minister Ana Belu said on Monday, “not close.” "
    "Bo Kern said in a statement the port would open. "
    "It rained all day, Cleo Dorn added."
)
MODES: tuple[CueMark, ...] = ("token_type_ids", "tokens")


def span(piece: str, text: str = TEXT, after: int = 0) -> Span:
    start = text.index(piece, after)
    return Span.of(text, start, start + len(piece))


ARTICLE = Article(
    "a",
    TEXT,
    statements=(
        Statement(
            span("Minister Ana Belu"), span("said"), (span("We will answer"), span("not close"))
        ),
        Statement(span("Bo Kern"), span("said in a statement"), (span("the port would open"),)),
        Statement(span("Cleo Dorn"), span("added"), (span("It rained all day"),)),
        Statement(None, None, (span("Monday"),)),
    ),
)
NO_CUES = CueLexicon.of([])


def builder(tokenizer: Tokenizer, mode: CueMark = "token_type_ids") -> WindowBuilder:
    return WindowBuilder(special_ids(tokenizer, "[CLS]", "[SEP]"), mode)


def by_cue(
    tokenizer: Tokenizer, article: Article = ARTICLE, mode: CueMark = "token_type_ids", **over: Any
) -> list[LabelledWindow]:
    [tokens] = tokenize(tokenizer, [article.text])
    options = {"size": 60, "lexicon": NO_CUES, "false_rate": 0.0, "jitter": 0.0} | over
    rng = options.pop("rng", None) or random.Random(0)
    return cue_windows(article, tokens, builder(tokenizer, mode), rng=rng, **options)


def pieces(
    made: LabelledWindow, tokenizer: Tokenizer, article: Article = ARTICLE
) -> list[tuple[str, str]]:
    """The labelled pieces of text of a window, whose labels have to be valid BIO."""
    [tokens] = tokenize(tokenizer, [article.text])
    labels = made.labels[made.window.positions]
    assert len(labels) == made.window.end - made.window.start
    inside = [i for i, label in enumerate(labels) if label and label % 2 == 0]
    assert all(i and labels[i - 1] in (labels[i] - 1, labels[i]) for i in inside)
    offsets = tokens.offsets[made.window.start : made.window.end]
    return [
        (role, article.text[offsets[start, 0] : offsets[end - 1, 1]])
        for role, start, end in decode(labels)
    ]


def marked_text(made: LabelledWindow, tokenizer: Tokenizer, mode: CueMark) -> str:
    ids = made.window.input_ids
    if mode == "token_type_ids":
        return str(tokenizer.decode(ids[made.window.token_type_ids == 1].tolist()))
    assert not made.window.token_type_ids.any()
    opening, closing = (tokenizer.token_to_id(token) for token in CUE_TOKENS)
    [start], [end] = np.flatnonzero(ids == opening), np.flatnonzero(ids == closing)
    return str(tokenizer.decode(ids[start + 1 : end].tolist()))


def test_a_window_without_a_mark_has_every_role(tokenizer: Tokenizer) -> None:
    [tokens] = tokenize(tokenizer, [TEXT])
    [made] = tag_windows(ARTICLE, tokens, builder(tokenizer), 100, 10)
    assert pieces(made, tokenizer) == [
        ("content", "We will answer"),
        ("source", "Minister Ana Belu"),
        ("cue", "said"),
        ("content", "Monday"),
        ("content", "not close"),
        ("source", "Bo Kern"),
        ("cue", "said in a statement"),
        ("content", "the port would open"),
        ("content", "It rained all day"),
        ("source", "Cleo Dorn"),
        ("cue", "added"),
    ]
    assert not made.marked
    assert not made.window.token_type_ids.any()


@pytest.mark.parametrize(("size", "overlap"), [(5, 0), (7, 3), (12, 4), (35, 10)])
def test_windows_without_a_mark_label_every_token_as_one_window_does(
    tokenizer: Tokenizer, size: int, overlap: int
) -> None:
    [tokens] = tokenize(tokenizer, [TEXT])
    [whole] = tag_windows(ARTICLE, tokens, builder(tokenizer), 100, 0)
    roles = [LABELS[i][2:] for i in whole.labels[whole.window.positions]]
    seen: set[int] = set()
    windows = tag_windows(ARTICLE, tokens, builder(tokenizer), size, overlap)
    [length] = {made.window.end - made.window.start for made in windows}
    assert length <= size
    for made in windows:
        pieces(made, tokenizer)
        window = made.window
        seen.update(range(window.start, window.end))
        found = [LABELS[i][2:] for i in made.labels[window.positions]]
        assert found == roles[window.start : window.end]
    assert seen == set(range(len(tokens)))


def test_where_roles_overlap_the_cue_goes_before_the_source_and_that_before_content(
    tokenizer: Tokenizer,
) -> None:
    text = "Ana Belu said no ships"
    whole = Span.of(text, 0, len(text))
    said = Statement(Span.of(text, 0, 13), Span.of(text, 9, 13), (whole,))
    article = Article("a", text, statements=(said,))
    [tokens] = tokenize(tokenizer, [text])
    [made] = tag_windows(article, tokens, builder(tokenizer), 100, 0)
    # What is left of the content begins anew, as decoding will have it.
    assert pieces(made, tokenizer, article) == [
        ("source", "Ana Belu"),
        ("cue", "said"),
        ("content", "no ships"),
    ]


@pytest.mark.parametrize("mode", MODES)
def test_a_window_with_a_mark_has_what_its_cue_owns_alone(
    tokenizer: Tokenizer, mode: CueMark
) -> None:
    made = by_cue(tokenizer, mode=mode)
    assert [(marked_text(m, tokenizer, mode), pieces(m, tokenizer)) for m in made] == [
        (
            "said",
            [
                ("content", "We will answer"),
                ("source", "Minister Ana Belu"),
                ("cue", "said"),
                ("content", "not close"),
            ],
        ),
        (
            "said in a statement",
            [
                ("source", "Bo Kern"),
                ("cue", "said in a statement"),
                ("content", "the port would open"),
            ],
        ),
        (
            "added",
            [("content", "It rained all day"), ("source", "Cleo Dorn"), ("cue", "added")],
        ),
    ]
    assert all(m.marked for m in made)


@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize("size", [6, 15, 60])
def test_special_tokens_and_they_alone_are_ignored(
    tokenizer: Tokenizer, mode: CueMark, size: int
) -> None:
    special = {tokenizer.token_to_id(token) for token in ("[CLS]", "[SEP]", *CUE_TOKENS)}
    [tokens] = tokenize(tokenizer, [TEXT])
    plain = tag_windows(ARTICLE, tokens, builder(tokenizer, mode), size, 2)
    for made in by_cue(tokenizer, mode=mode, size=size) + plain:
        ids, window = made.window.input_ids, made.window
        assert len(ids) == len(made.labels) == len(window.token_type_ids)
        assert [i in special for i in ids.tolist()] == (made.labels == IGNORED).tolist()
        assert ids[window.positions].tolist() == tokens.ids[window.start : window.end].tolist()
        assert window.end - window.start <= size


def test_content_that_began_before_a_window_begins_with_it(tokenizer: Tokenizer) -> None:
    text = "the port would close not open said Bo Kern"
    article = Article(
        "a",
        text,
        statements=(
            Statement(
                span("Bo Kern", text), span("said", text), (span("the port would close", text),)
            ),
        ),
    )
    [made] = by_cue(tokenizer, article, size=7)
    assert pieces(made, tokenizer, article) == [
        ("content", "would close"),
        ("cue", "said"),
        ("source", "Bo Kern"),
    ]


@pytest.mark.parametrize("mode", MODES)
def test_jitter_moves_the_mark_by_a_token_and_keeps_the_labels(
    tokenizer: Tokenizer, mode: CueMark
) -> None:
    [tokens] = tokenize(tokenizer, [TEXT])
    size = len(tokens)
    straight = by_cue(tokenizer, mode=mode, size=size)
    marks: dict[str, set[str]] = {}
    for seed in range(30):
        shaken = by_cue(tokenizer, mode=mode, size=size, jitter=1.0, rng=random.Random(seed))
        for before, after in zip(straight, shaken, strict=True):
            assert pieces(after, tokenizer) == pieces(before, tokenizer)
            cue = marked_text(before, tokenizer, mode)
            marks.setdefault(cue, set()).add(marked_text(after, tokenizer, mode))
    # A cue of one token cannot be cut, so that its mark stays as it is.
    assert marks == {
        "said": {"belu said", "said on", "said"},
        "said in a statement": {
            "kern said in a statement",
            "said in a statement the",
            "in a statement",
            "said in a",
        },
        "added": {"dorn added", "added .", "added"},
    }


def test_a_share_of_the_marks_is_shaken(tokenizer: Tokenizer) -> None:
    shaken = 0
    for seed in range(300):
        [_, made, _] = by_cue(tokenizer, jitter=0.25, rng=random.Random(seed))
        shaken += marked_text(made, tokenizer, "token_type_ids") != "said in a statement"
    assert 45 < shaken < 105


OTHER = "Ana Belu said no. The minister said in a statement it rained. Bo Kern added ships."
FALSE = Article("b", OTHER, statements=(Statement(None, span("said in", OTHER), ()),))


def test_a_lexicon_holds_the_rate_of_each_expression() -> None:
    said = Statement(None, span("said", OTHER), ())
    once = Article("c", OTHER.replace("said", "SAID"), statements=(said,))
    lexicon = CueLexicon.of([once, once, FALSE], minimum=2)
    # "said" is written six times and a cue twice; "said in" is a cue once, too seldom to be kept.
    assert lexicon.rates == {"said": 2 / 6}
    assert CueLexicon.of([once, FALSE], minimum=1).rates == {"said": 1 / 2, "said in": 1 / 2}
    assert CueLexicon.of([once, once, FALSE], minimum=2, rate=0.4).rates == {}


def test_punctuation_is_not_in_the_lexicon() -> None:
    text = "Ana Belu: no. Bo Kern: yes."
    colons = tuple(Statement(None, Span.of(text, i, i + 1), ()) for i in (8, 21))
    assert CueLexicon.of([Article("a", text, statements=colons)], minimum=1).rates == {}


WORD = st.sampled_from(["said", "said in", "in a", "added", "port", "rained", "not"])


@given(
    words=st.lists(st.tuples(WORD, st.booleans()), min_size=1, max_size=25),
    count=st.integers(0, 30),
    seed=st.integers(0, 9),
)
def test_false_cues_never_touch_a_gold_cue(
    words: list[tuple[str, bool]], count: int, seed: int
) -> None:
    text = " ".join(word for word, _ in words)
    starts = [len(" ".join(w for w, _ in words[:i])) + bool(i) for i in range(len(words))]
    gold = [Span.of(text, s, s + len(w)) for s, (w, cue) in zip(starts, words, strict=True) if cue]
    article = Article("a", text, statements=tuple(Statement(None, cue, ()) for cue in gold))
    lexicon = CueLexicon.of([article], minimum=1, rate=0.01)
    found = lexicon.false_cues(article, count, random.Random(seed))
    assert len(found) == len(set(found)) <= count
    for one in found:
        assert one.text == text[one.start : one.end]
        assert one.text.lower() in lexicon.rates
        assert not any(cue.start < one.end and one.start < cue.end for cue in gold)


@pytest.mark.parametrize("mode", MODES)
def test_false_cues_are_marked_and_own_nothing(tokenizer: Tokenizer, mode: CueMark) -> None:
    text = "Bo Kern said no. It said port. It said bridge. It added ships."
    statement = Statement(span("Bo Kern", text), span("said", text), (span("no", text),))
    article = Article("a", text, statements=(statement,))
    lexicon = CueLexicon.of([article], minimum=1)
    for rate, expected in ((0.0, 1), (1.0, 2), (2.0, 3), (9.0, 3)):
        made = by_cue(tokenizer, article, mode, lexicon=lexicon, false_rate=rate)
        assert len(made) == expected
        assert pieces(made[0], tokenizer, article)
        for false in made[1:]:
            assert false.marked
            assert marked_text(false, tokenizer, mode) == "said"
            assert pieces(false, tokenizer, article) == []
        starts = {tuple(m.window.token_type_ids) for m in made}
        assert mode == "tokens" or len(starts) == expected


def test_a_part_of_a_false_cue_is_drawn(tokenizer: Tokenizer) -> None:
    text = "Bo Kern said no. It said port."
    statement = Statement(span("Bo Kern", text), span("said", text), (span("no", text),))
    article = Article("a", text, statements=(statement,))
    lexicon = CueLexicon.of([article], minimum=1)
    drawn = [
        len(by_cue(tokenizer, article, lexicon=lexicon, false_rate=0.25, rng=random.Random(s)))
        for s in range(200)
    ]
    assert set(drawn) == {1, 2}
    assert 25 < drawn.count(2) < 80


def test_the_same_seed_gives_the_same_windows(tokenizer: Tokenizer) -> None:
    lexicon = CueLexicon.of([FALSE, ARTICLE], minimum=1)
    options = {"lexicon": lexicon, "false_rate": 0.5, "jitter": 0.5}
    first, second = (by_cue(tokenizer, rng=random.Random(3), **options) for _ in range(2))
    assert [m.window.token_type_ids.tolist() for m in first] == [
        m.window.token_type_ids.tolist() for m in second
    ]
