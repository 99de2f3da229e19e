"""Fit how an attribution model's links become statements, on articles held back from training."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, replace
from itertools import product
from typing import Any

import numpy as np
from sklearn.linear_model import LogisticRegression

from avowal.data.records import Article
from avowal.inference.attribution import Attributor, Decoding, statements_of
from avowal.inference.confidence import Calibration, log_odds
from avowal.inference.linking import Evidence, Link, distinct, unclaimed, without_cue
from avowal.inference.passes import Tagged
from avowal.inference.windows import Tokens, tokenize
from avowal.train.attribution_metrics import FIGURES, WordIndex, count, match
from avowal.train.bootstrap import figures

WIDTH = len(Evidence._fields)
MINIMA = (0.2, 0.25, 0.3, 0.35, 0.4, 0.45, 0.5)
SHARES = (0.3, 0.5, 0.7)
ALONE = (0.4, 0.5, 0.6, 0.65, 0.7, 0.75, 0.8, 0.85, 0.88, 0.9, 0.91, 0.92, 0.93, 0.94)
NEVER = 1.1
# Content that no cue owns is worth keeping for a reader, though no gold source agrees with it.
CONCEDED = 0.2


def calibrate(attributor: Attributor, articles: Sequence[Article]) -> dict[str, Any]:
    """Fit the confidences and the thresholds of `attributor` on `articles`, and set them.

    The thresholds are those of the best statement F1; content without a cue is kept as far as that
    costs at most `CONCEDED` points of it.

    Returns:
        The fitted decoding as JSON values, for `avowal.json`.
    """
    texts = [article.text for article in articles]
    tokens = tokenize(attributor.model.tokenizer, texts)
    tagged = attributor.model.tag(tokens)
    links = attributor.candidates(tokens, tagged)
    rules = replace(attributor.decoding, with_cue=_fit_with_cue(articles, tokens, links))
    rules = replace(rules, alone=_fit_alone(articles, tokens, tagged, links, rules))

    def reached(tried: Decoding) -> float:
        return _statement_f1(attributor, tried, articles, tokens, tagged, links)

    grid = [
        replace(rules, minimum=minimum, shared=shared, minimum_without_cue=NEVER)
        for minimum, shared in product(MINIMA, SHARES)
    ]
    rules = max(grid, key=reached)
    enough = reached(rules) - CONCEDED
    for minimum in sorted(ALONE, reverse=True):
        tried = replace(rules, minimum_without_cue=minimum)
        if reached(tried) < enough:
            break
        rules = tried
    attributor.decoding = rules
    values = asdict(rules)
    values["with_cue"], values["alone"] = rules.with_cue.to_dict(), rules.alone.to_dict()
    return values


def _statement_f1(
    attributor: Attributor,
    rules: Decoding,
    articles: Sequence[Article],
    tokens: Sequence[Tokens],
    tagged: Sequence[Tagged],
    links: Sequence[list[Link]],
) -> float:
    attributor.decoding = rules
    counts = [
        count(a.text, a.statements, statements_of(a.text, t, attributor.choose(a.text, t, g, x)))
        for a, t, g, x in zip(articles, tokens, tagged, links, strict=True)
    ]
    return figures(FIGURES, np.array(counts), resamples=2)["statement"].f1


def _fit_with_cue(
    articles: Sequence[Article], tokens: Sequence[Tokens], links: Sequence[list[Link]]
) -> Calibration:
    """Fit first on all links, then on those that are left where several say the same."""
    right = [_right(a, t, x) for a, t, x in zip(articles, tokens, links, strict=True)]
    every = [
        (item, ok) for x, r in zip(links, right, strict=True) for item, ok in zip(x, r, strict=True)
    ]
    first = _platt([item.evidence for item, _ in every], [ok for _, ok in every], WIDTH)
    left = []
    for x, r in zip(links, right, strict=True):
        sure = first([item.evidence for item in x]).tolist()
        left += [(x[i], r[i]) for i in distinct(x, sure, 0.5)]
    return _platt([item.evidence for item, _ in left], [ok for _, ok in left], WIDTH)


def _fit_alone(
    articles: Sequence[Article],
    tokens: Sequence[Tokens],
    tagged: Sequence[Tagged],
    links: Sequence[list[Link]],
    rules: Decoding,
) -> Calibration:
    evidence, right = [], []
    for article, t, g, x in zip(articles, tokens, tagged, links, strict=True):
        sure = rules.with_cue([item.evidence for item in x])
        likely = [item for item, p in zip(x, sure, strict=True) if p >= rules.minimum]
        alone = [without_cue(piece, g) for piece in unclaimed(g, likely)]
        evidence += [[item.evidence.tagged_content] for item in alone]
        right += _right(article, t, alone, with_source=False)
    return _platt(evidence, right, 1)


def _right(
    article: Article, tokens: Tokens, links: Sequence[Link], with_source: bool = True
) -> list[bool]:
    """Whether each link alone agrees with some gold statement."""
    index = WordIndex(article.text)
    found = [statements_of(article.text, tokens, [(item, 0.0)]) for item in links]
    return [bool(match(index, article.statements, one)[int(with_source)]) for one in found]


def _platt(evidence: Sequence[Sequence[float]], right: Sequence[bool], width: int) -> Calibration:
    """Platt scaling of `width` scores; with one outcome only, a constant just inside it."""
    rate = (sum(right) + 1) / (len(right) + 2)
    if not any(right) or all(right):
        return Calibration((0.0,) * width, float(np.log(rate / (1 - rate))))
    fitted = LogisticRegression().fit(log_odds(np.array(evidence)), np.array(right))
    return Calibration(tuple(float(w) for w in fitted.coef_[0]), float(fitted.intercept_[0]))
