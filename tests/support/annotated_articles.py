"""Annotated articles for tests: any that there may be, and one that a reader can follow."""

from __future__ import annotations

from hypothesis import strategies as st

from avowal.data.records import QUOTATIONS, Article, Quotation, Sentence, Span, Speaker, Statement

# line ends, characters beyond 16 bits and combining ones come up more often than by chance
CHARACTERS = st.one_of(
    st.sampled_from("ab “”.,\t\n\r#\u00a0\u0301😀𝒜\u2028"), st.characters(exclude_categories=["Cs"])
)
TEXTS = st.text(CHARACTERS, min_size=1, max_size=40).map(lambda t: t.replace("b\r", "b\r\n"))
NAMES = st.text(CHARACTERS, min_size=1, max_size=15)
LABELS = st.sampled_from([None, 0.0, 1.0])
SCORES = st.none() | st.floats(0, 1)
META = st.dictionaries(NAMES, st.none() | st.booleans() | st.text(CHARACTERS), max_size=2)


def in_order(statements: list[Statement]) -> tuple[Statement, ...]:
    """Statements as readers order them, those that begin together by the rest of their marks."""
    return tuple(sorted(statements, key=_order))


def _order(statement: Statement) -> tuple[int, str]:
    marks = [span for span in (statement.source, statement.cue, *statement.content) if span]
    return min((span.start for span in marks), default=-1), repr(statement)


@st.composite
def articles(draw: st.DrawFn, labels: st.SearchStrategy[float | None] = SCORES) -> Article:
    """Articles with marks anywhere: overlapping, of whitespace, shared, or none at all."""
    text = draw(TEXTS)
    offsets = st.lists(st.integers(0, len(text)), min_size=2, max_size=2, unique=True).map(sorted)
    # few spans, so that statements come to share them
    spans = draw(st.lists(offsets, min_size=1, max_size=5).map(list))
    span = st.sampled_from(spans).map(lambda pair: Span.of(text, pair[0], pair[1]))
    contents = st.lists(span, max_size=3, unique=True)
    statements = st.builds(
        Statement,
        source=st.none() | span,
        cue=st.none() | span,
        content=contents.map(lambda found: tuple(sorted(found, key=lambda s: (s.start, s.end)))),
        speaker=st.none() | NAMES,
        quotation=st.none() | st.sampled_from(QUOTATIONS),
        confidence=SCORES,
        threat=labels,
        sanction=labels,
        speaker_mention=st.none() | span,
        speaker_confidence=SCORES,
    )
    counts = st.integers(0, 9)
    speakers = st.builds(
        Speaker,
        name=NAMES,
        role=st.none() | NAMES,
        mentions=contents.map(tuple),
        statements=counts,
        threats=counts,
        sanctions=counts,
    )
    sentences = st.builds(
        lambda pair, threat, sanction: Sentence(pair[0], pair[1], threat, sanction),
        offsets,
        labels,
        labels,
    )
    return Article(
        draw(NAMES),
        text,
        tuple(sorted(draw(st.lists(sentences, max_size=3)), key=lambda s: s.start)),
        in_order(draw(st.lists(statements, max_size=4))),
        draw(META),
        tuple(draw(st.lists(speakers, max_size=2))),
    )


TEXT = "“We will 😀,” Ana Belu warned, “answer.” He said no.\r\nIt rained."


def span(words: str) -> Span:
    """Words that `TEXT` has once."""
    start = TEXT.index(words)
    return Span.of(TEXT, start, start + len(words))


def sentence(words: str, threat: float, sanction: float) -> Sentence:
    place = span(words)
    return Sentence(place.start, place.end, threat, sanction)


def statement(
    source: str | None,
    cue: str | None,
    *content: str,
    speaker: str | None,
    quotation: Quotation | None,
    threat: float,
) -> Statement:
    return Statement(
        source=span(source) if source else None,
        cue=span(cue) if cue else None,
        content=tuple(map(span, content)),
        speaker=speaker,
        quotation=quotation,
        threat=threat,
        sanction=0.0,
    )


GOLD = Article(
    "talks/a.txt",
    TEXT,
    (
        sentence("“We will 😀,” Ana Belu warned, “answer.”", 1.0, 0.0),
        sentence("He said no.", 0.0, 0.0),
    ),
    (
        statement(
            "Ana Belu",
            "warned",
            "“We will 😀,”",
            "“answer.”",
            speaker="Ana Belu",
            quotation="direct",
            threat=1.0,
        ),
        statement(None, "said", "no", speaker=None, quotation="indirect", threat=0.0),
    ),
    {"register": "agency"},
)
