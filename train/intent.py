"""The intent task: arguments, features, loss and cross-validation of one training run.

The labels are threat and sanction; PLOVER's root codes are auxiliary supervision, since PLV has few
threats and sanctions but many events that are neither (Hu et al., 2024, "Leveraging Codebook
Knowledge with NLI and ChatGPT for Zero-Shot Political Relation Classification").
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from copy import deepcopy
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import torch
from datasets import Dataset
from numpy.typing import NDArray
from sklearn.linear_model import LogisticRegression
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

from avowal.data.plover import ROOTS, read_plv
from avowal.inference.confidence import Calibration, log_odds
from avowal.inference.intent import INTENTS
from avowal.inference.windows import special_ids
from avowal.train.checkpoints import last_checkpoint
from avowal.train.corpora import find_corpus, read_articles
from avowal.train.encoders import find_encoder, load_tokenizer
from avowal.train.intent_examples import (
    UNKNOWN,
    IntentExample,
    annotated_examples,
    plover_examples,
)
from avowal.train.intent_metrics import intent_figures
from avowal.train.ordered_trainer import OrderedEvalTrainer

TASK = "intent"
LABELS = (*INTENTS, *(f"root:{root}" for root in ROOTS))


@dataclass
class IntentArguments:
    """The fields of an intent config beside those of `transformers.TrainingArguments`."""

    encoder: str = field(metadata={"help": "base encoder: a folder or a name on the hub"})
    train_data: list[str] = field(metadata={"help": "JSONL files with labelled sentences"})
    task: str = TASK
    plover: str | None = field(default=None, metadata={"help": "PLV_train.tsv, or none"})
    data_dir: str | None = field(
        default=None, metadata={"help": "folder of the corpora; else AVOWAL_DATA"}
    )
    context: int = field(default=1, metadata={"help": "sentences before, as second segment"})
    max_length: int = field(default=160, metadata={"help": "tokens of an input"})
    root_weight: float = field(default=1.0, metadata={"help": "weight of the root codes' loss"})
    folds: int = field(
        default=5, metadata={"help": "folds of the cross-validation that calibrates; 0 for none"}
    )
    hidden_dropout: float = 0.1
    attention_dropout: float = 0.0


def run(arguments: IntentArguments, training: TrainingArguments) -> dict[str, Any]:
    """Cross-validate, then train on everything and leave the model at `output_dir`.

    A resumed run does not train again the folds that an earlier one of its `output_dir` finished.

    Returns:
        What the model folder has to know: settings, and the cross-validation's figures.
    """
    path = find_encoder(arguments.encoder)
    tokenizer = load_tokenizer(path)
    examples = _examples(arguments, tokenizer)
    folder = Path(str(training.output_dir))
    settings: dict[str, Any] = {"context": arguments.context, "max_length": arguments.max_length}
    figures: dict[str, Any] = {}
    if arguments.folds:
        for name in INTENTS:
            if len({getattr(e, name) >= 0.5 for e in examples if getattr(e, name) != UNKNOWN}) < 2:
                raise ValueError(
                    f"calibration needs sentences with {name} and without; set `folds: 0`"
                )
        scores = _cross_validate(arguments, training, path, tokenizer, examples)
        settings["calibration"] = {
            name: _calibration(scores[:, i], [getattr(e, name) for e in examples]).to_dict()
            for i, name in enumerate(INTENTS)
        }
        calibrations = [Calibration.from_dict(settings["calibration"][n]) for n in INTENTS]
        figures = intent_figures(examples, scores, calibrations)
    trainer = _fit(arguments, training, path, tokenizer, examples)
    trainer.save_model(str(folder))
    return {"settings": settings, "figures": figures}


def _examples(
    arguments: IntentArguments, tokenizer: PreTrainedTokenizerFast
) -> list[IntentExample]:
    backend = tokenizer.backend_tokenizer
    special = special_ids(backend, tokenizer.cls_token, tokenizer.sep_token)
    examples = annotated_examples(
        read_articles(arguments.train_data, arguments.data_dir),
        backend,
        special,
        arguments.context,
        arguments.max_length,
    )
    if arguments.plover:
        rows = read_plv(find_corpus(arguments.plover, arguments.data_dir))
        examples += plover_examples(rows, backend, special, arguments.max_length)
    return examples


def _cross_validate(
    arguments: IntentArguments,
    training: TrainingArguments,
    path: str,
    tokenizer: PreTrainedTokenizerFast,
    examples: Sequence[IntentExample],
) -> NDArray[np.float64]:
    """Scores of every example by a model that did not see its group: (examples, labels)."""
    resumed = str(training.resume_from_checkpoint or "false").lower() != "false"
    strata = [f"{e.root}" if e.root >= 0 else f"{e.threat:.0f}{e.sanction:.0f}" for e in examples]
    splitter = StratifiedGroupKFold(arguments.folds, shuffle=True, random_state=training.seed)
    splits = splitter.split(examples, strata, [e.group for e in examples])
    scores = np.zeros((len(examples), len(LABELS)))
    for fold, (train, test) in enumerate(splits):
        one = deepcopy(training)
        one.output_dir = str(Path(str(training.output_dir)) / "folds" / str(fold))
        # A fold goes on from its own checkpoint: another may have seen what it is tested on.
        one.resume_from_checkpoint = "true" if resumed else None
        done = Path(one.output_dir) / "scores.json"
        if not (resumed and done.is_file()):
            trainer = _fit(arguments, one, path, tokenizer, [examples[i] for i in train])
            held = trainer.predict(_dataset([examples[i] for i in test], tokenizer))
            done.parent.mkdir(parents=True, exist_ok=True)
            done.write_text(json.dumps(np.asarray(held.predictions).tolist()))
        scores[test] = np.array(json.loads(done.read_text()))
    return scores


def _fit(
    arguments: IntentArguments,
    training: TrainingArguments,
    path: str,
    tokenizer: PreTrainedTokenizerFast,
    examples: Sequence[IntentExample],
) -> Trainer:
    # Whether folds were trained before or not, the last layer starts from the same weights.
    set_seed(training.seed)
    model = AutoModelForSequenceClassification.from_pretrained(
        path,
        num_labels=len(LABELS),
        id2label=dict(enumerate(LABELS)),
        label2id={label: index for index, label in enumerate(LABELS)},
        problem_type="multi_label_classification",
        hidden_dropout_prob=arguments.hidden_dropout,
        attention_probs_dropout_prob=arguments.attention_dropout,
    )
    _open_pooler(model)
    trainer = OrderedEvalTrainer(
        model=model,
        args=training,
        train_dataset=_dataset(examples, tokenizer),
        data_collator=DataCollatorWithPadding(tokenizer),
        processing_class=tokenizer,
        compute_loss_func=MaskedLoss(arguments.root_weight),
    )
    trainer.train(resume_from_checkpoint=last_checkpoint(training))
    return trainer


def _open_pooler(model: PreTrainedModel) -> None:
    """Let a BERT model's pooler begin as the identity.

    A sentence-transformers encoder was trained without its pooler; from the weights that lie there
    training stays on a plateau for epochs.
    """
    dense = getattr(getattr(model.base_model, "pooler", None), "dense", None)
    if dense is not None:
        torch.nn.init.eye_(dense.weight)
        torch.nn.init.zeros_(dense.bias)


def _dataset(examples: Sequence[IntentExample], tokenizer: PreTrainedTokenizerFast) -> Dataset:
    columns: dict[str, list[Any]] = {
        "input_ids": [e.row[0] for e in examples],
        "labels": [[e.threat, e.sanction, float(e.root)] for e in examples],
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
        intents, roots = labels[:, : len(INTENTS)].float(), labels[:, len(INTENTS)].long()
        known = intents != UNKNOWN
        binary = torch.nn.functional.binary_cross_entropy_with_logits(
            logits[:, : len(INTENTS)], intents.clamp(min=0), reduction="none"
        )
        # The trainer counts the labels of all batches of a step, on all devices.
        size = len(labels) if num_items_in_batch is None else num_items_in_batch / labels.shape[1]
        loss: torch.Tensor = (binary * known).sum() / size
        coded = roots >= 0
        if coded.any():
            by_root = torch.nn.functional.cross_entropy(
                logits[coded][:, len(INTENTS) :], roots[coded], reduction="sum"
            )
            loss = loss + self.root_weight * by_root / size
        return loss


def _calibration(scores: NDArray[np.float64], labels: Sequence[float]) -> Calibration:
    known = np.array(labels) != UNKNOWN
    positive = np.array(labels)[known] >= 0.5
    raw = log_odds(1 / (1 + np.exp(-scores[known])))[:, None]
    fitted = LogisticRegression(C=1e6).fit(raw, positive)
    return Calibration((float(fitted.coef_[0, 0]),), float(fitted.intercept_[0]))
