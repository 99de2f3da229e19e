"""`avowal report` on the command line: what is joined, what is missing, what is refused."""

from __future__ import annotations

import base64
import json
import re
import zlib
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from scored_articles import made_articles, write_scored

from avowal import Article
from avowal.cli import main
from avowal.markup import legend
from avowal.report.dates import date_in_path, parse_date

Run = Callable[..., tuple[int, str]]


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str]) -> Run:
    def call(*arguments: object) -> tuple[int, str]:
        with pytest.raises(SystemExit) as stopped:
            main(["report", *map(str, arguments)])
        code = stopped.value.code
        assert isinstance(code, int | None)
        return code or 0, capsys.readouterr().err

    return call


def rows(out: Path) -> dict[str, Any]:
    [found] = re.findall(r'id="rows">(.*?)</script>', out.read_text("utf-8"), re.DOTALL)
    return json.loads(found)


def article_html(out: Path, number: int) -> str:
    [found] = re.findall(rf'id="article-{number}">(.*?)</script>', out.read_text("utf-8"))
    return zlib.decompress(base64.b64decode(found)).decode("utf-8")


def test_every_statement_and_article_is_in_it(run: Run, tmp_path: Path) -> None:
    made = list(made_articles(3, statements=4))
    scores, texts = write_scored(made, tmp_path)
    out = tmp_path / "report.html"
    code, said = run(scores, "--articles", texts, "--out", out)
    assert code == 0
    assert said.startswith("3 articles, 12 statements, ")
    data = rows(out)
    assert [row[:2] for row in data["articles"]] == [
        [a.id, f"2026-01-0{i + 1}"] for i, a in enumerate(made)
    ]
    assert [row[data["columns"].index("content")] for row in data["statements"]] == [
        s.content[0].text for a in made for s in a.statements
    ]
    assert [re.sub("<[^>]+>", "", article_html(out, i)) for i in range(3)] == [a.text for a in made]
    assert out.read_text("utf-8").count(legend()) == 1


def test_a_missing_and_a_changed_text_are_named_and_the_rest_is_there(
    run: Run, tmp_path: Path
) -> None:
    made = list(made_articles(3, statements=2))
    scores, texts = write_scored(made, tmp_path)
    (texts / made[0].id).unlink()
    (texts / made[1].id).write_text("Quite another text.", encoding="utf-8")
    out = tmp_path / "report.html"
    code, said = run(scores, "--articles", texts, "--out", out)
    assert code == 1
    assert f"without text: {made[0].id}: no article of this id" in said
    assert f"without text: {made[1].id}: the text is not the one that was scored" in said
    assert len(rows(out)["statements"]) == 6
    assert "no article of this id" in article_html(out, 2)


def test_dates_come_from_rows_pages_and_paths(run: Run, tmp_path: Path) -> None:
    folder = tmp_path / "articles"
    folder.mkdir()
    lines = [
        {"id": "row", "text": "Ana said no.", "published": "2026-04-05T10:00:00Z"},
        {"id": "2025-12-31-b", "text": "Bo said no.", "published": "last spring"},
    ]
    (folder / "rows.jsonl").write_text("\n".join(map(json.dumps, lines)))
    (folder / "page.html").write_text(
        "<html><head><meta property='article:published_time' content='2026-02-03T08:00:00+00:00'>"
        "</head><body><article><p>The harbour of Norvale was closed on Monday, and the council "
        "said that nobody knew when it would be opened again.</p></article></body></html>"
    )
    scores = tmp_path / "scores.jsonl"
    ids = ["row", "2025-12-31-b", "page.html"]
    scores.write_text("".join(json.dumps({"id": i}) + "\n" for i in ids))
    out = tmp_path / "report.html"
    code, said = run(scores, "--articles", folder, "--out", out, "--date-column", "published")
    assert code == 0
    assert "1 dates not understood, the first 'last spring' in 2025-12-31-b" in said
    assert {name: day for name, day, _ in rows(out)["articles"]} == {
        "row": "2026-04-05",
        "2025-12-31-b": "2025-12-31",
        "page.html": "2026-02-03",
    }


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        ("", "no article in it"),
        ('{"id": "a"}\n{"id": "a"}\n', "two articles have the id 'a'"),
        ('{"id": 7}\n', "scores.jsonl:1: id: expected a string"),
    ],
)
def test_scores_that_are_none_leave_an_older_report(
    run: Run, tmp_path: Path, content: str, reason: str
) -> None:
    _, texts = write_scored(list(made_articles(1)), tmp_path)
    (tmp_path / "scores.jsonl").write_text(content)
    out = tmp_path / "report.html"
    out.write_text("older")
    code, said = run(tmp_path / "scores.jsonl", "--articles", texts, "--out", out)
    assert code == 2
    assert reason in said
    assert out.read_text() == "older"


def test_it_does_not_overwrite_what_it_reads(run: Run, tmp_path: Path) -> None:
    scores, texts = write_scored(list(made_articles(1)), tmp_path)
    for out in (scores, texts / "report.html"):
        code, _ = run(scores, "--articles", texts, "--out", out)
        assert code == 2
    assert scores.stat().st_size


def test_without_the_extra_it_says_what_to_install(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("avowal.report.document._CHART_LIBRARY", ("no_such_package", "x.js"))
    scores, texts = write_scored(list(made_articles(1)), tmp_path)
    code, said = run(scores, "--articles", texts, "--out", tmp_path / "report.html")
    assert code == 2
    assert "pip install 'avowal[report]'" in said


@pytest.mark.parametrize(
    ("path", "day"),
    [
        ("2026/03/05/a.txt", date(2026, 3, 5)),
        ("a-20260305.txt", date(2026, 3, 5)),
        ("2025-01-01/b-2026-03-05.txt", date(2026, 3, 5)),
        ("2026-13-05.txt", None),
        ("1202603051.txt", None),
        ("a.txt", None),
    ],
)
def test_a_date_in_a_path(path: str, day: date | None) -> None:
    assert date_in_path(path) == day


def test_a_written_date() -> None:
    assert parse_date(" 2026-03-05 10:00:00") == date(2026, 3, 5)
    assert parse_date("05/03/2026") is None


def test_an_article_without_statements_is_in_it(run: Run, tmp_path: Path) -> None:
    scores, texts = write_scored([Article("a.txt", "Nothing was said.")], tmp_path)
    out = tmp_path / "report.html"
    assert run(scores, "--articles", texts, "--out", out)[0] == 0
    assert article_html(out, 0) == "Nothing was said."
