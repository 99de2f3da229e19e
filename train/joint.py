"""The joint task: one encoder for attribution and intent, trained on all that is annotated.

A window gives what it holds: roles and owners where attributions are annotated, threat and
sanction where sentences are labelled, root codes of single sentences. So one reading of a passage
trains all its sentences, where the intent classifier reads each of them with its context.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from copy import deepcopy
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
from sklearn.model_selection import StratifiedKFold
from transformers import TrainingArguments, set_seed

from avowal.data.records import Article
from avowal.inference.attribution import Attributor
from avowal.inference.confidence import Calibration
from avowal.inference.intent import INTENTS
from avowal.inference.joint import JointIntent, JointModel
from avowal.inference.joint_network import JointNetwork
from avowal.inference.joint_runtime import TorchJointRuntime
from avowal.inference.model_folder import JOINT, SETTINGS, open_model
from avowal.train.attribution_calibration import calibrate
from avowal.train.byte_dropout import use_byte_dropout
from avowal.train.checkpoints import last_checkpoint
from avowal.train.corpora import read_articles
from avowal.train.encoders import keep_word_embeddings, load_tagger
from avowal.train.intent import LABELS as INTENT_LABELS
from avowal.train.intent_calibration import fitted_intents, scored
from avowal.train.intent_examples import NO_ROW, IntentExample
from avowal.train.intent_metrics import intent_figures
from avowal.train.joint_candidates import is_joint_model
from avowal.train.joint_data import JointData
from avowal.train.joint_features import (
    JointCollator,
    JointDataset,
    JointWindow,
)
from avowal.train.joint_training import JointTrainer, JointTraining
from avowal.train.json_files import write_json

TASK = JOINT


@dataclass
class JointArguments:
    """The fields of a joint config beside those of `transformers.TrainingArguments`."""

    encoder: str = field(
        metadata={"help": "base encoder, attribution or joint model: a folder or a hub name"}
    )
    train_data: list[str] = field(
        metadata={"help": "brat folders and JSONL files with attributions"}
    )
    task: str = TASK
    label_data: list[str] = field(
        default_factory=list,
        metadata={"help": "JSONL with labels alone; with a teacher, any texts"},
    )
    news_labels: str | None = field(
        default=None, metadata={"help": "table of labels of news sentences, or none"}
    )
    dev_data: list[str] = field(
        default_factory=list, metadata={"help": "JSONL files that calibrate intent"}
    )
    plover: str | None = field(default=None, metadata={"help": "PLV_train.tsv, or none"})
    plover_labels: str | None = field(
        default=None, metadata={"help": "table of threat and sanction of PLV's sentences, or none"}
    )
    events: str | None = field(
        default=None, metadata={"help": "further sentences with root codes, or none"}
    )
    event_labels: str | None = field(
        default=None, metadata={"help": "table of threat and sanction of `events`, or none"}
    )
    plover_repeat: int = field(default=1, metadata={"help": "times that PLV is read an epoch"})
    share: float = field(
        default=1.0, metadata={"help": "share of all other windows to read, at random"}
    )
    teacher: str | None = field(
        default=None, metadata={"help": "joint model of the same vocabulary to learn from, or none"}
    )
    teacher_share: float = field(
        default=0.5, metadata={"help": "how much it counts beside annotations, from 0 to 1"}
    )
    intent_teacher: str | None = field(
        default=None, metadata={"help": "model asked about sentences beside the teacher, or none"}
    )
    word_embeddings: str | None = field(
        default=None, metadata={"help": "model folder whose word embeddings are kept as they are"}
    )
    data_dir: str | None = field(
        default=None, metadata={"help": "folder of the corpora; else AVOWAL_DATA"}
    )
    held_back: float = field(
        default=0.05, metadata={"help": "share of the articles kept for calibration"}
    )
    window: int = field(default=256, metadata={"help": "tokens of a window"})
    train_overlap: int = field(default=64, metadata={"help": "tokens shared by two windows"})
    cue_window: int = field(default=160, metadata={"help": "tokens around a cue that it may own"})
    window_cues: int = field(
        default=4, metadata={"help": "the most cues of a window that an epoch takes, at random"}
    )
    false_cues: float = field(default=0.5, metadata={"help": "false cues for each gold cue"})
    cue_jitter: float = field(default=0.25, metadata={"help": "share of marks off by a token"})
    masked_tokens: float = field(
        default=0.0, metadata={"help": "share of tokens hidden from the student, at random"}
    )
    owner_weight: float = field(default=2.0, metadata={"help": "weight of the owners' loss"})
    intent_weight: float = field(default=1.0, metadata={"help": "weight of the two labels' loss"})
    root_weight: float = field(default=0.5, metadata={"help": "weight of the root codes' loss"})
    head_rate: float = field(
        default=3.0, metadata={"help": "learning rate of the heads, in that of the encoder"}
    )
    folds: int = field(default=0, metadata={"help": "folds of PLV to cross-validate; 0 for none"})
    hidden_dropout: float = 0.1
    attention_dropout: float = 0.0


def run(arguments: JointArguments, training: TrainingArguments) -> dict[str, Any]:
    """Train a joint model, cross-validate it on PLV, calibrate it, and leave it at `output_dir`.

    Returns:
        What the model folder has to know: settings, and figures on the articles held back, on dev
        data and of the folds.
    """
    folder = Path(str(training.output_dir))
    data = JointData(arguments, training.seed, training.device.type, folder)
    figures: dict[str, Any] = {}
    if arguments.folds:
        figures |= _cross_validate(arguments, training, data)
    _fit(arguments, training, data, data.coded)
    if training.process_index == 0:
        settings, found = finish(folder, arguments, data, training.device.type)
        return {"settings": settings, "figures": figures | found}
    return {"settings": {}, "figures": figures}


def finish(
    folder: Path, arguments: JointArguments, data: JointData, device: str
) -> tuple[dict[str, Any], dict[str, Any]]:
    """Fit decoding and calibration of the model in `folder`: its settings, and the figures."""
    settings = _settings(arguments)
    write_json(folder / SETTINGS, {"task": TASK, **settings})
    attributor, intent = open_trained(folder, device)
    dev = list(read_articles(arguments.dev_data, arguments.data_dir))
    found, figures = fitted(attributor, intent, data.held_back, dev)
    return settings | found, figures


def fitted(
    attributor: Attributor, intent: JointIntent, aside: Sequence[Article], dev: Sequence[Article]
) -> tuple[dict[str, Any], dict[str, Any]]:
    """Decoding fitted on articles held `aside` and calibration on `dev`, and the figures on it."""
    settings: dict[str, Any] = {"decoding": calibrate(attributor, aside)}
    if not dev:
        return settings, {}
    calibration, figures = fitted_intents(intent, dev)
    return settings | calibration, figures


def _settings(arguments: JointArguments) -> dict[str, Any]:
    return {
        "intents": list(INTENT_LABELS),
        "window": arguments.window,
        "cue_window": arguments.cue_window,
    }


def _fit(
    arguments: JointArguments,
    training: TrainingArguments,
    data: JointData,
    coded: Sequence[JointWindow],
) -> None:
    """Train on `coded` and all other windows, and leave the network at `output_dir`."""
    # Whether folds were trained before or not, the heads start from the same weights.
    set_seed(training.seed)
    network = _network(arguments, data.path, training.use_cpu)
    windows = [*data.others, *(arguments.plover_repeat * list(coded))]
    types = getattr(network.tagger.config, "type_vocab_size", 0) > 1
    collator = JointCollator(
        data.tokenizer.pad_token_id,
        arguments.cue_window,
        arguments.window_cues,
        types,
        data.tokenizer.mask_token_id or 0,
        arguments.masked_tokens,
    )
    trainer = JointTrainer(
        model=JointTraining(
            network,
            owner=arguments.owner_weight,
            intent=arguments.intent_weight,
            root=arguments.root_weight,
        ),
        args=training,
        train_dataset=JointDataset(windows),
        data_collator=collator,
    )
    trainer.head_rate = arguments.head_rate
    trainer.train(resume_from_checkpoint=last_checkpoint(training))
    if training.process_index == 0:
        folder = Path(str(training.output_dir))
        folder.mkdir(parents=True, exist_ok=True)
        network.save_pretrained(folder)
        data.tokenizer.save_pretrained(folder)


def _network(arguments: JointArguments, path: str, use_cpu: bool) -> JointNetwork:
    tagger = load_tagger(
        path, arguments.hidden_dropout, arguments.attention_dropout, use_cpu=use_cpu
    )
    if arguments.word_embeddings:
        keep_word_embeddings(tagger, arguments.word_embeddings)
    network = JointNetwork(tagger, len(INTENT_LABELS), arguments.cue_window)
    if is_joint_model(path):
        network.load_heads(path)
    if use_cpu:
        use_byte_dropout(network)
    return network


def _cross_validate(
    arguments: JointArguments, training: TrainingArguments, data: JointData
) -> dict[str, Any]:
    """Figures on PLV by models that did not see the sentences they are measured on."""
    rows = data.coded_rows
    resumed = str(training.resume_from_checkpoint or "false").lower() != "false"
    splitter = StratifiedKFold(arguments.folds, shuffle=True, random_state=training.seed)
    examples = [
        IntentExample(row.id, NO_ROW, s.threat, s.sanction, s.root)
        for row, window in zip(rows, data.coded, strict=True)
        for s in window.sentences
    ]
    scores = np.zeros((len(rows), len(INTENT_LABELS)))
    for fold, (train, test) in enumerate(splitter.split(examples, [e.root for e in examples])):
        one = deepcopy(training)
        one.output_dir = str(Path(str(training.output_dir)) / "folds" / str(fold))
        # A fold goes on from its own checkpoint: another may have seen what it is tested on.
        one.resume_from_checkpoint = "true" if resumed else None
        folder = Path(one.output_dir)
        done = folder / "scores.json"
        if not (resumed and done.is_file()):
            _fit(arguments, one, data, [data.coded[i] for i in train])
            write_json(folder / SETTINGS, {"task": TASK, **_settings(arguments)})
            _, intent = open_trained(folder, training.device.type)
            _, answers = scored(intent, [Article(rows[i].id, rows[i].text) for i in test])
            write_json(done, answers.tolist())
        scores[test] = np.array(json.loads(done.read_text(encoding="utf-8")))
    return intent_figures(examples, scores, [Calibration((1.0,), 0.0) for _ in INTENTS])


def open_trained(folder: Path, device: str) -> tuple[Attributor, JointIntent]:
    """The model in `folder` as inference has it, on torch."""
    opened = open_model(folder)
    attributor = Attributor(opened, TorchJointRuntime(opened, device))
    assert isinstance(attributor.model, JointModel)
    return attributor, JointIntent(opened, attributor.model)
