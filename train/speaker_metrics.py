"""How well speakers are resolved: by form of source, beside three baselines, and as coreference.

The sources are the gold ones. A speaker is right where it is the gold one's name; where the gold
has none, it is right where no name is given. The baselines are the source's own words, the nearest
name before the source's end, and the nearest name there that agrees in gender, number and kind.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import Any, Literal

import numpy as np

from avowal.data.gum_coreference import CoreferenceDocument
from avowal.data.records import Article, Span
from avowal.inference.entities import Entity
from avowal.inference.resolve import Resolution, ResolvedSpeaker, SpeakerResolver
from avowal.inference.source_phrases import own_words, read_source
from avowal.inference.speaker_features import agrees, may_mean
from avowal.train.speaker_examples import SPEAKING, GoldEntities, same_name

Form = Literal["pronoun", "surname", "description", "full name"]
FORMS: tuple[Form, ...] = ("pronoun", "surname", "description", "full name")
BASELINES = ("own words", "nearest name", "nearest compatible name")
_LOOK_BACK = 80  # mentions in which a baseline looks for a name


@dataclass(frozen=True, slots=True)
class Judged:
    """One source: its form, whether its entity has a name, and what was right."""

    form: Form
    named: bool
    right: bool
    wrong_name: bool
    baselines: tuple[bool, ...]
    confidence: float | None


@dataclass(frozen=True, slots=True)
class Counted:
    """The sources of one document, judged, and as clusters of who speaks."""

    sources: tuple[Judged, ...]
    gold: tuple[frozenset[Hashable], ...]
    found: tuple[frozenset[Hashable], ...]


@dataclass(slots=True)
class SpeakerFigures:
    """Accuracies in percent.

    Attributes:
        named: over sources whose entity has a name, by form and of all: (sources, right, and right
            by each of `BASELINES`).
        sources, right: over all sources.
        wrong_names: how many sources were given another's name.
        ece: expected calibration error of the confidence, in ten bins.
        coreference: CoNLL average of the sources' clusters, in percent; None without its library.
    """

    named: dict[str, tuple[int, float, tuple[float, ...]]]
    sources: int
    right: float
    wrong_names: int
    ece: float
    coreference: float | None = field(default=None)

    def summary(self) -> dict[str, Any]:
        """The figures as plain values, by name."""
        out: dict[str, Any] = {}
        for form, (count, right, baselines) in self.named.items():
            values = {"sources": count, "right": right}
            out[form] = values | dict(zip(BASELINES, baselines, strict=True))
        out["all, with and without a name"] = {
            "sources": self.sources,
            "right": self.right,
            "wrong names": self.wrong_names,
            "ece": self.ece,
        }
        if self.coreference is not None:
            out["coreference of sources, CoNLL F1"] = self.coreference
        return out


def count_annotated(article: Article, resolver: SpeakerResolver) -> Counted:
    """Judge the speakers of an article with gold statements."""
    statements = article.statements
    gold = [statement.speaker for statement in statements]

    def means(index: int, name: str, span: tuple[int, int]) -> bool:
        return same_name(name, gold[index] or "")

    def form(index: int, source: Span) -> Form:
        return _form(source, gold[index])

    clusters: list[Hashable] = [
        name.casefold() if name else f"source {index}" for index, name in enumerate(gold)
    ]
    return _count(
        article.text,
        [statement.source for statement in statements],
        [statement.content for statement in statements],
        resolver,
        [name is not None for name in gold],
        means,
        form,
        clusters,
    )


def count_coreference(document: CoreferenceDocument, resolver: SpeakerResolver) -> Counted:
    """Judge the speakers of the sources of a document of GUM.

    Sources that no mention of a person, organisation or place covers are left out.
    """
    gold = GoldEntities(document)
    kept, entities = [], []
    for source in document.sources:
        entity = gold.of_span(source.span.start, source.span.end)
        if entity is not None and gold.types[entity] in SPEAKING:
            kept.append(source)
            entities.append(entity)

    def means(index: int, name: str, span: tuple[int, int]) -> bool:
        entity = entities[index]
        if not read_source(name).name and not gold.is_name_of(name, entity):
            return False  # a description, of an entity that has a name
        return gold.means(name, *span, entity) and gold.is_fullest(name, entity)

    def form(index: int, source: Span) -> Form:
        mention = gold.form_of(source.start, source.end)
        if mention == "name":
            return "full name" if len(read_source(source.text).name.split()) > 1 else "surname"
        return mention

    return _count(
        document.article.text,
        [source.span for source in kept],
        [source.content for source in kept],
        resolver,
        [entity in gold.named for entity in entities],
        means,
        form,
        list(entities),
    )


def _form(source: Span, gold: str | None) -> Form:
    phrase = read_source(source.text)
    if phrase.form == "pronoun" or (phrase.form == "owned" and phrase.owner in {"his", "her"}):
        return "pronoun"
    if phrase.form != "name":
        return "description"
    return "full name" if gold is None or same_name(phrase.name, gold) else "surname"


def _count(
    text: str,
    sources: Sequence[Span | None],
    contents: Sequence[Sequence[Span]],
    resolver: SpeakerResolver,
    named: Sequence[bool],
    means: Callable[[int, str, tuple[int, int]], bool],
    form: Callable[[int, Span], Form],
    clusters: Sequence[Hashable],
) -> Counted:
    resolution = Resolution(text, sources, contents, resolver.choose)
    speakers = resolution.speakers()
    judged = []
    for index, (source, speaker) in enumerate(zip(sources, speakers, strict=True)):
        if source is None:
            continue
        meant = partial(means, index)
        right, wrong = _judge(speaker, named[index], meant)
        words, (first, last) = own_words(source.text)
        own = bool(words) and meant(words, (source.start + first, source.start + last))
        nearest, compatible = _nearest(resolution, index, source)
        judged.append(
            Judged(
                form(index, source),
                named[index],
                right,
                wrong,
                (
                    own and form(index, source) != "pronoun",
                    nearest is not None and meant(nearest.name, nearest.span),
                    compatible is not None and meant(compatible.name, compatible.span),
                ),
                speaker.confidence if speaker else None,
            )
        )
    places = [index for index, source in enumerate(sources) if source is not None]
    numbers = [
        speaker.entity if speaker else f"source {index}" for index, speaker in enumerate(speakers)
    ]
    return Counted(
        tuple(judged),
        _clusters((index, clusters[index]) for index in places),
        _clusters((index, numbers[index]) for index in places),
    )


def _judge(
    speaker: ResolvedSpeaker | None, named: bool, means: Callable[[str, tuple[int, int]], bool]
) -> tuple[bool, bool]:
    """Whether a speaker is right, and whether it is another's name."""
    if speaker is None:
        return not named, False
    if not named:
        return not speaker.named, speaker.named
    right = means(speaker.name, (speaker.mention.start, speaker.mention.end))
    return right, speaker.named and not right


def _nearest(
    resolution: Resolution, index: int, source: Span
) -> tuple[Entity | None, Entity | None]:
    """The nearest name before a source's end, and the nearest that agrees with it."""
    names = [e for e in resolution.entities.around(source.end, _LOOK_BACK) if e.named]
    question = resolution.question(index)
    if question is None or question.form in ("name", "I"):
        return (names[0], names[0]) if names else (None, None)
    fitting = [e for e in names if may_mean(question, e) and agrees(question, e)]
    return names[0] if names else None, fitting[0] if fitting else None


def _clusters(members: Iterable[tuple[int, Hashable]]) -> tuple[frozenset[Hashable], ...]:
    found: dict[Hashable, set[Hashable]] = {}
    for index, name in members:
        found.setdefault(name, set()).add(index)
    return tuple(frozenset(cluster) for cluster in found.values())


def figures_of(counted: Sequence[Counted]) -> SpeakerFigures:
    """The figures of documents.

    Raises:
        ValueError: where they hold no source.
    """
    sources = [judged for document in counted for judged in document.sources]
    if not sources:
        raise ValueError("no sources to measure speakers on")
    named = [judged for judged in sources if judged.named]
    groups: dict[str, list[Judged]] = {
        form: [judged for judged in named if judged.form == form] for form in FORMS
    }
    groups["pronoun or description"] = [
        judged for judged in named if judged.form in ("pronoun", "description")
    ]
    groups["all with a name"] = named
    return SpeakerFigures(
        {
            form: (
                len(group),
                _share([judged.right for judged in group]),
                tuple(
                    _share([judged.baselines[i] for judged in group]) for i in range(len(BASELINES))
                ),
            )
            for form, group in groups.items()
            if group
        },
        len(sources),
        _share([judged.right for judged in sources]),
        sum(judged.wrong_name for judged in sources),
        _calibration_error(sources),
        _conll(counted),
    )


def _share(values: Sequence[bool]) -> float:
    return 100 * sum(values) / len(values)


def _calibration_error(sources: Sequence[Judged]) -> float:
    sure = [judged for judged in sources if judged.confidence is not None]
    confidence = np.array([judged.confidence for judged in sure], dtype=float)
    right = np.array([judged.right for judged in sure], dtype=float)
    bins = np.minimum((confidence * 10).astype(int), 9)
    return float(
        sum(
            abs(confidence[bins == b].mean() - right[bins == b].mean()) * (bins == b).mean()
            for b in np.unique(bins)
        )
    )


def _conll(counted: Sequence[Counted]) -> float | None:
    """The mean of MUC, B-cubed and CEAF-e (Pradhan et al., 2014) over all sources."""
    try:
        from scorch.scores import conll2012
    except ImportError:
        return None
    numbered = [
        (
            [{(i, m) for m in c} for c in document.gold],
            [{(i, m) for m in c} for c in document.found],
        )
        for i, document in enumerate(counted)
    ]
    gold = [cluster for clusters, _ in numbered for cluster in clusters]
    found = [cluster for _, clusters in numbered for cluster in clusters]
    return 100 * float(conll2012(gold, found))
