"""Calibration of threat and sanction, and the scores that it is fitted on."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray
from sklearn.linear_model import LogisticRegression

from avowal.data.records import Article, Sentence
from avowal.inference.confidence import Calibration, log_odds
from avowal.inference.intent import INTENTS, SentenceIntents
from avowal.train.intent_examples import NO_ROW, UNKNOWN, IntentExample
from avowal.train.intent_metrics import intent_figures


def fit_calibrations(
    examples: Sequence[IntentExample], scores: NDArray[np.float64]
) -> list[Calibration]:
    """Platt scaling of each of `INTENTS`, fitted where the label is known."""
    fitted = []
    for index, name in enumerate(INTENTS):
        labels = np.array([getattr(e, name) for e in examples])
        known = labels != UNKNOWN
        raw = log_odds(1 / (1 + np.exp(-scores[known, index].astype(np.float64))))[:, None]
        model = LogisticRegression(C=1e6).fit(raw, labels[known] >= 0.5)
        fitted.append(Calibration((float(model.coef_[0, 0]),), float(model.intercept_[0])))
    return fitted


def as_settings(calibrations: Sequence[Calibration]) -> dict[str, Any]:
    """What a model folder's settings say of the calibration of `INTENTS`."""
    fitted = {name: one.to_dict() for name, one in zip(INTENTS, calibrations, strict=True)}
    return {"calibration": fitted}


def fitted_intents(
    intent: SentenceIntents, dev: Sequence[Article]
) -> tuple[dict[str, Any], dict[str, Any]]:
    """Calibration fitted on `dev`, as settings, and the figures on it."""
    examples, scores = scored(intent, dev)
    calibrations = fit_calibrations(examples, scores)
    figures = intent_figures(examples, scores, calibrations)
    return as_settings(calibrations), {f"dev_{k}": v for k, v in figures.items()}


def scored(
    intent: SentenceIntents, articles: Sequence[Article]
) -> tuple[list[IntentExample], NDArray[np.float64]]:
    """The labelled sentences of articles, and their raw scores (sentences, labels).

    An article without sentences is one sentence.
    """
    examples: list[IntentExample] = []
    bounds = []
    for article in articles:
        sentences = article.sentences or (Sentence(0, len(article.text)),)
        bounds.append([(s.start, s.end) for s in sentences])
        for s in sentences:
            known = [UNKNOWN if v is None else v for v in (s.threat, s.sanction)]
            examples.append(IntentExample(article.id, NO_ROW, known[0], known[1], -1))
    answers = intent.logits([article.text for article in articles], bounds)
    return examples, np.concatenate(answers).astype(np.float64)
