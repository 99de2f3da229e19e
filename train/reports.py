"""Figures of a model or of the whole pipeline on annotated data."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import asdict
from itertools import combinations
from pathlib import Path
from typing import Any

import numpy as np

from avowal.data.brat import BratDocument, read_brat_folder
from avowal.data.gum_coreference import read_gum_coreference
from avowal.data.plover import ROOTS, read_plv
from avowal.data.records import Article, Sentence, Statement
from avowal.inference.attribution import Attributor, statements_of
from avowal.inference.intent import INTENTS, SentenceIntents
from avowal.inference.nearest import join_nearest
from avowal.inference.resolve import SpeakerResolver
from avowal.inference.scorer import Scorer
from avowal.inference.speaker_model import SpeakerModel
from avowal.inference.windows import tokenize
from avowal.train.attribution_metrics import FIGURES, count
from avowal.train.bootstrap import Figure, figures
from avowal.train.corpora import is_gum, read_articles
from avowal.train.intent_metrics import binary_figures, root_figures
from avowal.train.relation_metrics import RELATION_FIGURES, count_relations
from avowal.train.speaker_metrics import count_annotated, count_coreference, figures_of

BATCH = 8
Report = dict[str, Any]


def attribution_report(
    articles: Sequence[Article], predicted: Iterable[Sequence[Statement]]
) -> Report:
    """DESIGN's attribution figures of predictions for `articles`, in order."""
    counts = [
        count(article.text, article.statements, found)
        for article, found in zip(articles, predicted, strict=True)
    ]
    return _report(figures(FIGURES, np.array(counts)), len(articles))


def predict_attributions(
    attributor: Attributor,
    articles: Sequence[Article],
    *,
    gold_cues: bool = False,
    join: str = "cue",
) -> Iterable[list[Statement]]:
    """The statements of each article, in batches.

    Args:
        gold_cues: take the annotated cues in place of those that pass one finds.
        join: ``"cue"`` for the pass by cue, ``"nearest"`` for the baseline without it.
    """
    for first in range(0, len(articles), BATCH):
        part = articles[first : first + BATCH]
        texts = [article.text for article in part]
        if join == "nearest":
            tokens = tokenize(attributor.model.tokenizer, texts)
            for text, one, tagged in zip(texts, tokens, attributor.model.tag(tokens), strict=True):
                links = join_nearest(text, [(int(a), int(b)) for a, b in one.offsets], tagged)
                yield statements_of(text, one, [(item, 0.0) for item in links])
        elif gold_cues:
            cues = [[s.cue for s in article.statements if s.cue] for article in part]
            yield from attributor(texts, cues)
        else:
            yield from attributor(texts)


def agreement_report(folder: Path) -> Report:
    """The attribution figures between annotators of the same text, each pair taken both ways."""
    documents: list[BratDocument] = [
        document for document in read_brat_folder(folder) if len(document.annotators) > 1
    ]
    if not documents:
        raise ValueError(f"{folder}: no article has several annotators")
    counts = []
    for document in documents:
        total = np.zeros((len(FIGURES), 3), dtype=np.int64)
        for a, b in combinations(sorted(document.annotators), 2):
            total += count(document.text, document.annotators[a], document.annotators[b])
        counts.append(total)
    return _report(figures(FIGURES, np.array(counts)), len(documents))


def intent_report(scorer: SentenceIntents, articles: Sequence[Article]) -> Report:
    """Threat and sanction on gold sentences; those without a label are context alone."""
    labelled = [article for article in articles if article.sentences]
    probabilities = scorer(
        [article.text for article in labelled],
        [[(s.start, s.end) for s in article.sentences] for article in labelled],
    )
    gold = [sentence for article in labelled for sentence in article.sentences]
    found = np.concatenate(probabilities) if labelled else np.zeros((0, 2))
    return _intent_figures(gold, found)


def plover_report(model: SentenceIntents, path: Path) -> Report:
    """PLV's root codes: THREATEN, SANCTION, and the macro F1 of all (`root_macro`)."""
    rows = read_plv(path)
    scores = np.concatenate(
        model.logits([r.text for r in rows], [[(0, len(r.text))] for r in rows])
    )
    roots = [label.removeprefix("root:") for label in model.labels[len(INTENTS) :]]
    if not roots:
        raise ValueError("this intent model was trained without PLOVER's root codes")
    best = [ROOTS.index(roots[i]) for i in scores[:, len(INTENTS) :].argmax(axis=1)]
    found = root_figures(best, [ROOTS.index(r.root) for r in rows])
    macro = found.pop("roots")["macro_f1"]
    return {"sentences": len(rows), **found, "root_macro": macro}


def speaker_report(model: SpeakerModel, path: Path) -> Report:
    """Accuracy of speakers on gold sources, by form of source, and their coreference.

    Args:
        path: a folder of GUM, or articles with gold statements.

    Raises:
        ValueError: where there is no source to measure on.
    """
    resolver = SpeakerResolver(model)
    if is_gum(path):
        counted = [count_coreference(d, resolver) for d in read_gum_coreference(path)]
    else:
        counted = [count_annotated(article, resolver) for article in read_articles([str(path)])]
    return {"speakers": {"documents": len(counted), **figures_of(counted).summary()}}


def relation_report(attributor: Attributor, path: Path) -> Report:
    """How many of the attribution relations of a folder of GUM are found."""
    documents = list(read_gum_coreference(path))
    predicted = predict_attributions(attributor, [document.article for document in documents])
    counts = [
        count_relations(document, found)
        for document, found in zip(documents, predicted, strict=True)
    ]
    return _report(figures(RELATION_FIGURES, np.array(counts)), len(documents))


def pipeline_report(scorer: Scorer, articles: Sequence[Article]) -> Report:
    """The whole pipeline's figures on everything that the articles have gold for."""
    scored = list(scorer.stream(articles))
    report: Report = {}
    if any(article.statements for article in articles):
        report["attribution"] = attribution_report(articles, [a.statements for a in scored])
    pairs = [
        (sentence, _nearest(sentence, found.sentences))
        for article, found in zip(articles, scored, strict=True)
        for sentence in article.sentences
    ]
    if pairs:
        values = np.array([[s.threat or 0.0, s.sanction or 0.0] for _, s in pairs])
        report["intent"] = _intent_figures([sentence for sentence, _ in pairs], values)
    return report


def _nearest(gold: Sentence, found: Sequence[Sentence]) -> Sentence:
    """The predicted sentence that shares most with a gold one."""
    return max(
        found,
        key=lambda s: min(s.end, gold.end) - max(s.start, gold.start),
        default=Sentence(0, 0, 0.0, 0.0),
    )


def _intent_figures(every: Sequence[Sentence], found: np.ndarray[Any, Any]) -> Report:
    """Figures of the sentences with a label; false alarms are counted in all of them."""
    labelled = [i for i, s in enumerate(every) if (s.threat, s.sanction) != (None, None)]
    gold, probabilities = [every[i] for i in labelled], found[labelled]
    report: Report = {"sentences": len(gold)}
    right = np.ones(len(gold), dtype=bool)
    for index, name in enumerate(INTENTS):
        labels = [getattr(sentence, name) for sentence in gold]
        known = np.array([label is not None for label in labels], dtype=bool)
        values = np.array([label or 0.0 for label in labels])
        figures = binary_figures(probabilities[known, index], values[known])
        wrong = (probabilities[known, index] >= 0.5) & (values[known] < 0.5)
        report[name] = figures | {"false_alarms": 100 * float(wrong.mean()) if len(wrong) else 0.0}
        right &= ~known | ((probabilities[:, index] >= 0.5) == (values >= 0.5))
    report["both_right"] = 100 * float(right.mean()) if len(gold) else 100.0
    return report


def _report(found: dict[str, Figure], documents: int) -> Report:
    return {"documents": documents} | {name: asdict(figure) for name, figure in found.items()}
