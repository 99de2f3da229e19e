"""From the two passes of an article to its statements, each with the evidence for it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import NamedTuple

import numpy as np

from avowal.inference.labels import ROLES, Floats, TokenSpan
from avowal.inference.passes import Owned, Tagged

CONTENT = ROLES.index("content")
SOURCE = ROLES.index("source")
CUE = ROLES.index("cue")

# The most tokens that content is carried on beyond its window: longer than any quotation, so that
# a text of nothing but content and cues still takes time linear in its length.
FARTHEST = 2048
# How many cues further another may claim the same content: more are rare, and time stays linear.
NEAR = 8


class Evidence(NamedTuple):
    """What the confidence of a statement is computed from; 0 for a part that is not there.

    Each is a probability of a role: the highest of the cue's tokens, the mean of the source's and
    the content's; `tagged` by pass one, `owned` by pass two.
    """

    tagged_cue: float = 0.0
    owned_cue: float = 0.0
    tagged_source: float = 0.0
    owned_source: float = 0.0
    tagged_content: float = 0.0
    owned_content: float = 0.0


NOTHING = Evidence()


@dataclass(frozen=True, slots=True)
class Link:
    """A statement in tokens, and the evidence for it.

    `owned` has, for each piece of content that pass two found, the mean probability that the cue
    owns it.
    """

    source: TokenSpan | None
    cue: TokenSpan | None
    content: tuple[TokenSpan, ...]
    evidence: Evidence = NOTHING
    owned: tuple[float, ...] = ()


def link(owned: Owned, tagged: Tagged) -> Link | None:
    """The statement of a marked cue; None where pass two finds no content for it.

    Its parts never overlap: where pass two gives marked tokens to the source or the content, the
    cue is the longest run of the others, and with none there is no statement.
    """
    mark, low = owned.mark, owned.window[0]
    pieces = [(a, b) for role, a, b in owned.spans if role == "content"]
    if not pieces:
        return None
    sources = [(a, b) for role, a, b in owned.spans if role == "source"]
    source = max(
        sources, key=lambda span: (owned.mean("source", span), span[1] - span[0]), default=None
    )
    cues = [(a, b) for role, a, b in owned.spans if role == "cue" and a < mark[1] and mark[0] < b]
    cue = (min(a for a, _ in cues), max(b for _, b in cues)) if cues else mark
    free = _longest_free(cue, [*pieces, *sources])
    if free is None:
        return None
    tokens = np.concatenate([np.arange(a, b) for a, b in pieces])
    evidence = Evidence(
        tagged_cue=float(tagged.roles[mark[0] : mark[1], CUE].max()),
        owned_cue=float(owned.roles[mark[0] - low : mark[1] - low, CUE].max()),
        tagged_source=float(tagged.roles[slice(*source), SOURCE].mean()) if source else 0.0,
        owned_source=owned.mean("source", source) if source else 0.0,
        tagged_content=float(tagged.roles[tokens, CONTENT].mean()),
        owned_content=float(owned.roles[tokens - low, CONTENT].mean()),
    )
    means = tuple(owned.mean("content", piece) for piece in pieces)
    return Link(source, free, tuple(_beyond_window(pieces, owned.window, tagged)), evidence, means)


def _longest_free(span: TokenSpan, others: list[TokenSpan]) -> TokenSpan | None:
    """The longest run of `span` that none of `others` touches, the first of equals."""
    best, start = None, span[0]
    for low, high in [*sorted(others), (span[1], span[1])]:
        end = min(low, span[1])
        if start < end and (best is None or end - start > best[1] - best[0]):
            best = (start, end)
        start = max(start, high)
    return best


def _beyond_window(pieces: list[TokenSpan], window: TokenSpan, tagged: Tagged) -> list[TokenSpan]:
    """Pieces that end where the window ends, carried on as far as pass one sees content."""
    low, high = window
    carried = []
    for start, end in pieces:
        if end == high:
            end += _run(tagged.roles[high : high + FARTHEST, CONTENT])
        if start == low:
            start -= _run(tagged.roles[max(0, low - FARTHEST) : low, CONTENT][::-1])
        carried.append((start, end))
    return carried


def _run(content: Floats) -> int:
    """How many tokens are likely content, from the first to the first that is not."""
    stops = np.flatnonzero(content < 0.5)
    return int(stops[0]) if len(stops) else len(content)


def settled(links: Sequence[Link]) -> list[Link]:
    """Links, in order of their cues, where a piece of content that two sources claim is left to
    the one that owns it more, as long as the other has more to say."""
    found = list(links)
    pairs = ((a, b) for b in range(len(found)) for a in range(max(0, b - NEAR), b))
    for a, b in pairs:
        if _apart(found[a].source, found[b].source):
            found[a], found[b] = (
                _without_lost(found[a], found[b]),
                _without_lost(found[b], found[a]),
            )
    return found


def _apart(one: TokenSpan | None, other: TokenSpan | None) -> bool:
    if one is None or other is None:
        return False
    return one[1] <= other[0] or other[1] <= one[0]


def _without_lost(item: Link, rival: Link) -> Link:
    """`item` without pieces that `rival` owns more."""
    kept = [
        (piece, mean)
        for piece, mean in zip(item.content, item.owned, strict=True)
        if not any(
            _shared(piece, other) > 0.5 and stronger > mean
            for other, stronger in zip(rival.content, rival.owned, strict=True)
        )
    ]
    if not kept or len(kept) == len(item.content):
        return item
    return replace(item, content=tuple(p for p, _ in kept), owned=tuple(m for _, m in kept))


def _shared(one: TokenSpan, other: TokenSpan) -> float:
    """How much two spans share, of the shorter."""
    common = min(one[1], other[1]) - max(one[0], other[0])
    return common / min(one[1] - one[0], other[1] - other[0])


def distinct(links: Sequence[Link], confidences: Sequence[float], shared: float) -> list[int]:
    """The indices of links that say something of their own, the surest first taken.

    A link is left out where more than `shared` of its content, or of the content of one that is
    surer, is common to both: a word belongs to one attribution (PolNeAR's rule).
    """
    order = sorted(range(len(links)), key=lambda i: (-confidences[i], i))
    owners: dict[int, list[int]] = {}
    sizes: dict[int, int] = {}
    kept = []
    for index in order:
        tokens = [t for a, b in links[index].content for t in range(a, b)]
        common: dict[int, int] = {}
        for token in tokens:
            for owner in owners.get(token, ()):
                common[owner] = common.get(owner, 0) + 1
        if any(n > shared * min(sizes[o], len(tokens)) for o, n in common.items()):
            continue
        kept.append(index)
        sizes[index] = len(tokens)
        for token in tokens:
            owners.setdefault(token, []).append(index)
    return sorted(kept)


def unclaimed(tagged: Tagged, links: Sequence[Link], minimum: int = 4) -> list[TokenSpan]:
    """Contents of pass one that no link holds, in order, at least `minimum` tokens long."""
    claimed = np.zeros(len(tagged.roles), dtype=bool)
    for item in links:
        for start, end in item.content:
            claimed[start:end] = True
        for mark in (item.source, item.cue):
            if mark:
                claimed[mark[0] : mark[1]] = True
    return [
        (start, end)
        for role, start, end in tagged.spans
        if role == "content" and end - start >= minimum and not claimed[start:end].any()
    ]


def grown(links: Sequence[Link], tagged: Tagged) -> list[Link]:
    """Each link's contents carried on, to either side, over tokens that pass one takes for content
    and no link holds."""
    free = tagged.roles[:, CONTENT] >= 0.5
    for item in links:
        for span in (item.source, item.cue, *item.content):
            if span:
                free[slice(*span)] = False
    out = []
    for item in links:
        pieces: list[TokenSpan] = []
        for start, end in item.content:
            while end < len(free) and free[end]:
                free[end] = False
                end += 1
            while start > 0 and free[start - 1]:
                start -= 1
                free[start] = False
            if pieces and pieces[-1][1] == start:
                start = pieces.pop()[0]
            pieces.append((start, end))
        out.append(replace(item, content=tuple(pieces)))
    return out


def without_cue(piece: TokenSpan, tagged: Tagged) -> Link:
    """A statement of content alone."""
    score: Floats = tagged.roles[piece[0] : piece[1], CONTENT]
    return Link(None, None, (piece,), Evidence(tagged_content=float(score.mean())))


def joined(item: Link, piece: TokenSpan) -> Link:
    """`item` with another piece of content."""
    return replace(item, content=(*item.content, piece))
