"""Count the annotated corpus and measure how far its annotators agree.

    python scripts/describe_corpus.py

Every offset is verified while the corpus is read. Agreement is Cohen's kappa of sentence labels and
the metrics of `avowal evaluate` between the first and the second annotation of a passage.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from rich.console import Console
from rich.table import Table
from sklearn.metrics import cohen_kappa_score

from avowal.data import load_annotated
from avowal.data.annotated_corpus import FOLDER, Split
from avowal.data.jsonl import read_jsonl
from avowal.data.label_rows import NewsLabels, read_news_labels, read_plv_labels
from avowal.train.attribution_metrics import FIGURES, count
from avowal.train.bootstrap import figures

SPLITS: tuple[Split, ...] = ("train", "dev", "test", "attributed", "labelled", "examples")
AGREEMENT = FOLDER / "agreement"


def main() -> None:
    console = Console()
    console.print(passages())
    console.print(sentences_elsewhere())
    console.print(label_agreement())
    console.print(attribution_agreement())


def passages() -> Table:
    table = Table("part", "passages", "sentences", "statements", "threat", "sanction", "neither")
    for split in SPLITS:
        articles = load_annotated(split)
        found = [s for article in articles for s in article.sentences]
        row = [
            len(articles),
            len(found),
            sum(len(article.statements) for article in articles),
            sum(bool(s.threat) for s in found),
            sum(bool(s.sanction) for s in found),
            sum(not s.threat and not s.sanction for s in found),
        ]
        table.add_row(split, *(f"{n:,}" for n in row))
    return table


def sentences_elsewhere() -> Table:
    table = Table("single sentences", "sentences", "threat", "sanction")
    rows = read_news_labels(FOLDER / "news.tsv")
    for part in sorted({row.part for row in rows}):
        labels = [row.labels for row in rows if row.part == part]
        table.add_row(f"news, {part}", *_counts(labels))
    table.add_row("PLV train", *_counts(list(read_plv_labels(FOLDER / "plv.tsv").values())))
    table.add_row("events", *_counts(list(read_plv_labels(FOLDER / "event_labels.tsv").values())))
    return table


def _counts(labels: Sequence[tuple[float, float]]) -> list[str]:
    return [f"{n:,.0f}" for n in (len(labels), *np.sum(labels, axis=0))]


def label_agreement() -> Table:
    table = Table("annotated twice", "sentences", "kappa, threat", "kappa, sanction")
    for name in ("passages", "news"):
        rows = read_news_labels(AGREEMENT / f"{name}.tsv")
        for part in sorted({row.part for row in rows}):
            first, second = (_of(rows, part, annotator) for annotator in "AB")
            kappas = [cohen_kappa_score(first[:, column], second[:, column]) for column in range(2)]
            shown = name if part == name else f"{name}, {part}"
            table.add_row(shown, f"{len(first):,}", *(f"{kappa:.3f}" for kappa in kappas))
    written = read_plv_labels(AGREEMENT / "event_labels.tsv")
    read = read_plv_labels(FOLDER / "event_labels.tsv")
    pairs = np.array([(written[key], read[key]) for key in written])
    kappas = [cohen_kappa_score(*pairs[:, :, column].T) for column in range(2)]
    table.add_row("events", f"{len(pairs):,}", *(f"{kappa:.3f}" for kappa in kappas))
    return table


def _of(rows: Sequence[NewsLabels], part: str, annotator: str) -> np.ndarray:
    chosen = [row for row in rows if row.part == part and row.annotator == annotator]
    chosen.sort(key=lambda row: (row.document, row.start))
    return np.array([row.labels for row in chosen])


def attribution_agreement() -> Table:
    first = {a.id: a for split in SPLITS[:4] for a in load_annotated(split)}
    second = list(read_jsonl(AGREEMENT / "statements.jsonl"))
    counts = [count(a.text, first[a.id].statements, a.statements) for a in second]
    table = Table(f"who said what, {len(second)} passages annotated twice", "F1", "95 %")
    for name, figure in figures(FIGURES, np.array(counts)).items():
        table.add_row(name, f"{figure.f1:.1f}", f"{figure.low:.1f} to {figure.high:.1f}")
    return table


if __name__ == "__main__":
    main()
