"""The baseline that the pass by cue is measured against: everything joins its nearest cue."""

from __future__ import annotations

from avowal.inference.labels import TokenSpan
from avowal.inference.linking import Link
from avowal.inference.passes import Tagged


def join_nearest(text: str, offsets: list[TokenSpan], tagged: Tagged) -> list[Link]:
    """Join each source and content of pass one to the nearest cue of its paragraph.

    Args:
        offsets: the character offsets of the article's tokens.
    """
    spans = tagged.spans
    paragraph = [0] * len(offsets)
    for index in range(1, len(offsets)):
        gap = text[offsets[index - 1][1] : offsets[index][0]]
        paragraph[index] = paragraph[index - 1] + ("\n" in gap)
    cues = [(start, end) for role, start, end in spans if role == "cue"]
    sources: dict[TokenSpan, list[TokenSpan]] = {cue: [] for cue in cues}
    contents: dict[TokenSpan, list[TokenSpan]] = {cue: [] for cue in cues}
    alone: list[TokenSpan] = []
    for role, start, end in spans:
        if role == "cue":
            continue
        near = [cue for cue in cues if paragraph[cue[0]] == paragraph[start]]
        if near:
            cue = min(near, key=lambda c: max(c[0] - end, start - c[1]))
            (sources if role == "source" else contents)[cue].append((start, end))
        elif role == "content":
            alone.append((start, end))
    links = []
    for cue in cues:
        if contents[cue]:
            source = min(
                sources[cue], key=lambda s: max(s[0] - cue[1], cue[0] - s[1]), default=None
            )
            links.append(Link(source, cue, tuple(contents[cue])))
    return links + [Link(None, None, (piece,)) for piece in alone]
