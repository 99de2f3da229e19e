"""`avowal.data.brat`: standoff as PolNeAR has it, and every malformed line refused."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from avowal.data.brat import read_brat, read_brat_folder, read_standoff
from avowal.data.errors import FormatError
from avowal.data.records import Span, Statement

TEXT = (
    "“We will,” the envoy said on Monday, “answer.” Mayor Łukáš Ó Briain of Ål disagreed 😀 loudly."
)

Folder = Callable[..., Path]


@pytest.fixture
def folder(tmp_path: Path) -> Folder:
    """Makes a part of a corpus: `texts` by name, and `attributions` by name and annotator."""

    def make(texts: dict[str, str], attributions: dict[str, list[str]]) -> Path:
        for place, suffix, files in (
            ("text", ".txt", texts),
            ("attributions", ".ann", {n: "\n".join(rows) for n, rows in attributions.items()}),
        ):
            (tmp_path / place).mkdir()
            for name, content in files.items():
                (tmp_path / place / f"{name}{suffix}").write_bytes(content.encode())
        return tmp_path

    return make


def standoff(path: Path, *lines: str, text: str = TEXT, end: str = "\n") -> list[Statement]:
    path.write_bytes(end.join(lines).encode() + end.encode())
    return read_standoff(path, text)


@pytest.fixture
def ann(tmp_path: Path) -> Path:
    return tmp_path / "harbour_ab12.ann"


def offsets(*words: str, text: str = TEXT) -> str:
    """The standoff offsets of words that the text has once."""
    return ";".join(f"{text.index(word)} {text.index(word) + len(word)}" for word in words)


def bound(id_: int, role: str, *words: str, text: str = TEXT) -> str:
    return f"T{id_}\t{role} {offsets(*words, text=text)}\t{' '.join(words)}"


def span(word: str, text: str = TEXT) -> Span:
    return Span.of(text, text.index(word), text.index(word) + len(word))


ENVOY = (
    bound(1, "Source", "the envoy"),
    bound(2, "Cue", "said"),
    bound(3, "Content", "“We will,”", "“answer.”"),
    bound(4, "Attribution", "said"),
)
EVENT = "E1\tAttribution:T4 Source:T1 Cue:T2 Content:T3"


def test_an_attribution_has_its_source_cue_and_pieces_of_content(ann: Path) -> None:
    assert standoff(ann, *ENVOY, EVENT) == [
        Statement(
            source=span("the envoy"),
            cue=span("said"),
            content=(span("“We will,”"), span("“answer.”")),
        )
    ]


def test_pieces_of_content_are_sorted_whether_of_one_annotation_or_several(ann: Path) -> None:
    (one,) = standoff(
        ann, *ENVOY[:2], bound(3, "Content", "“answer.”", "“We will,”"), ENVOY[3], EVENT
    )
    (several,) = standoff(
        ann,
        *ENVOY[:2],
        bound(3, "Content", "“answer.”"),
        bound(5, "Content", "“We will,”"),
        ENVOY[3],
        f"{EVENT} Content2:T5",
    )
    assert one == several
    assert one.content == (span("“We will,”"), span("“answer.”"))


def test_a_discontinuous_source_or_cue_becomes_its_hull(ann: Path) -> None:
    (statement,) = standoff(
        ann,
        bound(1, "Source", "of Ål", "Mayor"),
        bound(2, "Cue", "disagreed", "loudly"),
        "E1\tAttribution:T2 Source:T1 Cue:T2",
    )
    assert statement.source == span("Mayor Łukáš Ó Briain of Ål")
    assert statement.cue == span("disagreed 😀 loudly")
    assert statement.content == ()


def test_two_sources_of_one_event_become_their_hull(ann: Path) -> None:
    (statement,) = standoff(
        ann,
        bound(1, "Source", "Mayor"),
        bound(2, "Source", "Briain"),
        "E1\tSource:T1 Source2:T2",
    )
    assert statement.source == span("Mayor Łukáš Ó Briain")


def test_offsets_count_code_points(ann: Path) -> None:
    (statement,) = standoff(
        ann,
        bound(1, "Source", "Łukáš Ó Briain"),
        bound(2, "Cue", "disagreed"),
        bound(3, "Content", "loudly"),
        "E1\tSource:T1 Cue:T2 Content:T3",
    )
    spans = [statement.source, statement.cue, *statement.content]
    assert [piece and piece.text for piece in spans] == ["Łukáš Ó Briain", "disagreed", "loudly"]
    assert all(piece and TEXT[piece.start : piece.end] == piece.text for piece in spans)


@pytest.mark.parametrize(
    ("arguments", "present"),
    [
        ("Source:T1", (True, False, 0)),
        ("Cue:T2", (False, True, 0)),
        ("Content:T3", (False, False, 2)),
        ("Cue:T2 Content:T3", (False, True, 2)),
        ("Source:T1 Content:T3", (True, False, 2)),
    ],
)
def test_any_role_may_be_missing(
    ann: Path, arguments: str, present: tuple[bool, bool, int]
) -> None:
    (statement,) = standoff(ann, *ENVOY, f"E1\tAttribution:T4 {arguments}")
    found = (statement.source is not None, statement.cue is not None, len(statement.content))
    assert found == present


@pytest.mark.parametrize("event", ["E1\tAttribution:T4", "E1\tAttribution:T4 ", "E1\t"])
def test_an_event_without_a_role_is_no_statement(ann: Path, event: str) -> None:
    assert standoff(ann, *ENVOY, event) == []


def test_statements_are_in_the_order_of_the_text_and_events_may_come_first(ann: Path) -> None:
    mayor = (bound(5, "Source", "Mayor"), bound(6, "Cue", "disagreed"))
    statements = standoff(ann, "E2\tSource:T5 Cue:T6", *mayor, EVENT, *ENVOY)
    assert [s.source and s.source.text for s in statements] == ["the envoy", "Mayor"]


def test_notes_and_their_stray_continuation_lines_are_passed_over(ann: Path) -> None:
    notes = (
        "#1\tAnnotatorNotes E1\tThe envoy may not",
        "",
        "be the speaker here: 'We will'",
        "\tindented",
        "T for Tuesday\tis not an annotation",
        "E1 of 2\tSource:T99",
        "3\tof them",
        "#2\tAnnotatorNotes T1\t",
    )
    others = ("A1\tNegated E1", "R1\tSame Arg1:T1 Arg2:T2", "*\tEquiv T1 T2", "M1\tSure E1")
    assert standoff(ann, *notes, *ENVOY, *others, *notes, EVENT, *notes) == standoff(
        ann, *ENVOY, EVENT
    )


def test_an_empty_file_holds_no_statements(ann: Path) -> None:
    ann.touch()
    assert read_standoff(str(ann), TEXT) == []


@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_either_line_end_of_the_standoff_is_read(ann: Path, end: str) -> None:
    assert standoff(ann, *ENVOY, EVENT, end=end) == standoff(ann, *ENVOY, EVENT)


@pytest.mark.parametrize(
    "separator",
    ["\x0b", "\x0c", "\x1c", "\x85", "\u2028", "\u2029"],
)
def test_only_a_line_feed_ends_a_line(ann: Path, separator: str) -> None:
    text = f"He said{separator}so."
    (statement,) = standoff(
        ann,
        f"T1\tContent 3 10\tsaid{separator}so",
        "E1\tContent:T1",
        text=text,
    )
    assert statement.content == (Span(3, 10, f"said{separator}so"),)


@pytest.mark.parametrize(
    ("field", "reason"),
    [
        ("Cue", "'' is not a pair of offsets"),
        ("Cue ", "'' is not a pair of offsets"),
        ("Cue 3", "'3' is not a pair of offsets"),
        ("Cue 3 4 5", "'3 4 5' is not a pair of offsets"),
        ("Cue x 4", "'x 4' is not a pair of offsets"),
        ("Cue 3.0 4.0", "'3.0 4.0' is not a pair of offsets"),
        ("Cue 3 4;", "'' is not a pair of offsets"),
        ("Cue 3 4,6 7", "'3 4,6 7' is not a pair of offsets"),
        ("Cue 4 4", "span [4, 4) is not inside a text of 20 characters"),
        ("Cue 5 4", "span [5, 4) is not inside a text of 20 characters"),
        ("Cue -1 4", "span [-1, 4) is not inside a text of 20 characters"),
        ("Cue 18 21", "span [18, 21) is not inside a text of 20 characters"),
        ("Cue 0 2;18 21", "span [18, 21) is not inside a text of 20 characters"),
    ],
)
def test_malformed_offsets_name_file_line_and_reason(ann: Path, field: str, reason: str) -> None:
    with pytest.raises(FormatError) as raised:
        standoff(ann, "#1\tAnnotatorNotes\ta note", f"T1\t{field}\ttext", text="x" * 20)
    assert (raised.value.path, raised.value.line, raised.value.reason) == (ann, 2, reason)
    assert str(raised.value) == f"{ann}:2: {reason}"


def test_a_span_may_end_where_the_text_ends(ann: Path) -> None:
    (statement,) = standoff(ann, "T1\tContent 0 20\tx", "E1\tContent:T1", text="x" * 20)
    assert statement.content == (Span(0, 20, "x" * 20),)


@pytest.mark.parametrize(
    ("arguments", "reason"),
    [
        ("Attribution:T4 Cue:T9", "T9 is not a text-bound annotation here"),
        ("Attribution:T4 Cue:E1", "E1 is not a text-bound annotation here"),
        ("Attribution:T4 Cue:", " is not a text-bound annotation here"),
        ("Attribution:T4 Cue", "'Cue' is not ROLE:ID"),
        ("Attribution:T4 Cue T2", "'Cue' is not ROLE:ID"),
    ],
)
def test_a_bad_event_names_file_line_and_reason(ann: Path, arguments: str, reason: str) -> None:
    with pytest.raises(FormatError) as raised:
        standoff(ann, *ENVOY, f"E1\t{arguments}")
    assert (raised.value.path, raised.value.line, raised.value.reason) == (ann, 5, reason)


LETTERS = st.characters(exclude_categories=["Cs"])


@settings(max_examples=50, deadline=None)
@given(text=st.text(LETTERS, min_size=1, max_size=40), data=st.data())
def test_any_span_of_any_text_is_read_as_its_slice(
    tmp_path_factory: pytest.TempPathFactory, text: str, data: st.DataObject
) -> None:
    pair = st.lists(st.integers(0, len(text)), min_size=2, max_size=2, unique=True).map(sorted)
    pairs = data.draw(st.lists(pair, min_size=1, max_size=4))
    path = tmp_path_factory.getbasetemp() / "any.ann"
    field = ";".join(f"{start} {end}" for start, end in pairs)
    (statement,) = standoff(path, f"T1\tContent {field}\t", "E1\tContent:T1", text=text)
    assert sorted((piece.start, piece.end) for piece in statement.content) == sorted(
        (start, end) for start, end in pairs
    )
    assert all(piece.text == text[piece.start : piece.end] for piece in statement.content)


def test_several_annotators_are_kept_apart(folder: Folder) -> None:
    part = folder(
        {"harbour": TEXT},
        {"harbour_ef34": [*ENVOY, EVENT], "harbour_ab12": [ENVOY[1], "E1\tCue:T2"]},
    )
    (document,) = read_brat_folder(part)
    assert (document.name, document.text) == ("harbour", TEXT)
    assert {name: len(found) for name, found in document.annotators.items()} == {
        "ab12": 1,
        "ef34": 1,
    }
    assert document.annotators["ef34"][0].source == span("the envoy")
    assert document.annotators["ab12"][0].source is None


def test_an_article_has_the_statements_of_its_first_annotator_by_name(folder: Folder) -> None:
    part = folder(
        {"harbour": TEXT},
        {"harbour_ef34": [*ENVOY, EVENT], "harbour_ab12": [ENVOY[1], "E1\tCue:T2"]},
    )
    (article,) = read_brat(str(part))
    assert (article.id, article.text, article.sentences) == ("harbour", TEXT, ())
    assert article.statements == (Statement(source=None, cue=span("said"), content=()),)
    assert article.meta == {"annotator": "ab12"}


def test_documents_are_ordered_by_name_and_told_apart_by_it(folder: Folder) -> None:
    names = ["tide_2016", "tide", "zoë_ål", "tide_2016_b"]
    part = folder(
        {name: f"{name} spoke." for name in names},
        {f"{name}_ab12": [f"T1\tSource 0 {len(name)}\t", "E1\tSource:T1"] for name in names},
    )
    articles = list(read_brat(part))
    assert [article.id for article in articles] == sorted(names)
    for article in articles:
        (statement,) = article.statements
        assert statement.source is not None
        assert statement.source.text == article.id


def test_a_text_that_nobody_annotated_is_left_out(folder: Folder) -> None:
    part = folder({"harbour": TEXT, "tide": TEXT, "ferry": TEXT}, {"tide_ab12": []})
    assert [(article.id, article.statements) for article in read_brat(part)] == [("tide", ())]


@pytest.mark.parametrize(
    "text", ["One.\r\nTwo said\rThree.\n\n", "\ufeffOne said so.", " \n said "]
)
def test_the_text_is_kept_as_it_was_decoded(folder: Folder, text: str) -> None:
    part = folder({"a": text}, {"a_x": [bound(1, "Cue", "said", text=text), "E1\tCue:T1"]})
    (article,) = read_brat(part)
    assert article.text == text
    assert article.statements[0].cue == span("said", text)


def test_an_error_in_a_folder_names_the_file_it_is_in(folder: Folder) -> None:
    part = folder({"a": TEXT, "b": TEXT}, {"a_x": [*ENVOY, EVENT], "b_x": ["", "T1\tCue 1\t"]})
    documents = read_brat_folder(part)
    assert next(documents).name == "a"
    with pytest.raises(FormatError) as raised:
        next(documents)
    assert (raised.value.path, raised.value.line) == (part / "attributions" / "b_x.ann", 2)


@pytest.mark.parametrize("missing", ["text", "attributions"])
def test_a_folder_of_another_kind_is_an_error(folder: Folder, missing: str) -> None:
    part = folder({}, {})
    (part / missing).rmdir()
    with pytest.raises(FileNotFoundError, match=rf"{missing} is not a folder"):
        list(read_brat(part))
    with pytest.raises(FileNotFoundError, match="is not a folder"):
        list(read_brat(part / "nowhere"))


@pytest.fixture
def polnear_dev(corpus: Callable[[str], Path]) -> Path:
    """The dev part of PolNeAR."""
    return corpus("polnear/dev")


def test_the_corpus_is_read_whole(polnear_dev: Path) -> None:
    articles = list(read_brat(polnear_dev))
    assert len(articles) == 84
    standoffs = {
        article.id: (
            polnear_dev / "attributions" / f"{article.id}_{article.meta['annotator']}.ann"
        ).read_text(encoding="utf-8")
        for article in articles
    }
    events = [re.findall(r"^E\d+\t(.*)", content, re.M) for content in standoffs.values()]
    assert sum(map(len, events)) == 2193
    empty = [e for found in events for e in found if not re.search("Source|Cue|Content", e)]
    assert len(empty) == 1
    assert sum(len(article.statements) for article in articles) == 2192


def test_every_span_of_the_corpus_is_what_its_annotator_saw(polnear_dev: Path) -> None:
    for article in read_brat(polnear_dev):
        path = polnear_dev / "attributions" / f"{article.id}_{article.meta['annotator']}.ann"
        # brat repeats the text of an annotation in its line, a space for each line feed
        seen = set(re.findall(r"^T\d+\t[^\t]*\t(.*)", path.read_text(encoding="utf-8"), re.M))
        for statement in article.statements:
            marks = [mark for mark in (statement.source, statement.cue) if mark]
            for piece in [*marks, *statement.content]:
                assert piece.text == article.text[piece.start : piece.end]
            if len(statement.content) == 1:
                assert statement.content[0].text.replace("\n", " ") in seen
