"""Training the speaker model: questions out of annotated articles, a conditional logit, figures."""

from __future__ import annotations

import zlib
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from transformers import TrainingArguments

from avowal.data.gum_coreference import CoreferenceDocument, read_gum_coreference
from avowal.data.records import Article
from avowal.inference.model_folder import WEIGHTS
from avowal.inference.resolve import SpeakerResolver
from avowal.inference.speaker_model import SpeakerModel
from avowal.train.corpora import find_corpus, read_articles
from avowal.train.json_files import write_json
from avowal.train.speaker_examples import Example, annotated_examples, coreference_examples
from avowal.train.speaker_fit import fit_weights
from avowal.train.speaker_metrics import (
    Counted,
    SpeakerFigures,
    count_annotated,
    count_coreference,
    figures_of,
)

TASK = "speaker"


@dataclass
class SpeakerArguments:
    """What a run of the speaker task may set, beside the seed and the output folder.

    The first lines of each field say what it is in a config.
    """

    task: str = TASK
    train_data: list[str] = field(
        default_factory=list, metadata={"help": "JSONL files with gold statements and speakers."}
    )
    dev_data: list[str] = field(
        default_factory=list, metadata={"help": "The same, to measure the finished model on."}
    )
    coreference_data: list[str] = field(
        default_factory=list, metadata={"help": "Folders of GUM; the first is cross-validated."}
    )
    data_dir: str | None = field(default=None, metadata={"help": "Folder of the corpora."})
    folds: int = field(default=5, metadata={"help": "Folds of the cross-validation; 0 for none."})
    l2: float = field(default=1.0, metadata={"help": "Penalty of a weight for all forms."})
    form_l2: float = field(default=0.5, metadata={"help": "Penalty of a weight for one form."})
    minimum_count: int = field(default=2, metadata={"help": "Questions a feature must be in."})
    threshold: float = field(
        default=0.5, metadata={"help": "Probability below which a source keeps its own words."}
    )


def run(arguments: SpeakerArguments, training: TrainingArguments) -> dict[str, Any]:
    """Fit, measure and write the weights to the output folder.

    Raises:
        ValueError: where the threshold or the folds are out of their range, or there are no data.
    """
    if not 0 < arguments.threshold < 1 or arguments.folds < 0 or arguments.folds == 1:
        raise ValueError("threshold is between 0 and 1, and folds is 0 or at least 2")
    articles = list(read_articles(arguments.train_data, arguments.data_dir))
    corpora = [
        list(read_gum_coreference(find_corpus(named, arguments.data_dir)))
        for named in arguments.coreference_data
    ]
    examples = [e for article in articles for e in annotated_examples(article)]
    first = corpora[0] if corpora else []
    validated = [coreference_examples(document) for document in first]
    fixed = examples + [
        e for corpus in corpora[1:] for document in corpus for e in coreference_examples(document)
    ]
    figures: dict[str, Any] = {}
    if first and arguments.folds:
        counted = _cross_validated(arguments, first, validated, fixed)
        figures |= _named(Path(arguments.coreference_data[0]).name, figures_of(counted))
    every = fixed + [e for found in validated for e in found]
    model = SpeakerModel(_fit(every, arguments), arguments.threshold)
    dev = list(read_articles(arguments.dev_data, arguments.data_dir))
    if dev:
        figures |= _named("dev", figures_of(_measured(model, dev)))
    folder = Path(str(training.output_dir))
    folder.mkdir(parents=True, exist_ok=True)
    write_json(folder / WEIGHTS, {name: round(w, 3) for name, w in sorted(model.weights.items())})
    return {
        "settings": {"threshold": arguments.threshold},
        "figures": {"questions": len(every), **figures},
    }


def _fit(examples: Sequence[Example], arguments: SpeakerArguments) -> dict[str, float]:
    return fit_weights(examples, arguments.l2, arguments.form_l2, arguments.minimum_count)


def _cross_validated(
    arguments: SpeakerArguments,
    documents: Sequence[CoreferenceDocument],
    examples: Sequence[Sequence[Example]],
    fixed: Sequence[Example],
) -> list[Counted]:
    """Every document read by a model that has not seen it; folds are by the documents' names."""
    counted: list[Counted] = []
    fold_of = [zlib.crc32(d.article.id.encode()) % arguments.folds for d in documents]
    for fold in sorted(set(fold_of)):
        seen = [
            e for own, found in zip(fold_of, examples, strict=True) if own != fold for e in found
        ]
        model = SpeakerModel(_fit([*fixed, *seen], arguments), arguments.threshold)
        resolver = SpeakerResolver(model)
        counted += [
            count_coreference(document, resolver)
            for own, document in zip(fold_of, documents, strict=True)
            if own == fold
        ]
    return counted


def _measured(model: SpeakerModel, articles: Sequence[Article]) -> list[Counted]:
    resolver = SpeakerResolver(model)
    return [count_annotated(article, resolver) for article in articles]


def _named(data: str, figures: SpeakerFigures) -> dict[str, Any]:
    return {f"{data}, {name}": value for name, value in figures.summary().items()}
