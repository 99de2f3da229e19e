"""A thousand files, of which fifty are broken in ten ways."""

from __future__ import annotations

import gzip
import json
from collections import Counter
from pathlib import Path

import pytest
from scripted_models import scripted_scorer

from avowal.data.jsonl import read_scores
from avowal.inference.batch import score_paths

TEXT = "Ana warned of a strike. “No embargo,” Bo said.\n"
BROKEN: dict[str, tuple[str, bytes, str]] = {
    "empty": (".txt", b"", "the file is empty; "),
    "blank": (".md", b" \n\t\r\n", "empty but for whitespace"),
    "binary": (".txt", b"\x7fELF\0\0", "a binary file"),
    "latin-1": (".txt", "Él dijo no".encode("latin-1"), "not UTF-8"),
    "utf-16": (".md", TEXT.encode("utf-16"), "UTF-16, not UTF-8"),
    "no page": (".html", b"<html></html>", "no main text"),
    "no JSON": (".jsonl", b"Ana said no.\n", "not JSON"),
    "no column": (".csv", b"id,body\n1,no\n", "no column 'text'"),
    "no Parquet": (".parquet", b"PAR1", "not a readable Parquet file"),
    "cut off": (".jsonl.gz", gzip.compress(b'{"text": "Ana said no."}')[:20], "damaged or cut off"),
}


def test_fifty_broken_files_of_a_thousand_are_named_and_the_others_scored(tmp_path: Path) -> None:
    pytest.importorskip("pyarrow")
    scorer = scripted_scorer(tmp_path / "models")
    folder, out = tmp_path / "articles", tmp_path / "out.jsonl"
    for number in range(1000):
        place = folder / f"{number % 7}"
        place.mkdir(parents=True, exist_ok=True)
        suffix, content, _ = (
            list(BROKEN.values())[number // 20 % 10] if number % 20 == 3 else (".txt", TEXT, "")
        )
        raw = content if isinstance(content, bytes) else content.encode()
        (place / f"{number:03}{suffix}").write_bytes(raw)
    assert not score_paths([str(folder)], load_scorer=lambda: scorer, out=out)
    assert len({article.id for article in read_scores(out)}) == 950
    errors = [json.loads(line) for line in (tmp_path / "out.errors.jsonl").open(encoding="utf-8")]
    assert len({error["path"] for error in errors}) == 50
    found = Counter(
        kind
        for error in errors
        for kind, (suffix, _, reason) in BROKEN.items()
        if reason in error["reason"] and suffix in error["path"]
    )
    assert found == Counter(dict.fromkeys(BROKEN, 5))
