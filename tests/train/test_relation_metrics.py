"""`avowal.train.relation_metrics`: GUM's attribution relations that statements answer."""

from __future__ import annotations

from avowal.data.gum_coreference import CoreferenceDocument, GoldSource
from avowal.data.records import Article, Span, Statement
from avowal.train.relation_metrics import count_relations

TEXT = "Ana Belu said the port was shut. Nobody asked why, the crew thought."


def span(words: str) -> Span:
    start = TEXT.index(words)
    return Span.of(TEXT, start, start + len(words))


DOCUMENT = CoreferenceDocument(
    Article("one", TEXT),
    (),
    (
        GoldSource(span("Ana Belu"), (span("the port was shut"),)),
        GoldSource(span("the crew"), (span("Nobody asked why"),)),
        GoldSource(span("why"), ()),
    ),
)


def counted(*statements: tuple[str | None, str]) -> list[list[int]]:
    found = [Statement(source and span(source), None, (span(c),)) for source, c in statements]  # type: ignore[arg-type]
    return count_relations(DOCUMENT, found).tolist()


def test_a_relation_is_found_by_its_content_and_by_its_source_too() -> None:
    both = counted(("Ana Belu", "the port was shut"), ("the crew", "Nobody asked why"))
    assert both == [[2, 2, 2], [2, 2, 2]]
    other = counted(("the crew", "the port was shut"), (None, "Nobody asked why"))
    assert other == [[2, 2, 2], [0, 2, 2]]


def test_a_statement_may_go_on_beyond_the_clause() -> None:
    longer = counted(("Ana Belu", "the port was shut. Nobody asked why"))
    assert longer == [[1, 1, 2], [1, 1, 2]]


def test_half_the_words_are_needed() -> None:
    assert counted(("Ana Belu", "the port"))[0] == [1, 1, 2]
    assert counted(("Ana Belu", "the"))[0] == [0, 1, 2]
    assert counted() == [[0, 0, 2], [0, 0, 2]]


def test_each_relation_is_answered_once() -> None:
    twice = counted(("Ana Belu", "the port was shut"), ("the crew", "the port was shut"))
    assert twice == [[1, 2, 2], [1, 2, 2]]
