"""How good a model is by register and by kind of sentence, and whether its probabilities hold.

    python scripts/describe_model.py mini data/annotated/test.jsonl

Prints tables in Markdown, for a model card. F1 in percent. The calibration curve gives, for each
tenth of the range of probabilities, how many there are, their mean, and how often they are right.
"""

from __future__ import annotations

import argparse
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from itertools import pairwise

import numpy as np

import avowal
from avowal.data.records import Article, Statement
from avowal.inference.intent import INTENTS
from avowal.train.attribution_metrics import FIGURES, WordIndex, count, match
from avowal.train.corpora import read_articles
from avowal.train.intent_metrics import binary_figures
from avowal.train.phenomena import surfaces_of

BINS = np.linspace(0, 1, 11)
Labelled = tuple[dict[str, float], dict[str, bool]]


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("model", help="a name that ships, or a folder")
    parser.add_argument("data", nargs="+", help="JSONL files of annotated articles")
    arguments = parser.parse_args()
    scorer = avowal.load(arguments.model, device="cpu")
    gold = list(read_articles(arguments.data))
    found = [a.statements for a in scorer.score([article.text for article in gold])]
    kinds: dict[str, list[Labelled]] = defaultdict(list)
    registers: dict[str, list[Labelled]] = defaultdict(list)
    every: list[Labelled] = []
    for article in gold:
        for kinds_of_it, labelled in labelled_sentences(scorer, article):
            every.append(labelled)
            registers[register(article)].append(labelled)
            for kind in kinds_of_it:
                kinds[kind].append(labelled)
    print_registers(gold, found, registers)
    print_kinds(kinds)
    rights = [right for a, its in zip(gold, found, strict=True) for right in confidences(a, its)]
    print_curve("statement", rights)
    for name in INTENTS:
        print_curve(name, [(scores[name], labels[name]) for scores, labels in every])


def register(article: Article) -> str:
    return str((article.meta or {}).get("register", "none given"))


def labelled_sentences(
    scorer: avowal.Scorer, article: Article
) -> Iterator[tuple[list[str], Labelled]]:
    """The kinds of each labelled sentence, and its probabilities and labels by intent."""
    sentences = [s for s in article.sentences if s.threat is not None and s.sanction is not None]
    if scorer.intent is None or not sentences:
        return
    [scores] = scorer.intent([article.text], [[(s.start, s.end) for s in sentences]])
    for sentence, values in zip(sentences, scores.tolist(), strict=True):
        labels = {name: bool(getattr(sentence, name)) for name in INTENTS}
        yield surfaces_of(article, sentence), (dict(zip(INTENTS, values, strict=True)), labels)


def confidences(article: Article, found: Sequence[Statement]) -> Iterator[tuple[float, bool]]:
    """The confidence of each statement, and whether a gold one agrees with it."""
    _, pairs = match(WordIndex(article.text), article.statements, found)
    right = {index for _, index in pairs}
    for index, statement in enumerate(found):
        yield statement.confidence or 0.0, index in right


def print_registers(
    gold: Sequence[Article],
    found: Sequence[Sequence[Statement]],
    labelled: dict[str, list[Labelled]],
) -> None:
    print("| register | articles | statement | threat | sanction |\n|---|---|---|---|---|")
    counts = defaultdict(list)
    for article, its in zip(gold, found, strict=True):
        counts[register(article)].append(count(article.text, article.statements, its))
    for name, of_it in sorted(counts.items(), key=lambda item: -len(item[1])):
        matched, predicted, expected = np.sum(of_it, axis=0)[FIGURES.index("statement")]
        f1 = 200 * matched / max(1, predicted + expected)
        cells = " | ".join(intent_cells(labelled[name]))
        print(f"| {name} | {len(of_it)} | {f1:.1f} of {expected} | {cells} |")
    print()


def print_kinds(kinds: dict[str, list[Labelled]]) -> None:
    print("| sentences | number | threat | sanction |\n|---|---|---|---|")
    for name, labelled in sorted(kinds.items(), key=lambda item: -len(item[1])):
        print(f"| {name} | {len(labelled)} | {' | '.join(intent_cells(labelled))} |")
    print()


def intent_cells(labelled: Sequence[Labelled]) -> Iterator[str]:
    for name in INTENTS:
        labels = [gold[name] for _, gold in labelled]
        if not any(labels):
            yield "none"
            continue
        figures = binary_figures([scores[name] for scores, _ in labelled], labels)
        yield f"{figures['f1']:.1f} of {sum(labels)}"


def print_curve(name: str, answers: Iterable[tuple[float, bool]]) -> None:
    values = np.array(list(answers), dtype=float).reshape(-1, 2)
    print(f"| {name}: probability | number | mean | right |\n|---|---|---|---|")
    for low, high in pairwise(BINS):
        last = high == BINS[-1]
        inside = (values[:, 0] >= low) & ((values[:, 0] < high) | last)
        if inside.any():
            mean, right = values[inside].mean(axis=0)
            print(f"| {low:.1f} to {high:.1f} | {inside.sum()} | {mean:.2f} | {right:.2f} |")
    print()


if __name__ == "__main__":
    main()
