"""Attribution of tokenized articles: the two passes, linked into statements with confidences."""

from __future__ import annotations

import re
import unicodedata
from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from avowal.data.records import Span, Statement
from avowal.inference.confidence import Calibration
from avowal.inference.joint import JointModel
from avowal.inference.joint_runtime import JointRuntime
from avowal.inference.labels import TokenSpan, token_span
from avowal.inference.linking import (
    Link,
    distinct,
    grown,
    joined,
    link,
    settled,
    unclaimed,
    without_cue,
)
from avowal.inference.model_folder import JOINT, ModelError, ModelFolder
from avowal.inference.paragraphs import within_paragraphs
from avowal.inference.passes import AttributionModel, Marked, Tagged, cue_candidates
from avowal.inference.phrases import whole_phrases
from avowal.inference.quotation import quotation_kind, quoted_ranges
from avowal.inference.quoted_contents import whole_quotations
from avowal.inference.runtime import Runtime
from avowal.inference.script_lines import by_script
from avowal.inference.windows import Tokens, tokenize
from avowal.inference.words import whole_words

if TYPE_CHECKING:
    from tokenizers import Tokenizer

_LEFT_OVER = re.compile(r"[,;:\s]+")
_GAP = re.compile("[\\s\"“”'‘’«»]*")
UNCALIBRATED = Calibration((0.35, 0.05, 0.1, 0.0, 0.2, 0.15), -1.5)
UNCALIBRATED_ALONE = Calibration((1.0,), -2.0)


@dataclass(frozen=True, slots=True)
class Decoding:
    """How links become statements; fitted on held-back articles and kept in `avowal.json`.

    Attributes:
        cue_threshold: probability from which a run of tokens is tried as a cue.
        shared: share of content from which two statements say the same.
        minimum: confidence below which a statement with a cue is dropped.
        minimum_without_cue: the same for content that no cue owns.
        with_cue, alone: calibrations of the confidence of either kind.
    """

    cue_threshold: float = 0.2
    shared: float = 0.5
    minimum: float = 0.35
    minimum_without_cue: float = 0.35
    with_cue: Calibration = UNCALIBRATED
    alone: Calibration = UNCALIBRATED_ALONE

    @classmethod
    def of(cls, folder: ModelFolder) -> Decoding:
        """The decoding that a model folder was calibrated with, or an uncalibrated one."""
        values = dict(folder.settings.get("decoding", {}))
        for name in ("with_cue", "alone"):
            if name in values:
                values[name] = Calibration.from_dict(values[name])
        try:
            return cls(**values)
        except TypeError as error:
            raise ModelError(f"{folder.path}/avowal.json: decoding: {error}") from error


class Attributor:
    """Finds the statements of articles.

    Args:
        folder: an attribution model, or a joint one.
        runtime: what runs it: a `Runtime`, or a `JointRuntime`.
        decoding: how links become statements; the folder's own by default.
        tokenizer: the folder's own, where it has been read already.
    """

    def __init__(
        self,
        folder: ModelFolder,
        runtime: Runtime | JointRuntime,
        decoding: Decoding | None = None,
        tokenizer: Tokenizer | None = None,
    ) -> None:
        kind: Any = JointModel if folder.task == JOINT else AttributionModel
        self.model: AttributionModel | JointModel = kind(folder, runtime, tokenizer)
        self.decoding = decoding or Decoding.of(folder)

    def __call__(
        self, texts: Sequence[str], gold_cues: Sequence[Sequence[Span]] | None = None
    ) -> list[list[Statement]]:
        """The statements of each text, in order of the text; speakers are not named yet.

        Args:
            gold_cues: cues to use in place of the model's, to measure what cue finding costs.
        """
        return self.find(texts, *self.read(texts), gold_cues)

    def read(self, texts: Sequence[str]) -> tuple[list[Tokens], list[Tagged]]:
        """Pass one of each text, and of a joint model all that its intents are computed from."""
        articles = tokenize(self.model.tokenizer, texts)
        return articles, self.model.tag(articles)

    def find(
        self,
        texts: Sequence[str],
        articles: Sequence[Tokens],
        tagged: Sequence[Tagged],
        gold_cues: Sequence[Sequence[Span]] | None = None,
    ) -> list[list[Statement]]:
        """The statements of texts that have been read."""
        links = self.candidates(articles, tagged, gold_cues)
        return [
            statements_of(text, tokens, self.choose(text, tokens, t, found))
            for text, tokens, t, found in zip(texts, articles, tagged, links, strict=True)
        ]

    def candidates(
        self,
        articles: Sequence[Tokens],
        tagged: Sequence[Tagged],
        gold_cues: Sequence[Sequence[Span]] | None = None,
    ) -> list[list[Link]]:
        """What pass two finds for every cue that an article may have, before any is dropped."""
        if gold_cues is None:
            cues = [cue_candidates(t, self.decoding.cue_threshold) for t in tagged]
        else:
            cues = [
                [s for c in given if (s := token_span(tokens.offsets, c.start, c.end))]
                for given, tokens in zip(gold_cues, articles, strict=True)
            ]
        owners = [index for index, spans in enumerate(cues) for _ in spans]
        marked = [
            Marked(articles[index], tagged[index], span)
            for index, spans in enumerate(cues)
            for span in spans
        ]
        links: list[list[Link]] = [[] for _ in articles]
        for index, owned in zip(owners, self.model.own(marked), strict=True):
            if found := link(owned, tagged[index]):
                if gold_cues is not None:
                    found = replace(found, evidence=found.evidence._replace(tagged_cue=1.0))
                links[index].append(found)
        return links

    def choose(
        self, text: str, tokens: Tokens, tagged: Tagged, links: list[Link]
    ) -> list[tuple[Link, float]]:
        """The links of one article to keep, with their confidences."""
        rules = self.decoding
        sure = rules.with_cue([item.evidence for item in links]).tolist()
        likely = [i for i, confidence in enumerate(sure) if confidence >= rules.minimum]
        links, sure = [links[i] for i in likely], [sure[i] for i in likely]
        links = settled(links)
        kept = distinct(links, sure, rules.shared)
        chosen = [(links[i], sure[i]) for i in kept]
        alone = [without_cue(piece, tagged) for piece in unclaimed(tagged, links)]
        chosen = by_script(text, tokens, tagged, carry_on(text, tokens, chosen, alone))
        confident = rules.alone([[item.evidence.tagged_content] for item, _ in chosen])
        chosen = [
            (item, confidence if item.cue else float(own))
            for (item, confidence), own in zip(chosen, confident, strict=True)
            if item.cue or item.source or own >= rules.minimum_without_cue
        ]
        confidences = [confidence for _, confidence in chosen]
        whole = grown([item for item, _ in chosen], tagged)
        whole = [whole_words(text, tokens, item) for item in whole]
        whole = whole_phrases(text, tokens, whole)
        whole = whole_quotations(text, tokens, within_paragraphs(text, tokens, whole))
        # What was cut to a paragraph may have come to say the same as another.
        kept = distinct(whole, confidences, rules.shared)
        return [(whole[i], confidences[i]) for i in kept]


def carry_on(
    text: str, tokens: Tokens, chosen: Sequence[tuple[Link, float]], alone: Sequence[Link]
) -> list[tuple[Link, float]]:
    """Give content without a cue to the statement that it goes on from; keep the rest alone.

    It goes on where nothing but space and quotation marks lies between, as where a quotation runs
    over a paragraph's end.
    """
    found = list(chosen)
    ends = {item.content[-1][1]: index for index, (item, _) in enumerate(found)}
    by_end = sorted(ends)
    for item in alone:
        start, end = item.content[0]
        place = bisect_right(by_end, start) - 1
        if place >= 0:
            before = by_end[place]
            gap = text[tokens.offsets[before - 1][1] : tokens.offsets[start][0]]
            if len(gap) <= 16 and _GAP.fullmatch(gap):
                index = ends[before]
                owner, confidence = found[index]
                found[index] = (joined(owner, (start, end)), confidence)
                by_end[place] = end
                ends[end] = index
                continue
        found.append((item, 0.0))
    return found


def statements_of(
    text: str, tokens: Tokens, links: Sequence[tuple[Link, float]]
) -> list[Statement]:
    """Statements with character offsets, ordered by where they begin; none of punctuation alone."""

    def span(tokens_of_it: TokenSpan) -> Span:
        first, last = tokens_of_it
        end = int(tokens.offsets[last - 1, 1])
        limit = int(tokens.offsets[last, 0]) if last < len(tokens) else len(text)
        # A tokenizer that strips accents leaves out the one that stands after its letter.
        while end < limit and unicodedata.combining(text[end]):
            end += 1
        return Span.of(text, int(tokens.offsets[first, 0]), end)

    def worded(tokens_of_it: TokenSpan) -> Span | None:
        """What a piece of content says, without punctuation that a clause before it left over."""
        found = span(tokens_of_it)
        if all(unicodedata.category(character)[0] in "PZC" for character in found.text):
            return None
        left_over = _LEFT_OVER.match(found.text)
        return Span.of(text, found.start + (left_over.end() if left_over else 0), found.end)

    quoted = quoted_ranges(text)
    statements = []
    for item, confidence in links:
        content = tuple(piece for piece in map(worded, item.content) if piece)
        if not content:
            continue
        statements.append(
            Statement(
                source=span(item.source) if item.source else None,
                cue=span(item.cue) if item.cue else None,
                content=content,
                quotation=quotation_kind(text, content, quoted),
                confidence=confidence,
            )
        )
    return sorted(statements, key=lambda s: (s.content[0].start, s.content[-1].end))
