"""The attribution task: arguments, features, model and metrics of one training run."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
from datasets import Dataset
from transformers import (
    DataCollatorForTokenClassification,
    EarlyStoppingCallback,
    EvalPrediction,
    PreTrainedModel,
    PreTrainedTokenizerFast,
    TrainingArguments,
)

from avowal.data.records import Article
from avowal.inference.attribution import Attributor
from avowal.inference.labels import ROLES, best_labels, decode
from avowal.inference.model_folder import SETTINGS, open_model
from avowal.inference.runtime import TorchRuntime
from avowal.inference.windows import CUE_TOKENS, CueMark, WindowBuilder, special_ids, tokenize
from avowal.train.attribution_calibration import calibrate
from avowal.train.attribution_features import (
    IGNORED,
    CueLexicon,
    LabelledWindow,
    cue_windows,
    tag_windows,
)
from avowal.train.byte_dropout import use_byte_dropout
from avowal.train.checkpoints import last_checkpoint
from avowal.train.corpora import held_back, read_articles
from avowal.train.encoders import find_encoder, keep_word_embeddings, load_tagger, load_tokenizer
from avowal.train.json_files import write_json
from avowal.train.ordered_trainer import OrderedEvalTrainer

TASK = "attribution"


@dataclass
class AttributionArguments:
    """The fields of an attribution config beside those of `transformers.TrainingArguments`."""

    encoder: str = field(
        metadata={"help": "base encoder or attribution model: a folder or a name on the hub"}
    )
    train_data: list[str] = field(metadata={"help": "brat folders and JSONL files"})
    task: str = TASK
    data_dir: str | None = field(
        default=None, metadata={"help": "folder of the corpora; else AVOWAL_DATA"}
    )
    held_back: float = field(
        default=0.05,
        metadata={"help": "share of the articles kept for early stopping and calibration"},
    )
    window: int = field(default=256, metadata={"help": "tokens of a window without a mark"})
    train_overlap: int = field(default=64, metadata={"help": "tokens shared by two windows"})
    tag_repeat: int = field(
        default=1, metadata={"help": "times that the windows without a mark are read an epoch"}
    )
    marks: bool = field(
        default=True, metadata={"help": "windows around marked cues too; without, a plain tagger"}
    )
    word_embeddings: str | None = field(
        default=None, metadata={"help": "model folder whose word embeddings are kept as they are"}
    )
    cue_window: int = field(default=160, metadata={"help": "tokens of a window around a cue"})
    false_cues: float = field(default=0.25, metadata={"help": "false cues for each gold cue"})
    cue_jitter: float = field(default=0.25, metadata={"help": "share of marks off by a token"})
    hidden_dropout: float = 0.1
    attention_dropout: float = 0.0
    early_stopping_patience: int = 2


@dataclass(frozen=True)
class AttributionTask:
    """What a `Trainer` needs for one run, and what the finished model folder has to know."""

    model: PreTrainedModel
    tokenizer: PreTrainedTokenizerFast
    collator: DataCollatorForTokenClassification
    train: Dataset
    dev: Dataset
    compute_metrics: Callable[[EvalPrediction], dict[str, float]]
    settings: dict[str, Any]
    held_back: list[Article]


def split_articles(arguments: AttributionArguments) -> tuple[list[Article], list[Article]]:
    """The articles to train on, and those held back."""
    articles = list(read_articles(arguments.train_data, arguments.data_dir))
    dev = [a for a in articles if held_back(a.id, arguments.held_back)]
    train = [a for a in articles if not held_back(a.id, arguments.held_back)]
    if not train or not dev:
        raise ValueError(
            f"{len(train)} articles to train on and {len(dev)} held back: both need at least one"
        )
    return train, dev


def prepare(
    arguments: AttributionArguments, seed: int, *, use_cpu: bool = False
) -> AttributionTask:
    """Read the corpora and the encoder, and build both data sets."""
    path = find_encoder(arguments.encoder)
    tokenizer = load_tokenizer(path)
    model = load_tagger(
        path, arguments.hidden_dropout, arguments.attention_dropout, use_cpu=use_cpu
    )
    # The models take the count of labels that a step has, and leave it unused: their loss is a mean
    # of one batch, which the trainer has to divide where a step has several.
    model.accepts_loss_kwargs = False
    cue_mark: CueMark = (
        "token_type_ids" if getattr(model.config, "type_vocab_size", 0) > 1 else "tokens"
    )
    if cue_mark == "tokens":
        tokenizer.add_special_tokens({"additional_special_tokens": list(CUE_TOKENS)})
        model.resize_token_embeddings(len(tokenizer))
    if arguments.word_embeddings:
        keep_word_embeddings(model, arguments.word_embeddings)
    special = special_ids(tokenizer.backend_tokenizer, tokenizer.cls_token, tokenizer.sep_token)
    builder = WindowBuilder(special, cue_mark, paragraphs=True)
    train, dev = split_articles(arguments)
    lexicon = CueLexicon.of(train if arguments.marks else [])

    def features(
        articles: Sequence[Article], overlap: int, rng: random.Random, repeat: int = 1
    ) -> Dataset:
        windows: list[LabelledWindow] = []
        texts = [article.text for article in articles]
        for article, tokens in zip(
            articles, tokenize(tokenizer.backend_tokenizer, texts), strict=True
        ):
            windows += repeat * tag_windows(article, tokens, builder, arguments.window, overlap)
            if not arguments.marks:
                continue
            windows += cue_windows(
                article,
                tokens,
                builder,
                arguments.cue_window,
                lexicon,
                arguments.false_cues,
                arguments.cue_jitter,
                rng,
            )
        return _dataset(windows, cue_mark)

    train_set = features(train, arguments.train_overlap, random.Random(seed), arguments.tag_repeat)
    dev_set = features(dev, 0, random.Random(seed + 1))
    return AttributionTask(
        model,
        tokenizer,
        DataCollatorForTokenClassification(tokenizer),
        train_set,
        dev_set.remove_columns("marked"),
        span_metrics(dev_set["marked"]),
        {
            "cue_mark": cue_mark,
            "paragraphs": True,
            "marks": arguments.marks,
            "window": arguments.window,
            "cue_window": arguments.cue_window,
        },
        dev,
    )


def run(arguments: AttributionArguments, training: TrainingArguments) -> dict[str, Any]:
    """Train one model, in both modes unless `marks` is off, and leave it at `output_dir`.

    Returns:
        What the model folder has to know: settings, and figures on the articles held back.
    """
    task = prepare(arguments, training.seed, use_cpu=training.use_cpu)
    if training.use_cpu:
        use_byte_dropout(task.model)
    watched = training.eval_strategy != "no" and training.metric_for_best_model
    trainer = OrderedEvalTrainer(
        model=task.model,
        args=training,
        train_dataset=task.train,
        eval_dataset=task.dev,
        data_collator=task.collator,
        processing_class=task.tokenizer,
        compute_metrics=task.compute_metrics,
        callbacks=[EarlyStoppingCallback(arguments.early_stopping_patience)] if watched else [],
    )
    trainer.train(resume_from_checkpoint=last_checkpoint(training))
    figures = trainer.evaluate()
    trainer.save_model(str(training.output_dir))
    settings = task.settings
    if training.process_index == 0 and arguments.marks:
        folder = Path(str(training.output_dir))
        write_json(folder / SETTINGS, {"task": TASK, **settings})
        model = open_model(folder)
        attributor = Attributor(model, TorchRuntime(model, training.device.type))
        settings = settings | {"decoding": calibrate(attributor, task.held_back)}
    return {"settings": settings, "figures": figures}


def _dataset(windows: Iterable[LabelledWindow], cue_mark: CueMark) -> Dataset:
    columns: dict[str, list[Any]] = {
        "input_ids": [w.window.input_ids for w in windows],
        "labels": [w.labels for w in windows],
        "length": [len(w.labels) for w in windows],
        "marked": [w.marked for w in windows],
    }
    if cue_mark == "token_type_ids":
        columns["token_type_ids"] = [w.window.token_type_ids for w in windows]
    return Dataset.from_dict(columns)


def span_metrics(marked: Sequence[bool]) -> Callable[[EvalPrediction], dict[str, float]]:
    """Exact span F1 by role over windows, apart for windows with and without a marked cue.

    `f1`, the figure to stop early by, is the mean of cue F1 without a mark and of source and
    content F1 with one: what the two passes of inference lean on. Of a plain tagger it is the mean
    of all three without a mark.
    """
    leading = ("all_cue_f1", "marked_source_f1", "marked_content_f1")
    if not any(marked):
        leading = ("all_cue_f1", "all_source_f1", "all_content_f1")

    def compute(prediction: EvalPrediction) -> dict[str, float]:
        logits, gold = np.asarray(prediction.predictions), np.asarray(prediction.label_ids)
        counts: Counter[tuple[bool, str, str]] = Counter()
        for row, labels, mark in zip(logits, gold, marked, strict=True):
            inside = labels != IGNORED
            scores = row[inside].astype(np.float32)
            valid = np.ones((1, len(scores)), dtype=bool)
            found = set(decode(best_labels(scores[None], valid)[0]))
            expected = set(decode(labels[inside]))
            for kind, spans in (("tp", found & expected), ("p", found), ("g", expected)):
                for role, _, _ in spans:
                    counts[mark, role, kind] += 1

        def f1(mark: bool, role: str) -> float:
            total = counts[mark, role, "p"] + counts[mark, role, "g"]
            return 2 * counts[mark, role, "tp"] / total if total else 0.0

        figures = {
            f"{'marked' if mark else 'all'}_{role}_f1": f1(mark, role)
            for mark in (False, True)
            for role in ROLES
        }
        return figures | {"f1": sum(figures[name] for name in leading) / len(leading)}

    return compute
