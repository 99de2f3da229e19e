"""`avowal.data.jsonl`: records survive the round trip, and every malformed line is refused."""

from __future__ import annotations

import copy
import io
import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from avowal.data.errors import FormatError
from avowal.data.jsonl import read_jsonl, read_scores, write_article
from avowal.data.records import QUOTATIONS, Article, Sentence, Span, Statement

CHARACTERS = st.characters(exclude_categories=["Cs"])
PROBABILITIES = st.none() | st.floats(0, 1)
META = st.dictionaries(st.text(CHARACTERS), st.none() | st.booleans() | st.text(CHARACTERS))


@st.composite
def articles(draw: st.DrawFn) -> Article:
    text = draw(st.text(CHARACTERS, min_size=1, max_size=60))
    offsets = st.lists(st.integers(0, len(text)), min_size=2, max_size=2, unique=True).map(sorted)
    spans = offsets.map(lambda pair: Span.of(text, pair[0], pair[1]))
    statements = st.builds(
        Statement,
        source=st.none() | spans,
        cue=st.none() | spans,
        content=st.lists(spans, max_size=3).map(tuple),
        speaker=st.none() | st.text(CHARACTERS, min_size=1),
        quotation=st.none() | st.sampled_from(QUOTATIONS),
        confidence=PROBABILITIES,
        threat=PROBABILITIES,
        sanction=PROBABILITIES,
    )
    sentences = st.builds(
        lambda pair, threat, sanction: Sentence(pair[0], pair[1], threat, sanction),
        offsets,
        PROBABILITIES,
        PROBABILITIES,
    )
    return Article(
        id=draw(st.text(CHARACTERS, min_size=1)),
        text=text,
        sentences=tuple(draw(st.lists(sentences, max_size=3))),
        statements=tuple(draw(st.lists(statements, max_size=3))),
        meta=draw(META),
    )


@pytest.fixture(scope="module")
def path(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("jsonl") / "articles.jsonl"


def write(path: Path, written: list[Article], *, with_text: bool) -> None:
    with path.open("w", encoding="utf-8", newline="") as handle:
        for article in written:
            write_article(article, handle, with_text=with_text)


@settings(deadline=None, max_examples=50)
@given(written=st.lists(articles(), max_size=3))
def test_articles_survive_the_round_trip(path: Path, written: list[Article]) -> None:
    write(path, written, with_text=True)
    assert list(read_jsonl(path)) == written


@settings(deadline=None, max_examples=50)
@given(written=st.lists(articles(), max_size=3))
def test_scores_survive_the_round_trip_without_text(path: Path, written: list[Article]) -> None:
    write(path, written, with_text=False)
    read = list(read_scores(path))
    assert [article.text for article in read] == [""] * len(written)
    assert [article.to_dict(with_text=False) for article in read] == [
        article.to_dict(with_text=False) for article in written
    ]


@settings(deadline=None, max_examples=50)
@given(written=st.lists(articles(), min_size=1, max_size=3))
def test_an_article_is_one_line(written: list[Article]) -> None:
    handle = io.StringIO()
    for article in written:
        write_article(article, handle)
    assert handle.getvalue().count("\n") == len(written)


TEXT = "U.N. chief Kofi Annan said it would answer 😀 in kind."
GOLD: dict[str, Any] = {
    "id": "gold",
    "text": TEXT,
    "meta": {"register": "agency"},
    "sentences": [{"start": 0, "end": 53, "threat": 1, "sanction": 0.0}],
    "statements": [
        {
            "speaker": "Kofi Annan",
            "source": {"start": 0, "end": 21, "text": "U.N. chief Kofi Annan"},
            "cue": {"start": 22, "end": 26, "text": "said"},
            "content": [
                {"start": 27, "end": 44, "text": "it would answer 😀"},
                {"start": 45, "end": 52, "text": "in kind"},
            ],
            "quotation": "indirect",
            "confidence": None,
            "threat": 1.0,
            "sanction": None,
        }
    ],
}


def lines(path: Path, *records: object) -> Path:
    path.write_text("\n".join(json.dumps(record) for record in records) + "\n", encoding="utf-8")
    return path


def test_a_record_becomes_objects(tmp_path: Path) -> None:
    (article,) = read_jsonl(lines(tmp_path / "a.jsonl", GOLD))
    (statement,) = article.statements
    assert article.sentences == (Sentence(0, 53, 1.0, 0.0),)
    assert statement.cue == Span(22, 26, "said")
    assert [TEXT[piece.start : piece.end] for piece in statement.content] == [
        "it would answer 😀",
        "in kind",
    ]
    assert (statement.quotation, statement.threat, statement.sanction) == ("indirect", 1.0, None)


def test_what_may_be_null_may_be_left_out(tmp_path: Path) -> None:
    record = {"id": "a", "text": "He came.", "statements": [{"content": []}]}
    (article,) = read_jsonl(lines(tmp_path / "a.jsonl", record))
    assert article == Article("a", "He came.", (), (Statement(None, None, ()),), {})


def test_blank_lines_and_a_byte_order_mark_are_skipped(tmp_path: Path) -> None:
    path = tmp_path / "a.jsonl"
    path.write_text(f"\ufeff{json.dumps(GOLD)}\r\n\r\n{json.dumps(GOLD)}", encoding="utf-8")
    assert [article.id for article in read_jsonl(path)] == ["gold", "gold"]


def test_articles_before_a_bad_line_are_read(tmp_path: Path) -> None:
    path = lines(tmp_path / "a.jsonl", GOLD, {"id": "b"})
    stream = read_jsonl(path)
    assert next(stream).id == "gold"
    with pytest.raises(FormatError) as caught:
        next(stream)
    assert str(caught.value) == f"{path}:2: text: is missing"
    assert (caught.value.path, caught.value.line) == (path, 2)
    assert caught.value.reason == "text: is missing"


MISSING = object()
BAD_FIELDS = [
    ("id", "", "id: is empty"),
    ("id", 5, "id: expected a string, found number"),
    ("id", MISSING, "id: is missing"),
    ("text", None, "text: expected a string, found null"),
    ("text", "a \ud83d b", "text: holds half of a surrogate pair"),
    ("text", TEXT[:30], "sentences[0]: end 53 is beyond the text, which has 30 characters"),
    ("meta", [], "meta: expected an object, found list"),
    ("sentences", {}, "sentences: expected a list, found object"),
    ("statement", [], "statement: unknown field"),
    ("sentences.0", None, "sentences[0]: expected an object, found null"),
    ("sentences.0.start", MISSING, "sentences[0].start: is missing"),
    ("sentences.0.start", 0.0, "sentences[0].start: expected a whole number, found number"),
    ("sentences.0.end", True, "sentences[0].end: expected a whole number, found boolean"),
    ("sentences.0.start", -1, "sentences[0]: start -1 and end 53 are not 0 <= start < end"),
    ("sentences.0.end", 0, "sentences[0]: start 0 and end 0 are not 0 <= start < end"),
    ("sentences.0.end", len(TEXT) + 1, f"sentences[0]: end {len(TEXT) + 1} is beyond the text"),
    ("sentences.0.threat", 1.01, "sentences[0].threat: expected null or a number from 0 to 1"),
    ("sentences.0.text", "U", "sentences[0].text: unknown field"),
    ("statements.0", [], "statements[0]: expected an object, found list"),
    ("statements.0.speaker", "", "statements[0].speaker: is empty"),
    ("statements.0.speaker", {}, "statements[0].speaker: expected a string, found object"),
    ("statements.0.source", "he", "statements[0].source: expected an object, found string"),
    ("statements.0.source.end", 20, "statements[0].source: text does not match offsets"),
    ("statements.0.cue.text", "says", "statements[0].cue: text does not match offsets"),
    ("statements.0.cue.text", MISSING, "statements[0].cue.text: is missing"),
    ("statements.0.cue.end", 22, "statements[0].cue: start 22 and end 22 are not"),
    ("statements.0.content", MISSING, "statements[0].content: is missing"),
    ("statements.0.content", None, "statements[0].content: expected a list, found null"),
    ("statements.0.content.1.start", 44, "statements[0].content[1]: text does not match offsets"),
    ("statements.0.content.1.end", 99, "statements[0].content[1]: end 99 is beyond the text"),
    ("statements.0.quotation", "quoted", "statements[0].quotation: expected null or one of direct"),
    ("statements.0.quotation", [], "statements[0].quotation: expected null or one of direct"),
    ("statements.0.confidence", -0.1, "statements[0].confidence: expected null or a number"),
    ("statements.0.threat", True, "statements[0].threat: expected null or a number"),
    ("statements.0.sanction", "1", "statements[0].sanction: expected null or a number"),
    ("statements.0.sanction", float("nan"), "statements[0].sanction: expected null or a number"),
    ("statements.0.santion", 1.0, "statements[0].santion: unknown field"),
]


def changed(record: dict[str, Any], field: str, value: object) -> dict[str, Any]:
    """A copy of `record` with the field at a dotted path set, or dropped for MISSING."""
    record = copy.deepcopy(record)
    *way, last = [int(step) if step.isdigit() else step for step in field.split(".")]
    place: Any = record
    for step in way:
        place = place[step]
    if value is MISSING:
        del place[last]
    else:
        place[last] = value
    return record


@pytest.mark.parametrize(("field", "value", "reason"), BAD_FIELDS)
def test_a_wrong_field_is_named(tmp_path: Path, field: str, value: object, reason: str) -> None:
    path = lines(tmp_path / "a.jsonl", GOLD, changed(GOLD, field, value))
    with pytest.raises(FormatError) as caught:
        list(read_jsonl(path))
    assert caught.value.line == 2
    assert caught.value.reason.startswith(reason)


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        (b"{", "not JSON"),
        (b"[" * 100_000, "not JSON"),
        (b'{"id": ' + b"9" * 5000 + b"}", "not JSON"),
        (b"[]", "a JSON list, not an object"),
        (b'{"id": "\xe9"}', "not UTF-8 (byte 0xe9 at offset 9)"),
        (b'{"id": "\0"}', "a binary file (NUL byte at offset 9)"),
    ],
)
def test_a_line_that_is_no_object(tmp_path: Path, line: bytes, reason: str) -> None:
    path = tmp_path / "a.jsonl"
    path.write_bytes(b"\n" + line)
    for read in (read_jsonl, read_scores):
        with pytest.raises(FormatError) as caught:
            list(read(path))
        assert caught.value.line == 2
        assert caught.value.reason.startswith(reason)


SCORES = {name: value for name, value in GOLD.items() if name != "text"}


@pytest.mark.parametrize(
    ("field", "value", "reason"),
    [
        ("text", TEXT, "text: unknown field"),
        ("id", "", "id: is empty"),
        ("sentences.0.end", -1, "sentences[0]: start 0 and end -1 are not"),
        ("statements.0.cue.text", "saying", "statements[0].cue: text does not match offsets"),
        ("statements.0.threat", 2, "statements[0].threat: expected null or a number"),
    ],
)
def test_scores_are_checked_as_far_as_they_can_be(
    tmp_path: Path, field: str, value: object, reason: str
) -> None:
    path = lines(tmp_path / "a.jsonl", SCORES, changed(SCORES, field, value))
    stream = read_scores(path)
    assert next(stream).id == "gold"
    with pytest.raises(FormatError) as caught:
        next(stream)
    assert caught.value.reason.startswith(reason)


def test_a_missing_file_is_an_os_error(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError, match=r"nowhere\.jsonl"):
        list(read_jsonl(tmp_path / "nowhere.jsonl"))


def test_a_score_that_is_no_number_is_not_written() -> None:
    handle = io.StringIO()
    article = Article("a", "He came.", (Sentence(0, 8, float("nan")),))
    with pytest.raises(ValueError, match="JSON"):
        write_article(article, handle)
    assert handle.getvalue() == ""


def test_speakers_are_read_and_written(tmp_path: Path) -> None:
    scored = json.loads(json.dumps(GOLD))
    mention = {"start": 11, "end": 21, "text": "Kofi Annan"}
    scored["statements"][0] |= {"speaker_mention": mention, "speaker_confidence": 0.5}
    speaker = {"name": "Kofi Annan", "role": "U.N. chief", "mentions": [mention]}
    scored["speakers"] = [speaker | {"statements": 1, "threats": 1, "sanctions": 0}]
    [article] = read_jsonl(lines(tmp_path / "a.jsonl", scored))
    assert article.statements[0].speaker_mention == Span(11, 21, "Kofi Annan")
    assert article.speakers[0].role == "U.N. chief"
    assert article.to_dict() == scored


@pytest.mark.parametrize(
    ("field", "value", "reason"),
    [
        ("statements", -1, "no less than 0"),
        ("threats", 1.5, "a whole number"),
        ("mentions", [{"start": 0, "end": 4, "text": "Kofi"}], "text does not match offsets"),
        ("name", "", "is empty"),
        ("rank", 1, "unknown field"),
    ],
)
def test_a_malformed_speaker_is_named(
    tmp_path: Path, field: str, value: object, reason: str
) -> None:
    broken = GOLD | {"speakers": [{"name": "Kofi Annan", field: value}]}
    with pytest.raises(FormatError, match=rf"speakers\[0\].*{reason}"):
        list(read_jsonl(lines(tmp_path / "a.jsonl", broken)))
