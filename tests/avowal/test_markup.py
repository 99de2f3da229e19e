"""An article as HTML: nothing lost, nothing executed, every span where it belongs."""

from __future__ import annotations

from html.parser import HTMLParser

import pytest
from hypothesis import given
from hypothesis import strategies as st

from avowal import Sentence, Span, Statement
from avowal.markup import escape, mark_up, showable

HOSTILE = "<script>alert(1)</script>&amp;\"'<!-- \u202eevil\u2066 \ud800\0 ]]> \r\n\x85é𝒜"


class Reader(HTMLParser):
    """The text that HTML shows, and the attributes around each of its characters."""

    def __init__(self, markup: str) -> None:
        super().__init__(convert_charrefs=True)
        self.text = ""
        self.around: list[dict[str, str]] = []
        self.tags: set[str] = set()
        self._open: list[dict[str, str]] = []
        self.feed(markup)
        self.close()
        assert not self._open

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        self._open.append({name: value or "" for name, value in attrs})

    def handle_endtag(self, tag: str) -> None:
        self._open.pop()

    def handle_data(self, data: str) -> None:
        self.text += data
        merged = {k: v for attributes in self._open for k, v in attributes.items()}
        self.around += [merged] * len(data)


ANY = st.characters(exclude_categories=[]) | st.sampled_from(HOSTILE)
PLACES = st.tuples(st.integers(0, 39), st.integers(1, 40))
SPANS = st.none() | PLACES
STATEMENTS = st.lists(st.tuples(SPANS, SPANS, st.lists(PLACES, max_size=2)), max_size=4)
PROBABILITIES = st.sampled_from([None, 0.0, 0.4999, 0.5, 1.0])
SENTENCES = st.lists(st.tuples(PLACES, PROBABILITIES, PROBABILITIES), max_size=3)


@st.composite
def articles(draw: st.DrawFn) -> tuple[str, list[Statement], list[Sentence]]:
    text = draw(st.text(ANY, min_size=1, max_size=40))

    def inside(place: tuple[int, int]) -> tuple[int, int]:
        start = place[0] % len(text)
        return start, min(len(text), start + place[1])

    def span(place: tuple[int, int] | None) -> Span | None:
        return Span.of(text, *inside(place)) if place else None

    statements = [
        Statement(span(source), span(cue), tuple(Span.of(text, *inside(p)) for p in content))
        for source, cue, content in draw(STATEMENTS)
    ]
    sentences = [Sentence(*inside(place), *labels) for place, *labels in draw(SENTENCES)]
    return text, statements, sentences


@given(articles())
def test_without_tags_it_is_the_text(article: tuple[str, list[Statement], list[Sentence]]) -> None:
    text, statements, sentences = article
    read = Reader(mark_up(text, statements, sentences))
    assert read.text == showable(text)
    assert len(read.text) == len(text)
    assert read.tags <= {"span", "bdi"}


@given(articles())
def test_every_character_is_marked_as_its_spans_say(
    article: tuple[str, list[Statement], list[Sentence]],
) -> None:
    text, statements, sentences = article
    read = Reader(mark_up(text, statements, sentences))
    for at, attributes in enumerate(read.around):
        expected: dict[str, list[str]] = {}
        for place, statement in enumerate(statements):
            for role in ("source", "cue", "content"):
                owned = getattr(statement, role)
                spans = owned if isinstance(owned, tuple) else (owned,)
                if any(span and span.start <= at < span.end for span in spans):
                    expected.setdefault(f"data-{role}", []).append(str(place))
        for place, sentence in enumerate(sentences):
            if sentence.start <= at < sentence.end:
                expected.setdefault("data-sentence", []).append(str(place))
                for label in ("threat", "sanction"):
                    if (getattr(sentence, label) or 0.0) >= 0.5:
                        expected.setdefault("data-labels", []).append(label)
        found = {k: v.split() for k, v in attributes.items() if k != "data-control"}
        assert {k: set(v) for k, v in found.items()} == {k: set(v) for k, v in expected.items()}
        assert all(len(set(v)) == len(v) for v in found.values())


@given(st.text(ANY))
def test_escaped_text_can_be_written_and_read_back(text: str) -> None:
    read = Reader(escape(text).encode("utf-8").decode("utf-8"))
    assert read.text == showable(text)
    assert read.tags <= {"bdi"}


def test_hostile_text() -> None:
    assert mark_up(HOSTILE, [], [Sentence(0, len(HOSTILE), 0.9, 0.1)]) == (
        '<span data-sentence="0" data-labels="threat">'
        "&lt;script&gt;alert(1)&lt;/script&gt;&amp;amp;&quot;&#x27;&lt;!-- "
        '<bdi data-control="U+202E">\u202e</bdi>evil<bdi data-control="U+2066">\u2066</bdi> '
        "\ufffd\ufffd ]]&gt; &#13;\n\x85é𝒜</span>"
    )


def test_nested_and_overlapping_spans_are_cut_into_flat_pieces() -> None:
    text = "Ana said Bo said no"
    outer = Statement(Span(0, 3, "Ana"), Span(4, 8, "said"), (Span(9, 19, "Bo said no"),))
    inner = Statement(Span(9, 11, "Bo"), Span(12, 16, "said"), (Span(17, 19, "no"),))
    assert mark_up(text, [outer, inner]) == (
        '<span data-source="0">Ana</span> <span data-cue="0">said</span> '
        '<span data-source="1" data-content="0">Bo</span><span data-content="0"> </span>'
        '<span data-cue="1" data-content="0">said</span><span data-content="0"> </span>'
        '<span data-content="0 1">no</span>'
    )


@pytest.mark.parametrize(("start", "end"), [(2, 9), (-1, 2), (2, 2), (3, 1)])
def test_a_span_outside_the_text_is_named(start: int, end: int) -> None:
    with pytest.raises(ValueError, match=rf"cue 0 at \[{start}, {end}\) is not inside a text of 4"):
        mark_up("text", [Statement(None, Span(start, end, "?"), ())])
    with pytest.raises(ValueError, match=rf"sentence 0 at \[{start}, {end}\) is not inside"):
        mark_up("text", [], [Sentence(start, end)])


def test_a_megabyte_of_quotes_in_a_second() -> None:
    text = '"' * 1_000_000
    spans = [Span(at, at + 1, '"') for at in range(0, 100_000, 10)]
    marked = mark_up(text, [Statement(span, None, (span,)) for span in spans])
    assert marked.count("&quot;") == len(text)
