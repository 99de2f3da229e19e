"""What is seen on a sentence's surface, to count a model's errors by."""

from __future__ import annotations

import re

from avowal.data.records import Article, Sentence, Span
from avowal.inference.quotation import QuotedText

_SURFACES = {
    "condition (if, unless, until, or else)": re.compile(r"\b(?:if|unless|until|or else)\b", re.I),
    "negation": re.compile(r"\b(?:not|no|nor|never|nothing|nobody|none)\b|n['’]t\b", re.I),
    "question": re.compile(r"\?"),
    "names a measure": re.compile(
        r"\b(?:sanction|embargo|tariff|ban|freez|froz|blacklist|boycott|expel|duty|duties)", re.I
    ),
    "names a threat": re.compile(r"\b(?:threat|warn|vow|ultimatum|consequence|retaliat)", re.I),
}
_QUOTED = {
    "direct": "a quotation as a whole",
    "mixed": "a quotation in part",
    "indirect": "no quotation",
}


def surfaces_of(article: Article, sentence: Sentence) -> list[str]:
    """The kinds of a sentence; there is always one, and often several."""
    text = article.text[sentence.start : sentence.end]
    quoted = QuotedText(article.text).kind((Span.of(article.text, sentence.start, sentence.end),))
    found = [_QUOTED[quoted]]
    found += [name for name, pattern in _SURFACES.items() if pattern.search(text)]
    if len(found) == 1:
        found.append("none of these words")
    if not re.search(r"[.!?…][”’\"']?$", text):
        found.append("headline or fragment")
    return found
