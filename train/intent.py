"""The intent task: arguments, loss and cross-validation of one training run.

The labels are threat and sanction; PLOVER's root codes are auxiliary supervision, since PLV has few
threats and sanctions but many events that are neither (Hu et al., 2024, "Leveraging Codebook
Knowledge with NLI and ChatGPT for Zero-Shot Political Relation Classification").
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from copy import deepcopy
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import numpy as np
import torch
from datasets import Dataset
from numpy.typing import NDArray
from sklearn.model_selection import StratifiedGroupKFold
from transformers import (
    AutoModelForSequenceClassification,
    DataCollatorWithPadding,
    PreTrainedModel,
    PreTrainedTokenizerFast,
    Trainer,
    TrainingArguments,
    set_seed,
)

from avowal.inference.confidence import Calibration
from avowal.inference.intent import INTENTS
from avowal.inference.model_folder import SETTINGS, open_model
from avowal.train.byte_dropout import use_byte_dropout
from avowal.train.checkpoints import last_checkpoint
from avowal.train.corpora import read_articles
from avowal.train.encoders import attention, find_encoder, keep_word_embeddings, load_tokenizer
from avowal.train.intent_calibration import as_settings, fit_calibrations
from avowal.train.intent_data import EVENTS, labelled_examples, read_examples, with_shares
from avowal.train.intent_examples import UNKNOWN, IntentExample
from avowal.train.intent_metrics import intent_figures
from avowal.train.intent_teaching import ROOT_LABELS, RootTeacher
from avowal.train.json_files import write_json
from avowal.train.ordered_trainer import OrderedEvalTrainer

TASK = "intent"
LABELS = (*INTENTS, *ROOT_LABELS)
UNCALIBRATED = [Calibration((1.0,), 0.0) for _ in INTENTS]


@dataclass
class IntentArguments:
    """The fields of an intent config beside those of `transformers.TrainingArguments`."""

    encoder: str = field(metadata={"help": "base encoder: a folder or a name on the hub"})
    train_data: list[str] = field(metadata={"help": "JSONL files with labelled sentences"})
    task: str = TASK
    news_labels: str | None = field(
        default=None, metadata={"help": "table of labels of news sentences, or none"}
    )
    dev_data: list[str] = field(
        default_factory=list,
        metadata={"help": "JSONL files that calibrate; none: calibrated by cross-validation"},
    )
    plover: str | None = field(default=None, metadata={"help": "PLV_train.tsv, or none"})
    plover_labels: str | None = field(
        default=None, metadata={"help": "table of threat and sanction of PLV's sentences, or none"}
    )
    events: str | None = field(
        default=None,
        metadata={"help": "further sentences with root codes, in PLV's columns, or none"},
    )
    event_labels: str | None = field(
        default=None, metadata={"help": "table of threat and sanction of `events`, or none"}
    )
    annotated_share: float = field(
        default=1.0,
        metadata={"help": "share of the sentences of `train_data` to read, at random"},
    )
    events_share: float = field(
        default=1.0, metadata={"help": "share of the sentences of `events` to read, at random"}
    )
    plover_repeat: int = field(default=1, metadata={"help": "times that PLV is read an epoch"})
    teacher: str | None = field(
        default=None, metadata={"help": "model whose intents to learn from, or none"}
    )
    teacher_share: float = field(
        default=0.5, metadata={"help": "how much they count beside a label, from 0 to 1"}
    )
    root_teacher: str | None = field(
        default=None,
        metadata={"help": "folder of a finished intent run whose root codes to learn, or none"},
    )
    word_embeddings: str | None = field(
        default=None, metadata={"help": "model folder whose word embeddings are kept as they are"}
    )
    data_dir: str | None = field(
        default=None, metadata={"help": "folder of the corpora; else AVOWAL_DATA"}
    )
    context: int = field(default=1, metadata={"help": "sentences before, as second segment"})
    max_length: int = field(default=160, metadata={"help": "tokens of an input"})
    root_weight: float = field(default=1.0, metadata={"help": "weight of the root codes' loss"})
    start_weight: float = field(
        default=0.0,
        metadata={"help": "share of the intent model begun from in the finished weights"},
    )
    seeds: int = field(
        default=1,
        metadata={"help": "times to train, with `seed` and the numbers after it; the mean is kept"},
    )
    folds: int = field(
        default=5, metadata={"help": "folds of the cross-validation that calibrates; 0 for none"}
    )
    hidden_dropout: float = 0.1
    attention_dropout: float = 0.0


def run(arguments: IntentArguments, training: TrainingArguments) -> dict[str, Any]:
    """Train on everything and leave the model at `output_dir`; calibrate and cross-validate it.

    With `dev_data` the probabilities are calibrated on that, and only PLV is cross-validated; else
    everything is cross-validated, and calibrated on that. A resumed run does not train again the
    folds that an earlier one of its `output_dir` finished.

    Returns:
        What the model folder has to know: settings, and the figures on dev data and of the folds.
        Those on dev data flatter the calibration, which was fitted there; with dev data, our two
        labels on PLV's folds are not calibrated.
    """
    for name in ("annotated_share", "events_share"):
        if not 0 < getattr(arguments, name) <= 1:
            raise ValueError(f"{name} is above 0 and at most 1")
    if not 0 <= arguments.start_weight < 1:
        raise ValueError("start_weight is at least 0 and below 1")
    if arguments.seeds < 1:
        raise ValueError(f"seeds is at least 1, not {arguments.seeds}")
    if not 0 <= arguments.teacher_share <= 1:
        raise ValueError(f"teacher_share is between 0 and 1, not {arguments.teacher_share:g}")
    path = find_encoder(arguments.encoder)
    tokenizer = load_tokenizer(path)
    device = training.device.type
    teacher = None
    if arguments.root_teacher:
        teacher = RootTeacher(arguments.root_teacher, drawn_by(arguments, training), device)
    begin = _Beginning(arguments, path, tokenizer, teacher)
    examples = read_examples(arguments, tokenizer, device)
    articles = read_articles(arguments.dev_data, arguments.data_dir)
    dev = labelled_examples(arguments, tokenizer, articles)
    if arguments.dev_data and not dev:
        raise ValueError(f"no labelled sentences in {', '.join(arguments.dev_data)}")
    folded = held_out(examples, bool(dev))
    if arguments.folds or dev:
        _check(dev or examples)
    figures: dict[str, Any] = {}
    fitted: list[Calibration] = []
    if arguments.folds and folded:
        scores = _cross_validate(begin, training, examples, folded)
        held = [examples[i] for i in folded]
        if not dev:
            fitted = fit_calibrations(held, scores)
        figures |= intent_figures(held, scores, fitted or UNCALIBRATED)
    trainer = _fit(begin, training, examples)
    if dev:
        scores = np.asarray(trainer.predict(_dataset(dev, tokenizer, 0.0)).predictions)
        fitted = fit_calibrations(dev, scores)
        figures |= {f"dev_{k}": v for k, v in intent_figures(dev, scores, fitted).items()}
    trainer.save_model(str(training.output_dir))
    settings = _settings(arguments)
    if fitted:
        settings |= as_settings(fitted)
    return {"settings": settings, "figures": figures}


def drawn_by(arguments: IntentArguments, training: TrainingArguments) -> dict[str, Any]:
    """The fields that say what is in each fold: without dev data, passages and news are too."""
    if not arguments.folds:
        return {}
    names = ["folds", "plover", "dev_data"]
    names += [] if arguments.dev_data else ["train_data", "news_labels"]
    return {"seed": training.seed, **{name: getattr(arguments, name) for name in names}}


def _settings(arguments: IntentArguments) -> dict[str, Any]:
    return {"context": arguments.context, "max_length": arguments.max_length}


@dataclass(frozen=True)
class _Beginning:
    """What every model of a run begins from: the encoder's folder, and who teaches root codes."""

    arguments: IntentArguments
    path: str
    tokenizer: PreTrainedTokenizerFast
    root_teacher: RootTeacher | None

    def read(
        self, examples: Sequence[IntentExample], seed: int, fold: int | None
    ) -> list[IntentExample]:
        """What a run of `seed` reads, with what the root teacher of `fold` says of it."""
        read = with_shares(self.arguments, examples, seed)
        if self.root_teacher is None:
            return read
        said = self.root_teacher([example.text for example in read], fold)
        return [
            replace(example, root_taught=tuple(roots.tolist()))
            for example, roots in zip(read, said, strict=True)
        ]


def _check(examples: Sequence[IntentExample]) -> None:
    for name in INTENTS:
        if len({getattr(e, name) >= 0.5 for e in examples if getattr(e, name) != UNKNOWN}) < 2:
            raise ValueError(
                f"calibration needs sentences with {name} and without; set `folds: 0` and no "
                "`dev_data`"
            )


def held_out(examples: Sequence[IntentExample], dev: bool) -> list[int]:
    """The indices of the examples that are in folds: with dev data those with a root code alone."""
    return [i for i, e in enumerate(examples) if not (e.part == EVENTS or (dev and e.root < 0))]


def splits(
    held: Sequence[IntentExample], folds: int, seed: int
) -> Iterator[tuple[NDArray[np.int64], NDArray[np.int64]]]:
    """The indices of `held` that each fold learns from, and those that it is tested on."""
    strata = [f"{e.root}" if e.root >= 0 else f"{e.threat:.0f}{e.sanction:.0f}" for e in held]
    splitter = StratifiedGroupKFold(folds, shuffle=True, random_state=seed)
    yield from splitter.split(held, strata, [e.group for e in held])


def _cross_validate(
    begin: _Beginning,
    training: TrainingArguments,
    examples: Sequence[IntentExample],
    folded: Sequence[int],
) -> NDArray[np.float64]:
    """Scores of the examples `folded` by models that did not see their group, (folded, labels).

    The other examples are trained on in every fold.
    """
    resumed = _resumed(training)
    held = [examples[i] for i in folded]
    others = sorted(set(range(len(examples))) - set(folded))
    scores = np.zeros((len(held), len(LABELS)))
    for fold, (train, test) in enumerate(splits(held, begin.arguments.folds, training.seed)):
        one = deepcopy(training)
        one.output_dir = str(Path(str(training.output_dir)) / "folds" / str(fold))
        # A fold goes on from its own checkpoint: another may have seen what it is tested on.
        one.resume_from_checkpoint = "true" if resumed else None
        done = Path(one.output_dir) / "scores.json"
        if not (resumed and done.is_file()):
            kept = [examples[i] for i in others] + [held[i] for i in train]
            trainer = _fit(begin, one, kept, fold)
            tested = _dataset([held[i] for i in test], begin.tokenizer, 0.0)
            answers = trainer.predict(tested)
            _keep(trainer, done.parent, begin.arguments)
            done.write_text(json.dumps(np.asarray(answers.predictions).tolist()))
        scores[test] = np.array(json.loads(done.read_text()))
    return scores


def _keep(trainer: Trainer, folder: Path, arguments: IntentArguments) -> None:
    """Write a fold's model: it may teach the same fold of another run."""
    trainer.save_model(str(folder))
    # The trainer's own record is a pickle.
    (folder / "training_args.bin").unlink(missing_ok=True)
    write_json(folder / SETTINGS, {"task": TASK, **_settings(arguments)})


def _resumed(training: TrainingArguments) -> bool:
    return str(training.resume_from_checkpoint or "false").lower() != "false"


def _fit(
    begin: _Beginning,
    training: TrainingArguments,
    examples: Sequence[IntentExample],
    fold: int | None = None,
) -> Trainer:
    """The trainer of the last seed, with the mean of all seeds' weights in its model."""
    arguments = begin.arguments
    total: dict[str, torch.Tensor] = {}
    for seed in range(training.seed, training.seed + arguments.seeds):
        one = deepcopy(training)
        one.seed = seed
        if seed != training.seed:
            one.output_dir = str(Path(str(training.output_dir)) / f"seed-{seed}")
            one.resume_from_checkpoint = "true" if _resumed(training) else None
        # Whatever was trained before, the last layer starts from the same weights.
        set_seed(training.seed)
        trainer, model = _fit_once(begin, one, begin.read(examples, seed, fold))
        for name, value in model.state_dict().items():
            total[name] = total.get(name, 0) + value / arguments.seeds
    model.load_state_dict(total)
    return trainer


def _fit_once(
    begin: _Beginning, training: TrainingArguments, read: Sequence[IntentExample]
) -> tuple[Trainer, PreTrainedModel]:
    arguments, path = begin.arguments, begin.path
    model = AutoModelForSequenceClassification.from_pretrained(
        path,
        dtype=torch.float32,  # a shipped model holds its weights in half precision
        num_labels=len(LABELS),
        id2label=dict(enumerate(LABELS)),
        label2id={label: index for index, label in enumerate(LABELS)},
        problem_type="multi_label_classification",
        hidden_dropout_prob=arguments.hidden_dropout,
        attention_probs_dropout_prob=arguments.attention_dropout,
        attn_implementation=attention(training.use_cpu),
    )
    if not _is_intent_model(path):
        _open_pooler(model)
    if arguments.word_embeddings:
        keep_word_embeddings(model, arguments.word_embeddings)
    if training.use_cpu:
        use_byte_dropout(model)
    trainer = OrderedEvalTrainer(
        model=model,
        args=training,
        train_dataset=_dataset(read, begin.tokenizer, arguments.teacher_share),
        data_collator=DataCollatorWithPadding(begin.tokenizer),
        processing_class=begin.tokenizer,
        compute_loss_func=MaskedLoss(arguments.root_weight),
    )
    start = {name: value.detach().clone() for name, value in model.state_dict().items()}
    trainer.train(resume_from_checkpoint=last_checkpoint(training))
    _average(model, start, arguments.start_weight)
    return trainer, model


def _average(model: PreTrainedModel, start: Mapping[str, torch.Tensor], share: float) -> None:
    """Move the weights back towards those that training began from.

    What was learnt before is forgotten less than what is new is lost (Wortsman et al., 2022,
    "Robust fine-tuning of zero-shot models").
    """
    if share:
        with torch.no_grad():
            for name, value in model.state_dict().items():
                value.lerp_(start[name].to(value.device), share)


def _is_intent_model(path: str) -> bool:
    return (Path(path) / SETTINGS).is_file() and open_model(path).task == TASK


def _open_pooler(model: PreTrainedModel) -> None:
    """Let a BERT model's pooler begin as the identity.

    A sentence-transformers encoder was trained without its pooler; from the weights that lie there
    training stays on a plateau for epochs.
    """
    dense = getattr(getattr(model.base_model, "pooler", None), "dense", None)
    if dense is not None:
        torch.nn.init.eye_(dense.weight)
        torch.nn.init.zeros_(dense.bias)


def _dataset(
    examples: Sequence[IntentExample], tokenizer: PreTrainedTokenizerFast, share: float
) -> Dataset:
    columns: dict[str, list[Any]] = {
        "input_ids": [e.row[0] for e in examples],
        "labels": [[*e.targets(share), *e.root_targets(share)] for e in examples],
        "length": [len(e.row[0]) for e in examples],
    }
    if "token_type_ids" in tokenizer.model_input_names:
        columns["token_type_ids"] = [e.row[1] for e in examples]
    return Dataset.from_dict(columns)


@dataclass(frozen=True)
class MaskedLoss:
    """Binary cross-entropy of the two labels and cross-entropy of the root, where each is known."""

    root_weight: float

    def __call__(
        self, outputs: Any, labels: torch.Tensor, num_items_in_batch: Any = None
    ) -> torch.Tensor:
        logits = outputs["logits"].float()
        intents, roots = labels[:, : len(INTENTS)].float(), labels[:, len(INTENTS) :].float()
        known = intents != UNKNOWN
        binary = torch.nn.functional.binary_cross_entropy_with_logits(
            logits[:, : len(INTENTS)], intents.clamp(min=0), reduction="none"
        )
        # The trainer counts the labels of all batches of a step, on all devices.
        size = len(labels) if num_items_in_batch is None else num_items_in_batch / labels.shape[1]
        loss: torch.Tensor = (binary * known).sum() / size
        by_root: torch.Tensor = -(roots * logits[:, len(INTENTS) :].log_softmax(dim=1)).sum()
        return loss + self.root_weight * by_root / size
