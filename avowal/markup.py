"""An article's statements marked in its text, as HTML that is safe to show.

Everything of an article that comes near a browser is escaped here and nowhere else. The text is
cut at every edge of a span, and each piece that something covers is one flat ``<span>`` that says
in data attributes what covers it, so spans may nest, overlap or be equal:

| attribute | value |
|---|---|
| ``data-source``, ``data-cue``, ``data-content`` | the statements whose it is |
| ``data-sentence`` | the sentence's place |
| ``data-labels`` | ``threat``, ``sanction`` or both, where the sentence is one |

Several values are parted by spaces, so that ``[data-cue~="3"]`` finds the cue of statement 3. The
HTML keeps line breaks as they are: show it with ``white-space: pre-wrap``.
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterator, Sequence
from importlib.resources import files

from avowal.data.records import Sentence, Span, Statement

THRESHOLD = 0.5
ROLES = ("source", "cue", "content")

# Half a surrogate pair has no UTF-8, and HTML has no way to write a NUL.
_UNSHOWABLE = re.compile("[\0\ud800-\udfff]")
# These turn what follows them around, which can show a text as another than it is.
_TURNING = re.compile("[\u202a-\u202e\u2066-\u2069]")

Mark = tuple[str, int]
"""What covers a piece of text: a role and a statement's place, or "sentence" and its place."""


def palette() -> str:
    """The colours of statements, light and dark, as CSS variables for a page that shows them."""
    return files("avowal").joinpath("palette.css").read_text(encoding="utf-8")


def legend() -> str:
    """What the marks of an article mean, as an HTML list in the same marks."""
    return files("avowal").joinpath("legend.html").read_text(encoding="utf-8")


def showable(text: str) -> str:
    """The text as HTML can hold it, a code point for a code point.

    NUL and halves of surrogate pairs become U+FFFD; everything else stays.
    """
    return _UNSHOWABLE.sub("\ufffd", text)


def escape(text: str) -> str:
    """Text as the content of an HTML element: nothing in it is markup, and none of it is lost.

    Characters that turn the direction of writing stand in a ``<bdi>`` of their own, where they turn
    nothing; its ``data-control`` names them, as ``U+202E``.
    """
    escaped = html.escape(showable(text)).replace("\r", "&#13;")
    return _TURNING.sub(
        lambda match: f'<bdi data-control="U+{ord(match[0]):04X}">{match[0]}</bdi>', escaped
    )


def mark_up(
    text: str,
    statements: Sequence[Statement],
    sentences: Sequence[Sentence] = (),
    *,
    threshold: float = THRESHOLD,
) -> str:
    """An article as HTML, with its statements and sentences marked.

    Args:
        text: the article's text; the offsets of what follows count its code points.
        statements: in any order; a statement is named by its place here, from 0.
        sentences: the same, for threat and sanction.
        threshold: the probability from which a sentence has a label.

    Returns:
        HTML for the inside of an element. Without its tags, and unescaped, it is `showable(text)`.

    Raises:
        ValueError: for a span or sentence that does not lie inside the text.

    Example:
        >>> from avowal import Span, Statement
        >>> mark_up("Ana: no", [Statement(Span(0, 3, "Ana"), None, (Span(5, 7, "no"),))])
        '<span data-source="0">Ana</span>: <span data-content="0">no</span>'
    """
    edges: dict[int, list[tuple[Mark, bool]]] = {}
    for start, end, mark in _marks(statements, sentences):
        if not 0 <= start < end <= len(text):
            raise ValueError(
                f"{mark[0]} {mark[1]} at [{start}, {end}) is not inside a text of "
                f"{len(text)} characters"
            )
        edges.setdefault(start, []).append((mark, True))
        edges.setdefault(end, []).append((mark, False))
    labels = [
        [name for name in ("threat", "sanction") if (getattr(s, name) or 0.0) >= threshold]
        for s in sentences
    ]
    pieces: list[str] = []
    covering: dict[Mark, int] = {}
    begun = 0
    for place in [*sorted(edges), len(text)]:
        pieces.append(_piece(text[begun:place], covering, labels))
        for mark, opens in edges.get(place, ()):
            covering[mark] = covering.get(mark, 0) + (1 if opens else -1)
            if not covering[mark]:
                del covering[mark]
        begun = place
    return "".join(pieces)


def _marks(
    statements: Sequence[Statement], sentences: Sequence[Sentence]
) -> Iterator[tuple[int, int, Mark]]:
    for place, statement in enumerate(statements):
        owned: tuple[tuple[Span | None, ...], ...] = (
            (statement.source,),
            (statement.cue,),
            statement.content,
        )
        for role, spans in zip(ROLES, owned, strict=True):
            for span in spans:
                if span is not None:
                    yield span.start, span.end, (role, place)
    for place, sentence in enumerate(sentences):
        yield sentence.start, sentence.end, ("sentence", place)


def _piece(text: str, covering: dict[Mark, int], labels: Sequence[Sequence[str]]) -> str:
    if not text:
        return ""
    attributes = []
    for name in (*ROLES, "sentence"):
        places = sorted(place for kind, place in covering if kind == name)
        if places:
            attributes.append(f' data-{name}="{" ".join(map(str, places))}"')
        if name == "sentence":
            found = sorted({label for place in places for label in labels[place]}, reverse=True)
            if found:
                attributes.append(f' data-labels="{" ".join(found)}"')
    return f"<span{''.join(attributes)}>{escape(text)}</span>" if attributes else escape(text)
