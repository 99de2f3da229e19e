"""Training, export, scoring and evaluation of tiny models made here, through public doors alone."""

from __future__ import annotations

import json
import re
import runpy
import shutil
import sys
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import pytest
import torch
import yaml
from huggingface_hub import ModelCard, ModelCardData
from local_hub import LocalHub
from safetensors.torch import load_file
from scipy.special import expit, logit
from transformers import (
    AutoModelForSequenceClassification,
    AutoModelForTokenClassification,
    AutoTokenizer,
    BertConfig,
    BertModel,
    BertTokenizerFast,
    MPNetConfig,
    MPNetModel,
    MPNetTokenizerFast,
    set_seed,
)

import avowal
from avowal.cli import main
from avowal.data.jsonl import read_jsonl, write_article
from avowal.data.plover import ROOTS
from avowal.data.records import Article, Sentence
from avowal.inference.attribution import Attributor, Decoding
from avowal.inference.intent import INTENTS, IntentModel
from avowal.inference.joint import states_of
from avowal.inference.joint_network import JointNetwork
from avowal.inference.joint_runtime import OnnxJointRuntime, TorchJointRuntime
from avowal.inference.labels import LABELS as ROLE_LABELS
from avowal.inference.labels import Floats
from avowal.inference.loading import find_models
from avowal.inference.model_folder import SETTINGS, open_model
from avowal.inference.passes import AttributionModel, Marked
from avowal.inference.runtime import OnnxRuntime, TorchRuntime, open_runtime
from avowal.inference.sentences import split_sentences
from avowal.inference.windows import CUE_TOKENS, Tokens, tokenize
from avowal.train import joint_teaching
from avowal.train.attribution_metrics import FIGURES
from avowal.train.corpora import read_articles, read_texts
from avowal.train.encoders import load_tokenizer
from avowal.train.export import export
from avowal.train.intent import LABELS as INTENT_LABELS
from avowal.train.intent_teaching import IntentTeacher
from avowal.train.joint import JointArguments, open_trained
from avowal.train.joint_candidates import false_candidates
from avowal.train.joint_data import JointData
from avowal.train.joint_teaching import Teacher, with_all_sentences
from avowal.train.reports import _intent_figures
from avowal.train.run import train

PICKLES = {".bin", ".pt", ".pth", ".pkl", ".ckpt", ".npy", ".npz"}
SIZES = {
    "hidden_size": 32,
    "num_hidden_layers": 2,
    "num_attention_heads": 2,
    "intermediate_size": 64,
    "max_position_embeddings": 200,
    # A small model with small weights hardly tells one word from another.
    "initializer_range": 0.2,
}
COMMON = {
    "per_device_train_batch_size": 8,
    "learning_rate": 5e-3,
    "train_sampling_strategy": "group_by_length",
    "length_column_name": "length",
    "logging_steps": 10,
    "report_to": "none",
    "disable_tqdm": True,
    "seed": 5,
    "use_cpu": True,
}
CODED = {
    "AID": "The port authority fed the sailors.",
    "ACCUSE": "The envoy blamed the mayor for the fire.",
    "THREATEN": "The minister warned the islands of consequences.",
    "SANCTION": "The cabinet imposed an embargo on the islands.",
}


class Work(NamedTuple):
    """The folder of these tests and the articles in it."""

    folder: Path
    data: Path
    articles: list[Article]


@pytest.fixture(scope="module")
def work(repository: Path, tmp_path_factory: pytest.TempPathFactory) -> Work:
    folder = tmp_path_factory.mktemp("end-to-end")
    read = list(read_jsonl(repository / "data" / "annotated" / "train.jsonl"))[:14]
    data = folder / "passages.jsonl"
    with data.open("w", encoding="utf-8") as handle:
        for article in read:
            write_article(article, handle)
    rows = ["sentence_id\tsentence\tsource\ttarget\tgold_root"]
    rows += [
        f"{root}-{n}\t{text} Case {n}.\tA\tB\t{root}"
        for n in range(3)
        for root, text in CODED.items()
    ]
    (folder / "plv.tsv").write_text("\n".join(rows) + "\n", encoding="utf-8")
    return Work(folder, data, read)


def vocabulary(texts: Sequence[str], special: list[str]) -> dict[str, int]:
    """Word pieces: frequent words, and characters; a trainer of them would not be deterministic."""
    words = Counter(re.findall(r"\w+|[^\w\s]", " ".join(texts).lower()))
    frequent = sorted(words, key=lambda word: (-words[word], word))[:600]
    characters = sorted({character for word in words for character in word})
    names = [*special, *frequent, *characters, *(f"##{character}" for character in characters)]
    return {name: index for index, name in enumerate(dict.fromkeys(names))}


@pytest.fixture(scope="module")
def bert(work: Work) -> Path:
    words = vocabulary(
        [a.text for a in work.articles], ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]"]
    )
    folder = work.folder / "bert"
    set_seed(1)
    BertModel(BertConfig(vocab_size=len(words), **SIZES)).save_pretrained(folder)
    BertTokenizerFast(vocab=words).save_pretrained(folder)
    return folder


@pytest.fixture(scope="module")
def mpnet(work: Work) -> Path:
    words = vocabulary([a.text for a in work.articles], ["<s>", "<pad>", "</s>", "[UNK]", "<mask>"])
    folder = work.folder / "mpnet"
    set_seed(1)
    MPNetModel(MPNetConfig(vocab_size=len(words), **SIZES)).save_pretrained(folder)
    MPNetTokenizerFast(vocab=words).save_pretrained(folder)
    return folder


def write_config(folder: Path, name: str, **fields: Any) -> Path:
    path = folder / f"{name}.yaml"
    path.write_text(yaml.safe_dump(COMMON | fields | {"output_dir": str(folder / name)}))
    return path


def attribution_config(work: Work, encoder: Path, name: str, **fields: Any) -> Path:
    options: dict[str, Any] = {
        "task": "attribution",
        "encoder": str(encoder),
        "train_data": [str(work.data)],
        "held_back": 0.25,
        "window": 128,
        "train_overlap": 32,
        "cue_window": 96,
        "max_steps": 150,
        "eval_strategy": "steps",
        "eval_steps": 75,
        "save_strategy": "steps",
        "save_steps": 75,
        "load_best_model_at_end": True,
        "metric_for_best_model": "eval_marked_cue_f1",
    }
    return write_config(work.folder, name, **(options | fields))


def intent_config(work: Work, encoder: Path, name: str, **fields: Any) -> Path:
    options: dict[str, Any] = {
        "task": "intent",
        "encoder": str(encoder),
        "train_data": [str(work.data)],
        "plover": str(work.folder / "plv.tsv"),
        "max_length": 96,
        "folds": 2,
        "max_steps": 60,
        "learning_rate": 1e-3,
        "save_strategy": "steps",
        "save_steps": 30,
    }
    return write_config(work.folder, name, **(options | fields))


def joint_config(work: Work, encoder: Path, name: str, **fields: Any) -> Path:
    options: dict[str, Any] = {
        "task": "joint",
        "encoder": str(encoder),
        "train_data": [str(work.data)],
        "dev_data": [str(work.data)],
        "plover": str(work.folder / "plv.tsv"),
        "held_back": 0.25,
        "window": 128,
        "train_overlap": 32,
        "cue_window": 96,
        "max_steps": 150,
        "head_rate": 1.0,
        "save_strategy": "steps",
        "save_steps": 75,
    }
    options |= {"remove_unused_columns": False, "train_sampling_strategy": "random"}
    return write_config(work.folder, name, **(options | fields))


@pytest.fixture(scope="module")
def attribution(work: Work, bert: Path) -> Path:
    return train(attribution_config(work, bert, "attribution"))


@pytest.fixture(scope="module")
def intent(work: Work, bert: Path) -> Path:
    return train(intent_config(work, bert, "intent"))


@pytest.fixture(scope="module")
def joint(work: Work, bert: Path) -> Path:
    return train(joint_config(work, bert, "joint"))


@pytest.fixture(scope="module")
def joint_shipped(work: Work, joint: Path) -> Path:
    """A joint model as it ships."""
    return export(joint, work.folder / "joint-shipped" / "joint-tiny")


@pytest.fixture(scope="module")
def shipped(work: Work, attribution: Path, intent: Path) -> Path:
    """A folder with both models, as they ship."""
    for folder in (attribution, intent):
        export(folder, work.folder / "shipped" / f"{folder.name}-tiny")
    return work.folder / "shipped"


def weights(folder: Path) -> dict[str, torch.Tensor]:
    # The file is mapped into memory, where a later run would write over it.
    return {name: t.clone() for name, t in load_file(folder / "model.safetensors").items()}


def same_weights(one: Path, other: Path) -> bool:
    a, b = weights(one), weights(other)
    return a.keys() == b.keys() and all(torch.equal(a[name], b[name]) for name in a)


def read(path: Path) -> Any:
    return json.loads(path.read_text(encoding="utf-8"))


def run(*arguments: str | Path) -> int:
    """The exit code of `avowal` with these arguments."""
    with pytest.raises(SystemExit) as caught:
        main([str(argument) for argument in arguments])
    return int(caught.value.code or 0)


@pytest.mark.parametrize("task", ["attribution", "intent", "joint"])
def test_a_finished_model_folder(task: str, request: pytest.FixtureRequest) -> None:
    folder: Path = request.getfixturevalue(task)
    labels = INTENT_LABELS if task == "intent" else ROLE_LABELS
    config = read(folder / "config.json")
    assert config["id2label"] == {str(i): label for i, label in enumerate(labels)}
    assert config["label2id"] == {label: i for i, label in enumerate(labels)}
    assert open_model(folder).task == task
    assert (folder / "README.md").read_text(encoding="utf-8").startswith("---\nlanguage: en\n")
    metrics = read(folder / "metrics.json")
    assert metrics["config"]["seed"] == 5
    assert metrics["held_back"]
    assert not [path.name for path in folder.iterdir() if path.suffix in PICKLES]


def test_training_teaches_attribution(attribution: Path, bert: Path) -> None:
    figures = read(attribution / "metrics.json")["held_back"]
    # The cue is where the mark is, once it is read.
    assert figures["eval_marked_cue_f1"] > figures["eval_all_cue_f1"] + 0.15
    state = read(attribution / "checkpoint-150" / "trainer_state.json")
    losses = [entry["loss"] for entry in state["log_history"] if "loss" in entry]
    assert losses[-1] < 0.7 * losses[0]
    settings = read(attribution / "avowal.json")
    assert settings["cue_mark"] == "token_type_ids"
    assert (settings["window"], settings["cue_window"]) == (128, 96)
    assert 0 < settings["decoding"]["minimum"] < 1


def test_cross_validation_of_intent_is_kept(intent: Path, work: Work) -> None:
    figures = read(intent / "metrics.json")["held_back"]
    sentences = sum(len(article.sentences) for article in work.articles)
    assert figures["annotated_threat"]["sentences"] == sentences
    assert figures["plv_roots"]["sentences"] == 3 * len(CODED)
    calibration = read(intent / "avowal.json")["calibration"]
    assert set(calibration) == {"threat", "sanction"}
    folds = [read(path) for path in sorted((intent / "folds").glob("*/scores.json"))]
    assert [len(row) for fold in folds for row in fold] == [2 + len(ROOTS)] * (
        sentences + 3 * len(CODED)
    )


@pytest.mark.parametrize("task", ["attribution", "intent", "joint"])
def test_a_run_stopped_and_resumed_ends_as_one_that_was_not(
    task: str, work: Work, bert: Path
) -> None:
    short = {"max_steps": 4, "save_steps": 2, "eval_steps": 2}
    if task == "attribution":
        config = attribution_config(work, bert, f"{task}-whole", **short)
    elif task == "joint":
        config = joint_config(work, bert, f"{task}-whole", max_steps=4, save_steps=2)
    else:
        config = intent_config(work, bert, f"{task}-whole", folds=0, max_steps=4, save_steps=2)
    options = ["--load_best_model_at_end", "false"] if task == "attribution" else []
    whole = train(config, options)
    again, other, resumed = (work.folder / f"{task}-{name}" for name in ("b", "c", "d"))
    train(config, [*options, "--output_dir", str(again)])
    assert same_weights(whole, again)
    train(config, [*options, "--output_dir", str(other), "--seed", "6", "--max_steps", "1"])
    assert not same_weights(whole, other)
    shutil.copytree(whole / "checkpoint-2", resumed / "checkpoint-2")
    train(config, [*options, "--output_dir", str(resumed), "--resume_from_checkpoint", "true"])
    state = read(resumed / "checkpoint-4" / "trainer_state.json")
    assert state["global_step"] == 4
    assert same_weights(whole, resumed)
    assert not same_weights(whole / "checkpoint-2", resumed)


def test_a_step_of_several_batches_is_a_step_of_one_larger_batch(work: Work, bert: Path) -> None:
    """Or else the learning rate would mean another thing with each number of batches."""
    quiet = {
        "optim": "sgd",
        "max_steps": 1,
        "max_grad_norm": 0,
        "hidden_dropout": 0.0,
        "lr_scheduler_type": "constant",
        "learning_rate": 0.5,
        "save_strategy": "no",
        "eval_strategy": "no",
        "load_best_model_at_end": False,
    }
    for task, config in (
        ("attribution", attribution_config(work, bert, "attribution-steps", **quiet)),
        ("intent", intent_config(work, bert, "intent-steps", folds=0, **quiet)),
    ):
        moved = []
        for batch, batches in ((8, 1), (2, 4)):
            sizes = [f"--per_device_train_batch_size={batch}"]
            sizes += [f"--gradient_accumulation_steps={batches}"]
            folder = train(config, [*sizes, "--output_dir", str(work.folder / f"{task}-{batch}")])
            before, after = weights(bert), weights(folder)
            moved.append(
                torch.cat(
                    [
                        (after[name] - value).flatten()
                        for short, value in before.items()
                        if (name := f"bert.{short}") in after
                    ]
                )
            )
        large, small = (float(m.norm()) for m in moved)
        assert large > 0
        # Attribution takes the mean of means over batches of unlike lengths.
        assert small == pytest.approx(large, rel=0.5 if task == "attribution" else 1e-3)


def test_folds_are_trained_again_unless_the_run_is_resumed(work: Work, bert: Path) -> None:
    config = intent_config(work, bert, "intent-folds", max_steps=1, save_steps=1)
    folder = train(config)
    first = folder / "folds" / "0" / "scores.json"
    before = weights(folder)
    kept = read(first)
    with pytest.raises(ValueError, match="another learning_rate: delete the folder"):
        train(config, ["--resume_from_checkpoint", "true", "--learning_rate", "0.1"])
    train(config, ["--resume_from_checkpoint", "true"])
    assert read(first) == kept
    for checkpoint in folder.glob("checkpoint-*"):
        shutil.rmtree(checkpoint)
    train(config, ["--resume_from_checkpoint", "true"])
    # With the folds done before, the last model starts from the same weights as without.
    assert all(torch.equal(before[name], value) for name, value in weights(folder).items())
    train(config, ["--learning_rate", "0.1"])
    assert read(first) != kept


def test_a_label_that_never_occurs_is_named_before_any_training(work: Work, bert: Path) -> None:
    config = intent_config(work, bert, "intent-one-sided", plover=None)
    plain = work.folder / "plain.jsonl"
    rows = [article.to_dict() for article in work.articles]
    for row in rows:
        row["sentences"] = [s | {"sanction": 0.0} for s in row["sentences"]]
    plain.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    with pytest.raises(ValueError, match=r"with sanction and without; set `folds: 0`"):
        train(config, ["--train_data", str(plain)])
    assert not (work.folder / "intent-one-sided" / "folds").exists()


def test_a_plain_tagger_is_trained_without_marks(work: Work, bert: Path) -> None:
    config = attribution_config(
        work,
        bert,
        "attribution-tagger",
        marks=False,
        max_steps=2,
        save_steps=2,
        metric_for_best_model="f1",
    )
    folder = train(config, ["--eval_steps", "2"])
    assert "decoding" not in read(folder / "avowal.json")
    figures = read(folder / "metrics.json")["held_back"]
    roles = [figures[f"eval_all_{role}_f1"] for role in ("source", "cue", "content")]
    assert figures["eval_f1"] == pytest.approx(sum(roles) / 3)
    # The model in both modes goes on from it.
    both = attribution_config(work, folder, "attribution-both", learning_rate=0.0)
    quiet = ["--max_steps", "1", "--eval_strategy", "no", "--load_best_model_at_end", "false"]
    assert same_weights(folder, train(both, quiet))


def test_training_teaches_the_joint_model(joint: Path) -> None:
    state = read(joint / "checkpoint-150" / "trainer_state.json")
    losses = [entry["loss"] for entry in state["log_history"] if "loss" in entry]
    assert losses[-1] < 0.7 * losses[0]
    settings = read(joint / "avowal.json")
    assert tuple(settings["intents"]) == INTENT_LABELS
    assert set(settings["calibration"]) == {"threat", "sanction"}
    assert 0 < settings["decoding"]["minimum"] < 1


def test_a_joint_model_goes_on_from_another_and_is_cross_validated(work: Work, joint: Path) -> None:
    still = {"learning_rate": 0.0, "max_steps": 1, "save_steps": 1, "folds": 2}
    folder = train(joint_config(work, joint, "joint-further", share=0.5, plover_repeat=2, **still))
    assert same_weights(joint, folder)
    figures = read(folder / "metrics.json")["held_back"]
    assert figures["plv_roots"]["sentences"] == 3 * len(CODED)
    folds = [read(path) for path in sorted((folder / "folds").glob("*/scores.json"))]
    assert [len(row) for fold in folds for row in fold] == [2 + len(ROOTS)] * (3 * len(CODED))


def test_a_joint_model_is_asked_about_its_own_false_cues(joint: Path, work: Work) -> None:
    articles = [replace(a, statements=a.statements[:1]) for a in work.articles[:6]]
    tokens = tokenize(open_model(joint).tokenizer(), [a.text for a in articles])
    found = false_candidates(str(joint), articles, tokens, "cpu")
    assert len(found) == len(articles)
    assert sum(map(len, found)) > 0
    for article, its, spans in zip(articles, tokens, found, strict=True):
        cues = [s.cue for s in article.statements if s.cue]
        for a, b in spans:
            start, end = int(its.offsets[a, 0]), int(its.offsets[b - 1, 1])
            assert not any(c.start < end and start < c.end for c in cues)


def test_a_teacher_is_asked_once(
    joint: Path, work: Work, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    articles = work.articles[:4]
    tokens = tokenize_for(joint, articles)
    cues = [[(0, 1), (2, 4)], [], [(1, 2)], []]
    teacher = Teacher(str(joint), "cpu", tmp_path)
    first = teacher.answers(articles, tokens, cues)
    assert [list(spans) for spans, _ in first] == cues
    for article, its, (spans, one) in zip(articles, tokens, first, strict=True):
        assert one.roles.shape == (len(its), len(ROLE_LABELS))
        assert np.allclose(one.roles.sum(axis=1), 1, atol=0.01)
        assert one.intents.shape == (len(article.sentences), 2)
        assert [len(scores) for _, scores in one.owned] == [b - a for (a, b), _ in one.owned]
        assert len(one.owned) == len(spans)
    # Other cues, other sentences and cues of its own are other questions.
    assert [spans for spans, _ in teacher.answers(articles, tokens, [[]] * 4)] == [[]] * 4
    shorter = [replace(a, sentences=a.sentences[1:]) for a in articles]
    assert (
        len(teacher.answers(shorter, tokens, cues)[0][1].intents) == len(articles[0].sentences) - 1
    )
    found = teacher.answers(articles, tokens, None)
    assert sum(len(spans) for spans, _ in found) > 0
    assert len(list(tmp_path.glob("*.safetensors"))) == len(list(tmp_path.iterdir())) == 4

    def never(*_: Any) -> Any:
        raise AssertionError("it was asked before")

    monkeypatch.setattr(Teacher, "_asked", never)
    for (_, one), (_, other) in zip(first, teacher.answers(articles, tokens, cues), strict=True):
        assert np.array_equal(one.roles, other.roles)
        assert np.array_equal(one.intents, other.intents)
        for (_, x), (_, y) in zip(one.owned, other.owned, strict=True):
            assert np.array_equal(x, y)


def run_script(
    repository: Path, monkeypatch: pytest.MonkeyPatch, name: str, *given: Path | str
) -> None:
    script = str(repository / "scripts" / name)
    monkeypatch.setattr(sys, "argv", [script, *map(str, given)])
    runpy.run_path(script, run_name="__main__")


def test_an_intent_model_is_exported_with_calibration_fitted_in_int8(
    intent: Path,
    repository: Path,
    work: Work,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    short = {"folds": 0, "max_steps": 2, "dev_data": [str(work.data)]}
    config = intent_config(work, intent, "intent-fitted", **short)
    folder, out = train(config), tmp_path / "out"
    run_script(repository, monkeypatch, "export_fitted.py", config, out, folder)
    before, after = read(folder / SETTINGS), read(out / SETTINGS)
    assert before.pop("calibration") != after.pop("calibration")
    assert before == after
    figures = read(out / "metrics.json")["held_back"]
    assert figures.keys() == read(folder / "metrics.json")["held_back"].keys()
    assert f"f1 {figures['dev_annotated_threat']['f1']:.3g}" in (out / "README.md").read_text()
    opened = open_model(out)
    assert IntentModel(opened, open_runtime(opened, "cpu"))(["It rained."], [[(0, 10)]])


def test_the_mean_of_runs_is_cross_validated(
    intent: Path,
    repository: Path,
    work: Work,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    config = intent_config(
        work, intent, "intent-folds", max_steps=10, dev_data=[str(work.data)], bf16=False
    )
    folder = train(config)
    copy = shutil.copytree(folder, tmp_path / "copy")

    def measured(*runs: Path | str) -> dict[str, float]:
        capsys.readouterr()
        run_script(repository, monkeypatch, "evaluate_folds.py", config, *runs)
        lines = [line.split() for line in capsys.readouterr().out.splitlines()]
        return {name: float(value) for name, value in lines}

    found = measured(folder)
    figures = read(folder / "metrics.json")["held_back"]
    for name, value in found.items():
        known = figures[name]
        assert value == pytest.approx(known.get("f1", known.get("macro_f1")), abs=0.06), name
    assert found["plv_roots"] > 0
    assert measured(f"{folder}=0.5", f"{copy}=0.5") == found
    with pytest.raises(SystemExit):
        measured(f"{folder}=0.5")
    (copy / "run.json").write_text(json.dumps(read(copy / "run.json") | {"seed": 77}))
    with pytest.raises(SystemExit):
        measured(copy)
    assert "has other folds than the config: seed differ" in capsys.readouterr().err
    without = intent_config(work, intent, "intent-no-dev", max_steps=10)
    with pytest.raises(SystemExit):
        run_script(repository, monkeypatch, "evaluate_folds.py", without, folder)


def test_a_joint_model_is_exported_with_what_was_fitted_in_int8(
    joint: Path,
    joint_shipped: Path,
    repository: Path,
    work: Work,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    config = work.folder / "joint.yaml"

    def exported(*parts: str) -> Path:
        out = tmp_path / str(len(parts))
        run_script(repository, monkeypatch, "export_fitted.py", config, out, *parts)
        return out

    whole = exported(str(joint))
    copy = shutil.copytree(joint, tmp_path / "copy")
    halves = exported(f"{joint}=0.5", f"{copy}=0.5")
    before, after = read(joint_shipped / SETTINGS), read(whole / SETTINGS)
    assert before.keys() == after.keys()
    assert before["calibration"] != after["calibration"]
    assert {k: v for k, v in before.items() if k not in {"decoding", "calibration"}} == {
        k: v for k, v in after.items() if k not in {"decoding", "calibration"}
    }
    for name in ("model.safetensors", SETTINGS):
        assert (halves / name).read_bytes() == (whole / name).read_bytes()
    assert avowal.load(whole).score(["Ana Belu said that taxes would rise."])
    with pytest.raises(SystemExit):
        exported(f"{joint}=0.5")


def test_a_teacher_that_was_stopped_is_asked_about_the_rest(
    joint: Path, work: Work, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(joint_teaching, "AT_ONCE", 2)
    articles = work.articles[:4]
    tokens = tokenize_for(joint, articles)
    asked: list[str] = []
    ask = Teacher._asked

    def stopping(self: Teacher, its: Sequence[Article], *rest: Any) -> Any:
        if len(asked) == 1:
            raise KeyboardInterrupt
        asked.append(its[0].id)
        return ask(self, its, *rest)

    with monkeypatch.context() as patched:
        patched.setattr(Teacher, "_asked", stopping)
        with pytest.raises(KeyboardInterrupt):
            Teacher(str(joint), "cpu", tmp_path).answers(articles, tokens, None)
        asked.clear()
        answers = Teacher(str(joint), "cpu", tmp_path).answers(articles, tokens, None)
    assert asked == [articles[2].id]
    assert [len(one.roles) for _, one in answers] == [len(its) for its in tokens]


def test_a_joint_model_learns_from_a_teacher(joint: Path, work: Work, bert: Path) -> None:
    unread = work.folder / "unread.jsonl"
    with unread.open("w", encoding="utf-8") as handle:
        for article in work.articles[4:8]:
            write_article(replace(article, statements=(), sentences=()), handle)
    taught = {"teacher": str(joint), "label_data": [str(unread)], "max_steps": 30}
    folder = train(joint_config(work, bert, "joint-student", save_steps=30, **taught))
    assert len(list((folder / "teaching").glob("*.safetensors"))) == 2
    losses = read(folder / "checkpoint-30" / "trainer_state.json")["log_history"]
    assert losses[-2]["loss"] < losses[0]["loss"]
    assert f"the answers of {joint}" in (folder / "README.md").read_text(encoding="utf-8")
    # Nothing else to read is no reason to stop.
    short = joint_config(work, bert, "joint-student-alone", teacher=str(joint), max_steps=1)
    assert len(list((train(short) / "teaching").glob("*.safetensors"))) == 1


@pytest.mark.parametrize("share", ["teacher_share", "masked_tokens"])
def test_a_share_is_between_0_and_1(joint: Path, work: Work, bert: Path, share: str) -> None:
    config = joint_config(work, bert, f"joint-{share}", teacher=str(joint), **{share: 1.5})
    with pytest.raises(ValueError, match=rf"{share} is between 0 and 1, not 1\.5"):
        train(config)


def test_a_student_may_have_words_hidden_from_it(joint: Path, work: Work, bert: Path) -> None:
    losses = []
    for share in (0.0, 0.5):
        fields = {"max_steps": 10, "save_steps": 10, "logging_steps": 10, "masked_tokens": share}
        folder = train(joint_config(work, joint, f"joint-masked-{share}", **fields))
        history = read(folder / "checkpoint-10" / "trainer_state.json")["log_history"]
        losses.append(history[0]["loss"])
    assert losses[1] > 1.1 * losses[0]


def test_hiding_words_takes_a_token_for_it(work: Work, bert: Path) -> None:
    encoder = shutil.copytree(bert, work.folder / "bert-without-mask")
    tokenizer = load_tokenizer(str(encoder))
    tokenizer.mask_token = None
    tokenizer.save_pretrained(encoder)
    config = joint_config(work, encoder, "joint-without-mask", masked_tokens=0.1)
    with pytest.raises(ValueError, match="bert-without-mask has no mask token"):
        train(config)


def test_a_teacher_hears_of_all_sentences_but_those_that_are_measured_on() -> None:
    text = "One came. Two came. Three came. Four came."
    bounds = [(0, 9), (10, 19), (20, 31), (32, 42)]
    article = Article("a", text, (Sentence(*bounds[0]), Sentence(*bounds[1], 1.0, 0.0)))
    every = with_all_sentences(article)
    assert [(s.start, s.end) for s in every.sentences] == bounds
    assert [s.threat for s in every.sentences] == [None, 1.0, None, None]
    fewer = with_all_sentences(article, [bounds[0], (33, 42)])
    assert [(s.start, s.end) for s in fewer.sentences] == bounds[1:3]


def test_no_teacher_is_heard_on_what_others_are_measured_on(work: Work, joint: Path) -> None:
    """In texts without attributions too: an article of `label_data` may be among the news."""
    [first] = work.articles[:1]
    article = replace(first, statements=(), sentences=())
    unread = work.folder / "measured.jsonl"
    with unread.open("w", encoding="utf-8") as handle:
        write_article(article, handle)
    every = split_sentences(article.text)
    (start, end), *others = every
    table = work.folder / "measured.tsv"
    rows = [(*others[0], "train"), (start, end, "likely")]
    table.write_text(
        "document\tstart\tend\tthreat\tsanction\tannotator\tpart\n"
        + "".join(f"{unread}/{first.id}\t{a}\t{b}\t0\t0\tA\t{part}\n" for a, b, part in rows),
        encoding="utf-8",
    )
    arguments = JointArguments(
        encoder=str(joint),
        train_data=[str(work.data)],
        label_data=[str(unread)],
        news_labels=str(table),
        held_back=0.25,
        teacher=str(joint),
    )
    asked: list[list[tuple[int, int]]] = []
    answers = Teacher.answers

    def noting(self: Teacher, articles: Sequence[Article], *rest: Any) -> Any:
        unread = (a for a in articles if a.id == first.id and not a.statements)
        asked.extend([(s.start, s.end) for s in a.sentences] for a in unread)
        return answers(self, articles, *rest)

    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(Teacher, "answers", noting)
        JointData(arguments, 1, "cpu", work.folder / "measured")
    assert asked == [others]


def test_a_second_teacher_is_asked_about_sentences(
    joint: Path, intent: Path, work: Work, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    articles = work.articles[:3]
    tokens = tokenize_for(joint, articles)
    texts = [article.text for article in articles]
    bounds = [[(s.start, s.end) for s in article.sentences] for article in articles]
    first = IntentTeacher(str(joint), "cpu")(texts, bounds)
    second = [np.tile([0.01, 0.9], (len(spans), 1)) for spans in bounds]
    teacher = Teacher(str(joint), "cpu", tmp_path, str(intent))
    monkeypatch.setattr(IntentTeacher, "__call__", lambda *_: second)
    both = teacher.answers(articles, tokens, None)
    alone = Teacher(str(joint), "cpu", tmp_path).answers(articles, tokens, None)
    assert len(list(tmp_path.iterdir())) == 2
    for index, ((_, one), (_, other)) in enumerate(zip(alone, both, strict=True)):
        assert np.array_equal(one.roles, other.roles)
        mean = expit((logit(first[index]) + logit(second[index])) / 2)
        assert np.allclose(other.intents, mean, atol=0.02)


def test_a_joint_model_learns_from_two_teachers(
    joint: Path, intent: Path, attribution: Path, work: Work, bert: Path
) -> None:
    fields = {"teacher": str(joint), "intent_teacher": str(intent), "max_steps": 1}
    folder = train(joint_config(work, bert, "joint-two-teachers", **fields))
    card = (folder / "README.md").read_text(encoding="utf-8")
    for teacher in (joint, intent):
        assert f"the answers of {teacher}" in card
    for other, error, why in (
        ({"teacher": None}, ValueError, "intent_teacher: it is asked beside a teacher"),
        ({"intent_teacher": str(attribution)}, ValueError, "cannot teach intent"),
        ({"intent_teacher": "runs/intent-none"}, FileNotFoundError, "first train configs/intent-n"),
    ):
        with pytest.raises(error, match=why):
            train(joint_config(work, bert, "joint-refused-teacher", **(fields | other)))


def test_a_teacher_of_other_tokens_is_refused(joint: Path, work: Work) -> None:
    [article] = work.articles[:1]
    [tokens] = tokenize_for(joint, [article])
    shifted = replace(tokens, offsets=tokens.offsets + 1)
    with pytest.raises(ValueError, match="a teacher has its student's vocabulary"):
        Teacher(str(joint), "cpu", work.folder / "refused").answers([article], [shifted], None)
    assert not list((work.folder / "refused").glob("*.safetensors"))


def texts_and_sentences(work: Work) -> tuple[list[str], list[list[tuple[int, int]]]]:
    bounds = [[(s.start, s.end) for s in article.sentences] for article in work.articles]
    return [article.text for article in work.articles], bounds


def tokenize_for(folder: Path, articles: Sequence[Article]) -> list[Tokens]:
    return tokenize(open_model(folder).tokenizer(), [article.text for article in articles])


def test_a_joint_export_says_what_the_trained_model_says(
    joint: Path, joint_shipped: Path, work: Work
) -> None:
    files = {str(p.relative_to(joint_shipped)) for p in joint_shipped.rglob("*") if p.is_file()}
    assert files == {
        "README.md",
        "avowal.json",
        "config.json",
        "metrics.json",
        "model.safetensors",
        "onnx/intent.onnx",
        "onnx/model_quantized.onnx",
        "onnx/owner.onnx",
        "tokenizer.json",
        "tokenizer_config.json",
    }
    texts = [article.text for article in work.articles[:4]]
    trained, ready = open_model(joint), open_model(joint_shipped)
    runtimes = [TorchJointRuntime(trained, "cpu"), OnnxJointRuntime(ready, 1)]
    full, small = (
        Attributor(folder, r) for folder, r in zip((trained, ready), runtimes, strict=True)
    )
    tokens, tagged = full.read(texts)
    for one, other in zip(tagged, small.read(texts)[1], strict=True):
        assert_like(other.roles, one.roles)
    # Of the same states: owners in int8 say nearly the same, intents in full precision the same.
    marked = [Marked(t, g, (3, 5)) for t, g in zip(tokens, tagged, strict=True)]
    for one, other in zip(full.model.own(marked), small.model.own(marked), strict=True):
        assert_like(other.roles, one.roles)
        assert one.mark == (3, 5)
    states = [states_of(g, (0, 7)) for g in tagged] + [np.zeros((0, 32), np.float32)]
    a, b = (np.array(r.classify(states, 2 + len(ROOTS))) for r in runtimes)
    assert np.abs(a - b).max() < 1e-3
    assert not a[-1].any()


def test_an_intent_model_beside_a_joint_one_is_a_second_opinion(
    joint_shipped: Path, shipped: Path, work: Work
) -> None:
    folder = work.folder / "joint-and-intent"
    shutil.copytree(joint_shipped, folder / "joint")
    shutil.copytree(shipped / "intent-tiny", folder / "intent")
    texts = [article.text for article in work.articles[:3]]
    first = avowal.load(joint_shipped, device="cpu", threads=1).score(texts)
    both = avowal.load(folder, device="cpu", threads=1)
    [spans] = [[(s.start, s.end) for s in article.sentences] for article in first[:1]]
    second = avowal.load(shipped, device="cpu", threads=1).intent(texts[:1], [spans])[0]
    asked = 0
    for s, found, other in zip(
        first[0].sentences, both.score(texts)[0].sentences, second, strict=True
    ):
        sure = all(p is not None and not 0.1 < p < 0.9 for p in (s.threat, s.sanction))
        asked += not sure
        if sure:
            assert (s.threat, s.sanction) == (found.threat, found.sanction)
        else:
            low, high = sorted((s.threat or 0.0, float(other[0])))
            assert low - 1e-3 <= (found.threat or 0.0) <= high + 1e-3
    assert asked
    assert run("evaluate", folder, "--data", work.data, "--device", "cpu") == 0
    assert run("evaluate", folder, "--data", work.folder / "plv.tsv", "--device", "cpu") == 0


def test_a_joint_model_scores_texts_of_any_length(joint_shipped: Path, work: Work) -> None:
    scorer = avowal.load(joint_shipped, device="cpu", threads=1)
    scorer.attributor.decoding = Decoding(minimum=0.0, minimum_without_cue=0.0)
    long = "\n\n".join(article.text for article in work.articles)
    texts = [work.articles[0].text, long, "", "\r\n", "😀 “No,” Łukáš said."]
    scored = scorer.score(texts)
    for article, text in zip(scored, texts, strict=True):
        assert_sound(article, text)
    assert len(scored[1].sentences) > 30
    assert len(scored[1].statements) > 4
    # An article's answers do not depend on what is scored with it.
    assert scorer.score(texts[:1])[0].statements == scored[0].statements
    assert scored[2].sentences == scored[3].sentences == ()


def test_a_joint_model_is_read_in_both_ways_by_others(joint_shipped: Path, work: Work) -> None:
    model, notes = AutoModelForTokenClassification.from_pretrained(
        joint_shipped, output_loading_info=True
    )
    assert not notes["missing_keys"]
    assert [model.config.id2label[i] for i in range(len(ROLE_LABELS))] == list(ROLE_LABELS)
    network = JointNetwork.from_pretrained(joint_shipped, 2 + len(ROOTS), 96)
    ids = torch.tensor([[2, 7, 9, 11, 3]])
    logits, _ = network.eval().encode(input_ids=ids, attention_mask=torch.ones_like(ids))
    expected = model.float().eval()(input_ids=ids).logits
    assert torch.allclose(logits, expected, atol=1e-3)


def test_evaluate_of_a_joint_model(joint: Path, work: Work, tmp_path: Path) -> None:
    out = tmp_path / "figures.json"
    for options in ([], ["--gold-cues"], ["--join", "nearest"]):
        given = [joint, "--data", work.data, "--json", out, "--device", "cpu", *options]
        assert run("evaluate", *given) == 0
        assert "attribution" in read(out)
    assert run("evaluate", joint, "--data", work.folder / "plv.tsv", "--json", out) == 0
    assert read(out)["plover"]["sentences"] == 3 * len(CODED)


GUM = """\
# newdoc id = GUM_news_one
# global.Entity = GRP-etype-infstat-salience-centering-minspan-link-identity
# text = Ana said no.
1\tAna\t_\tPROPN\t_\t_\t_\t_\t_\tDiscourse=attribution-positive:1->2:0:sem-atsrc-1-_
2\tsaid\t_\tVERB\t_\t_\t_\t_\t_\t_
3\tno\t_\tINTJ\t_\t_\t_\t_\t_\tDiscourse=ROOT:2:0|SpaceAfter=No
4\t.\t_\tPUNCT\t_\t_\t_\t_\t_\t_
"""


def test_gums_relations_are_counted(joint: Path, tmp_path: Path) -> None:
    folder = tmp_path / "gum"
    (folder / "dep").mkdir(parents=True)
    (folder / "dep" / "GUM_news_one.conllu").write_text(GUM, encoding="utf-8")
    out = tmp_path / "figures.json"
    assert run("evaluate", joint, "--data", folder, "--json", out, "--device", "cpu") == 0
    assert read(out)["relations"]["documents"] == 1
    assert set(read(out)["relations"]) == {"documents", "relation", "sourced"}
    assert run("evaluate", joint, "--data", folder, "--gold-cues") == 2
    with pytest.raises(ValueError, match="no attributions"):
        list(read_articles([str(folder)]))
    assert [article.text for article in read_texts([str(folder)])] == ["Ana said no."]


@pytest.mark.parametrize("task", ["attribution", "intent"])
def test_word_embeddings_are_kept_as_they_were(task: str, work: Work, bert: Path) -> None:
    name = "embeddings.word_embeddings.weight"
    other = work.folder / f"{task}-other"
    set_seed(2)
    BertModel(BertConfig.from_pretrained(bert)).save_pretrained(other)
    fields: dict[str, Any] = {"word_embeddings": str(other), "max_steps": 2, "save_steps": 2}
    if task == "attribution":
        config = attribution_config(work, bert, f"{task}-kept", eval_steps=2, **fields)
    else:
        config = intent_config(work, bert, f"{task}-kept", folds=0, **fields)
    after = weights(train(config))
    assert torch.equal(after[f"bert.{name}"], weights(other)[name])
    layer = "encoder.layer.0.attention.self.query.weight"
    assert not torch.equal(after[f"bert.{layer}"], weights(bert)[layer])


def test_word_embeddings_of_another_shape_are_refused(work: Work, bert: Path) -> None:
    larger = work.folder / "larger"
    config = BertConfig.from_pretrained(bert)
    BertModel(BertConfig(**{**config.to_dict(), "vocab_size": 700})).save_pretrained(larger)
    run = intent_config(work, bert, "intent-other", word_embeddings=str(larger))
    with pytest.raises(ValueError, match=r"larger has no word embeddings of the shape"):
        train(run)


def test_an_intent_model_goes_on_from_another_and_is_calibrated_on_dev_data(
    work: Work, intent: Path
) -> None:
    labels = work.folder / "plv-labels.tsv"
    rows = [f"{root}-{n}\t0\t1\tA" for n in range(3) for root in CODED]
    labels.write_text("\n".join(["sentence_id\tthreat\tsanction\tannotator", *rows]) + "\n")
    config = intent_config(
        work,
        intent,
        "intent-further",
        learning_rate=0.0,
        max_steps=1,
        dev_data=[str(work.data)],
        plover_labels=str(labels),
        plover_repeat=2,
        annotated_share=0.5,
    )
    folder = train(config)
    assert same_weights(intent, folder)
    figures = read(folder / "metrics.json")["held_back"]
    sentences = sum(len(article.sentences) for article in work.articles)
    assert figures["dev_annotated_threat"]["sentences"] == sentences
    # Of the training data only the coded sentences are cross-validated, with our own labels too.
    assert "annotated_threat" not in figures
    assert figures["plv_roots"]["sentences"] == 3 * len(CODED)
    assert figures["plv_sanction"]["positive"] == 3 * len(CODED)
    assert set(read(folder / "avowal.json")["calibration"]) == {"threat", "sanction"}
    # The card tells of both runs.
    card = (folder / "README.md").read_text(encoding="utf-8")
    assert f"base_model: {read(intent / 'metrics.json')['config']['encoder']}\n" in card
    first, second = re.findall("avowal train (.+)", card)
    assert (Path(first).name, Path(second).name) == ("intent.yaml", "intent-further.yaml")


def test_an_intent_model_learns_from_a_teacher(
    work: Work, joint: Path, bert: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def everything_threatens(
        _: IntentTeacher, texts: Sequence[str], sentences: Sequence[Sequence[tuple[int, int]]]
    ) -> list[Any]:
        return [np.tile([1.0, 0.0], (len(spans), 1)) for spans in sentences]

    monkeypatch.setattr(IntentTeacher, "__call__", everything_threatens)
    short = {"folds": 0, "max_steps": 30, "save_steps": 30}
    taught = {"teacher": str(joint), "teacher_share": 1.0}
    folder = train(intent_config(work, bert, "intent-student", **short, **taught))
    assert f"the answers of {joint}" in (folder / "README.md").read_text(encoding="utf-8")
    opened = open_model(folder)
    answers = IntentModel(opened, TorchRuntime(opened, "cpu"))(*texts_and_sentences(work))
    assert (np.concatenate(answers)[:, 0] > 0.5).all()
    assert (np.concatenate(answers)[:, 1] < 0.5).all()


def test_root_codes_are_learnt_from_the_same_folds_of_another_run(
    work: Work, intent: Path, bert: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[str] = []
    init = IntentTeacher.__init__

    def noted(self: IntentTeacher, model: str, device: str) -> None:
        asked.append(model)
        init(self, model, device)

    def all_of_one(_: IntentTeacher, texts: Sequence[str]) -> Any:
        return np.eye(len(ROOTS))[[3] * len(texts)]

    monkeypatch.setattr(IntentTeacher, "__init__", noted)
    monkeypatch.setattr(IntentTeacher, "roots", all_of_one)
    taught = {"root_teacher": str(intent), "teacher_share": 1.0, "max_steps": 30, "seeds": 2}
    folder = train(intent_config(work, bert, "intent-root-student", **taught))
    assert asked == [str(intent / "folds" / "0"), str(intent / "folds" / "1"), str(intent)]
    assert f"the answers of {intent}" in (folder / "README.md").read_text(encoding="utf-8")
    opened = open_model(folder)
    scores = IntentModel(opened, TorchRuntime(opened, "cpu")).logits(*texts_and_sentences(work))
    assert set(np.concatenate(scores)[:, len(INTENTS) :].argmax(axis=1)) == {3}


def test_a_folds_model_teaches_what_it_scored(work: Work, intent: Path) -> None:
    texts = [article.text for article in work.articles]
    for fold in ("0", "1"):
        found = IntentTeacher(str(intent / "folds" / fold), "cpu").roots(texts)
        assert found.shape == (len(texts), len(ROOTS))
        assert np.allclose(found.sum(axis=1), 1)
    assert not list(intent.glob("folds/*/training_args.bin"))


def test_a_teacher_that_may_have_seen_what_is_tested_on_is_refused(
    work: Work, intent: Path, bert: Path, tmp_path: Path
) -> None:
    others: dict[str, Any] = {"seed": 77, "folds": 3, "plover": "other.tsv"}
    for field, value in (others | {"dev_data": [str(work.data)]}).items():
        fields = {"root_teacher": str(intent), field: value}
        with pytest.raises(ValueError, match=rf"are not this run's: {field} differ"):
            train(intent_config(work, bert, f"intent-{field}-refused", **fields))
    config = intent_config(work, bert, "intent-unfinished", root_teacher=str(tmp_path))
    with pytest.raises(ValueError, match="no finished run to learn root codes from"):
        train(config)


def test_any_model_with_intents_teaches_what_it_says(work: Work, intent: Path, joint: Path) -> None:
    asked = texts_and_sentences(work)
    opened = open_model(intent)
    for path, expected in (
        (intent, IntentModel(opened, TorchRuntime(opened, "cpu"))(*asked)),
        (joint, open_trained(joint, "cpu")[1](*asked)),
    ):
        answers = IntentTeacher(str(path), "cpu")(*asked)
        for one, other in zip(answers, expected, strict=True):
            assert one.shape == other.shape
            assert np.allclose(one, other, atol=0.05)  # bf16


def test_what_teaches_intent_has_intents(work: Work, attribution: Path, bert: Path) -> None:
    config = intent_config(work, bert, "intent-refused-teacher", teacher=str(attribution))
    with pytest.raises(ValueError, match=r"cannot teach intent: it holds no intent or joint model"):
        train(config)
    config = intent_config(work, bert, "intent-share", teacher=str(attribution), teacher_share=-1)
    with pytest.raises(ValueError, match=r"teacher_share is between 0 and 1, not -1"):
        train(config)


def test_weights_go_back_towards_the_model_begun_from(work: Work, intent: Path) -> None:
    short = {"folds": 0, "max_steps": 2, "learning_rate": 0.01}
    before = weights(intent)
    far = weights(train(intent_config(work, intent, "intent-far", **short)))
    near = weights(train(intent_config(work, intent, "intent-near", start_weight=0.75, **short)))
    moved = [name for name in before if not torch.equal(before[name], far[name])]
    assert moved
    for name in moved:
        expected = 0.75 * before[name] + 0.25 * far[name]
        assert torch.allclose(near[name], expected, atol=1e-6), name


def test_the_mean_of_runs_with_several_seeds_is_kept(work: Work, intent: Path) -> None:
    short = {"folds": 0, "max_steps": 2, "learning_rate": 0.01, "annotated_share": 0.5}
    one, other = (
        weights(train(intent_config(work, intent, f"intent-seed{seed}", seed=seed, **short)))
        for seed in (21, 22)
    )
    config = intent_config(work, intent, "intent-seeds", seed=21, seeds=2, **short)
    mean = weights(train(config))
    assert any(not torch.equal(one[name], other[name]) for name in one)
    for name, value in mean.items():
        assert torch.allclose(value, (one[name] + other[name]) / 2, atol=1e-6), name
    # Both runs are finished: their checkpoints give the mean again.
    assert all(torch.equal(value, mean[name]) for name, value in weights(train(config)).items())
    with pytest.raises(ValueError, match="seeds is at least 1, not 0"):
        train(intent_config(work, intent, "intent-no-seed", seeds=0))


def test_a_plain_tagger_is_not_taken_for_a_model_of_both_passes(work: Work, bert: Path) -> None:
    quiet = {"max_steps": 1, "eval_strategy": "no", "load_best_model_at_end": False}
    folder = train(attribution_config(work, bert, "attribution-first", marks=False, **quiet))
    with pytest.raises(ValueError, match="is a plain tagger"):
        AttributionModel(open_model(folder), TorchRuntime(open_model(folder), "cpu"))


def test_what_dev_data_and_shares_have_to_be(work: Work, bert: Path) -> None:
    bare = work.folder / "bare.jsonl"
    bare.write_text(json.dumps({"id": "a", "text": "It rained."}) + "\n", encoding="utf-8")
    config = intent_config(work, bert, "intent-refused", dev_data=[str(bare)])
    with pytest.raises(ValueError, match=r"no labelled sentences in .*bare\.jsonl"):
        train(config)
    for name, value in (("annotated_share", 1.5), ("events_share", 0.0)):
        with pytest.raises(ValueError, match=f"{name} is above 0"):
            train(intent_config(work, bert, "intent-share", **{name: value}))
    with pytest.raises(ValueError, match="start_weight is at least 0 and below 1"):
        train(intent_config(work, bert, "intent-start", start_weight=1.0))
    with pytest.raises(FileNotFoundError, match=r"first train configs/nothing\.yaml"):
        train(intent_config(work, Path("runs/nothing"), "intent-first"))


def test_nothing_held_back_is_refused(work: Work, bert: Path) -> None:
    config = attribution_config(work, bert, "attribution-all")
    with pytest.raises(ValueError, match="14 articles to train on and 0 held back"):
        train(config, ["--held_back", "0"])


def test_an_export_has_what_ships_and_no_pickle(shipped: Path) -> None:
    for folder in (shipped / "attribution-tiny", shipped / "intent-tiny"):
        files = {str(p.relative_to(folder)) for p in folder.rglob("*") if p.is_file()}
        assert files == {
            "README.md",
            "avowal.json",
            "config.json",
            "metrics.json",
            "model.safetensors",
            "onnx/model_quantized.onnx",
            "tokenizer.json",
            "tokenizer_config.json",
        }
        assert {tensor.dtype for tensor in weights(folder).values()} == {torch.float16}


def test_an_export_over_its_own_model_is_refused(attribution: Path) -> None:
    with pytest.raises(ValueError, match="is the trained model itself"):
        export(attribution, attribution / ".." / attribution.name)
    assert weights(attribution)["classifier.bias"].dtype == torch.float32


def assert_like(found: Floats, expected: Floats) -> None:
    """Scores of int8 weights beside those of full precision."""
    assert found.shape == expected.shape
    assert np.abs(found - expected).mean() < 0.1 * expected.std()
    if expected.shape[-1] == len(ROLE_LABELS):
        assert (found.argmax(-1) == expected.argmax(-1)).mean() > 0.95


def rows_of(folder: Path, texts: Sequence[str]) -> tuple[Any, Any, Any]:
    encoded = AutoTokenizer.from_pretrained(folder)(
        list(texts), padding=True, truncation=True, max_length=100, return_tensors="np"
    )
    ids, mask = (encoded[name].astype(np.int64) for name in ("input_ids", "attention_mask"))
    types = np.zeros_like(ids)
    types[:, 5:7] = 1
    return ids, types, mask


@pytest.mark.parametrize("task", ["attribution", "intent"])
def test_int8_and_fp16_say_what_the_trained_model_says(
    task: str, shipped: Path, work: Work, request: pytest.FixtureRequest
) -> None:
    trained = open_model(request.getfixturevalue(task))
    ready = open_model(shipped / f"{task}-tiny")
    assert ready.onnx_path
    batch = rows_of(trained.path, [article.text for article in work.articles[:4]])
    real = batch[2].astype(bool) if task == "attribution" else slice(None)
    full = TorchRuntime(trained, "cpu")(*batch)[real]
    half = TorchRuntime(ready, "cpu")(*batch)[real]
    small = OnnxRuntime(ready.onnx_path, 1)(*batch)[real]
    assert full.std(axis=0).mean() > 0.01
    assert np.abs(half - full).max() < 0.05 * full.std()
    assert_like(small, full)
    if task == "attribution":
        # The mark is read: without it other scores come out.
        plain = OnnxRuntime(ready.onnx_path, 1)(batch[0], np.zeros_like(batch[1]), batch[2])[real]
        assert np.abs(plain - small).max() > full.std()


def test_padding_changes_no_score(shipped: Path, work: Work) -> None:
    for task in ("attribution", "intent"):
        folder = open_model(shipped / f"{task}-tiny")
        assert folder.onnx_path
        ids, types, mask = rows_of(folder.path, [work.articles[0].text[:60]])
        wide = [np.pad(part, ((0, 0), (0, 30))) for part in (ids, types, mask)]
        runtime = OnnxRuntime(folder.onnx_path, 1)
        alone, padded = runtime(ids, types, mask), runtime(*wide)
        if task == "attribution":
            padded = padded[:, : ids.shape[1]]
        # int8 ranges are taken over the whole batch, padding and all.
        assert np.abs(alone - padded).max() < 0.1 * alone.std()


def test_other_projects_load_an_export(shipped: Path) -> None:
    for task, kind, labels in (
        ("attribution", AutoModelForTokenClassification, ROLE_LABELS),
        ("intent", AutoModelForSequenceClassification, INTENT_LABELS),
    ):
        folder = shipped / f"{task}-tiny"
        model, notes = kind.from_pretrained(folder, output_loading_info=True)
        assert not any(notes[key] for key in ("missing_keys", "unexpected_keys", "mismatched_keys"))
        assert [model.config.id2label[i] for i in range(len(labels))] == list(labels)
        inputs = AutoTokenizer.from_pretrained(folder)("Ana Belu said no.", return_tensors="pt")
        assert model.float()(**inputs).logits.shape[-1] == len(labels)


def assert_sound(article: Article, text: str) -> None:
    for statement in article.statements:
        marks = [mark for mark in (statement.source, statement.cue) if mark]
        for piece in [*marks, *statement.content]:
            assert piece.text == text[piece.start : piece.end]
            assert piece.text
        assert statement.content
        for value in (statement.confidence, statement.threat, statement.sanction):
            assert value is not None
            assert 0 <= value <= 1


def test_both_exports_score_texts(shipped: Path, work: Work) -> None:
    scorer = avowal.load(shipped, device="cpu", threads=1)
    # What a few steps teach is too unsure of itself to be kept otherwise.
    scorer.attributor.decoding = Decoding(minimum=0.0, minimum_without_cue=0.0)
    texts = [article.text for article in work.articles[:4]] + ["", "\r\n", "😀 “No,” Łukáš said."]
    scored = scorer.score(texts)
    assert [article.text for article in scored] == texts
    for article, text in zip(scored, texts, strict=True):
        assert_sound(article, text)
        for sentence in article.sentences:
            assert text[sentence.start : sentence.end].strip()
            assert 0 <= (sentence.threat or 0) <= 1
    assert all(len(article.sentences) > 3 for article in scored[:4])
    assert sum(len(article.statements) for article in scored[:4]) > 4
    assert scored[4].sentences == scored[5].sentences == ()


def test_an_attribution_model_alone_cannot_score(attribution: Path) -> None:
    with pytest.raises(avowal.ModelError, match="holds no model for intent"):
        avowal.load(attribution)


def test_evaluate_of_the_pipeline(shipped: Path, work: Work, tmp_path: Path) -> None:
    out = tmp_path / "figures.json"
    assert run("evaluate", shipped, "--data", work.data, "--json", out, "--device", "cpu") == 0
    report = read(out)
    assert set(report) == {"attribution", "intent"}
    assert report["attribution"]["documents"] == len(work.articles)
    assert set(report["attribution"]) == {"documents", *FIGURES}
    for name in FIGURES:
        figure = report["attribution"][name]
        assert 0 <= figure["low"] <= figure["f1"] <= figure["high"] <= 100
    assert report["intent"]["sentences"] == sum(len(a.sentences) for a in work.articles)
    assert {"f1", "ece", "positive"} <= set(report["intent"]["threat"])


@pytest.mark.parametrize(
    "options",
    [["--gold-cues"], ["--join", "nearest"], ["--runtime", "torch"], ["--join", "cue"]],
)
def test_evaluate_of_attribution(
    attribution: Path, work: Work, tmp_path: Path, options: list[str]
) -> None:
    few = tmp_path / "few.jsonl"
    few.write_text("".join(work.data.read_text("utf-8").splitlines(keepends=True)[:3]), "utf-8")
    out = tmp_path / "figures.json"
    assert run("evaluate", attribution, "--data", few, "--json", out, *options) == 0
    report = read(out)
    assert set(report) == {"attribution"}
    assert report["attribution"]["documents"] == 3
    if options == ["--gold-cues"]:
        # A gold cue stands where gold has it, wherever the statement is kept.
        assert report["attribution"]["exact_cue"]["precision"] > 50


def test_evaluate_of_intent(
    intent: Path, work: Work, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "figures.json"
    assert run("evaluate", intent, "--data", work.data, "--json", out) == 0
    assert set(read(out)) == {"intent"}
    assert "threat" in capsys.readouterr().out
    assert run("evaluate", intent, "--data", work.folder / "plv.tsv", "--json", out) == 0
    report = read(out)
    assert report["plover"]["sentences"] == 3 * len(CODED)
    assert report["plover"]["root_threat"]["positive"] == 3
    assert 0 < report["plover"]["root_macro"] <= 100


def test_evaluate_on_labels_of_news(
    intent: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    brat, text = tmp_path / "news" / "part", "It rained. Ana Belu said no. It rained."
    for name in ("text", "attributions"):
        (brat / name).mkdir(parents=True)
    (brat / "text" / "a.txt").write_text(text, encoding="utf-8")
    (brat / "attributions" / "a_x.ann").write_text("", encoding="utf-8")
    table, out = tmp_path / "news.tsv", tmp_path / "figures.json"
    table.write_text(
        "document\tstart\tend\tthreat\tsanction\tannotator\tpart\n"
        "news/part/a\t0\t10\t0\t0\tA\trandom\nnews/part/a\t11\t28\t0\t0\tA\trandom\n",
        encoding="utf-8",
    )
    options = ["--data", table, "--data-dir", tmp_path, "--json", out]
    assert run("evaluate", intent, *options) == 0
    report = read(out)["intent"]
    assert report["sentences"] == report["threat"]["sentences"] == 2
    assert report["threat"]["false_alarms"] in (0.0, 50.0, 100.0)
    assert "false alarms" in " ".join(capsys.readouterr().out.split())
    assert run("evaluate", intent, *options, "--split", "tset") == 2
    assert "no rows of the part 'tset'; it has random" in capsys.readouterr().err


def test_false_alarms_are_counted_in_all_sentences() -> None:
    gold = [
        Sentence(0, 1, 0.0, 1.0),
        Sentence(1, 2, 0.0, 0.0),
        Sentence(2, 3),
        Sentence(3, 4, 1.0, 0.0),
    ]
    report = _intent_figures(gold, np.array([[0.9, 0.9], [0.1, 0.1], [0.9, 0.9], [0.9, 0.1]]))
    assert report["sentences"] == 3
    assert report["threat"]["false_alarms"] == pytest.approx(100 / 3)
    assert report["sanction"]["false_alarms"] == 0
    # What has no label is neither right nor wrong.
    assert report["both_right"] == pytest.approx(200 / 3)


def test_evaluate_refuses_what_does_not_go_together(
    attribution: Path, intent: Path, work: Work, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    empty, unlabelled = tmp_path / "empty.jsonl", tmp_path / "unlabelled.jsonl"
    empty.write_text("")
    unlabelled.write_text('{"id": "a", "text": "It rained.", "sentences": [], "statements": []}\n')
    for arguments, reason in (
        ((attribution, "--data", work.folder / "plv.tsv"), "labels sentences"),
        ((intent, "--data", work.folder / "plv.tsv", "--gold-cues"), "labels sentences"),
        ((attribution, "--data", tmp_path / "nowhere.jsonl"), "nowhere.jsonl"),
        ((attribution, "--data", empty), "holds no articles"),
        ((intent, "--data", empty), "holds no articles"),
        ((intent, "--data", unlabelled), "no labelled sentences"),
        ((intent, "--data", work.data, "--gold-cues"), "--gold-cues"),
        ((intent, "--data", work.data, "--join", "nearest"), "--join"),
        ((work.folder / "bert", "--data", work.data), "is not an avowal model and holds none"),
        ((tmp_path, "--data", work.data), "is not an avowal model and holds none"),
        ((tmp_path / "no-model", "--data", work.data), "no model"),
        ((attribution, "--data", work.data, "--join", "near"), "--join is cue or nearest"),
        ((attribution, "--data", work.data, "--device", "tpu"), "device 'tpu'"),
        ((attribution, "--data", work.data, "--device", "tpu", "--runtime", "torch"), "'tpu'"),
    ):
        assert run("evaluate", *arguments) == 2, arguments
        line = capsys.readouterr().err.strip().splitlines()[-1]
        assert line.startswith("avowal: ")
        assert reason in line


def test_a_folder_of_the_wrong_kind(
    attribution: Path, intent: Path, bert: Path, tmp_path: Path
) -> None:
    with pytest.raises(avowal.ModelError, match=r"is not an avowal model: it has no avowal\.json"):
        export(bert, tmp_path / "out")
    with pytest.raises(avowal.ModelError, match="a model for intent, and one for attribution"):
        open_model(intent, "attribution")
    article = tmp_path / "a.txt"
    article.write_text("It rained.")
    assert run("score", article, "--model", attribution, "--out", tmp_path / "o.jsonl") == 2
    assert run("export", bert, tmp_path / "out") == 2
    assert run("train", tmp_path / "nowhere.yaml") == 2


def test_the_command_line_trains_and_exports(
    work: Work, bert: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    config = intent_config(work, bert, "intent-cli", folds=0)
    model, out = tmp_path / "model", tmp_path / "out"
    assert run("train", config, "--max_steps", "1", "--output-dir", model) == 0
    assert f"model: {model}" in capsys.readouterr().out
    assert run("export", model, out) == 0
    assert open_model(out).task == "intent"
    assert run("train", config, "--lerning_rate", "1") == 2
    assert "did you mean 'learning_rate'?" in capsys.readouterr().err


def test_an_encoder_without_token_types_marks_the_cue_with_tokens(
    work: Work, mpnet: Path, shipped: Path, tmp_path: Path
) -> None:
    trained = train(
        attribution_config(work, mpnet, "attribution-mpnet", max_steps=500, learning_rate=2.5e-3)
    )
    assert read(trained / "avowal.json")["cue_mark"] == "tokens"
    words = weights(mpnet)["embeddings.word_embeddings.weight"].shape[0]
    assert weights(trained)["mpnet.embeddings.word_embeddings.weight"].shape[0] == words + 2
    figures = read(trained / "metrics.json")["held_back"]
    assert figures["eval_marked_cue_f1"] > figures["eval_all_cue_f1"] + 0.15

    both = tmp_path / "both"
    ready = open_model(export(trained, both / "attribution"))
    assert {ready.tokenizer().token_to_id(token) for token in CUE_TOKENS} == {words, words + 1}
    assert ready.onnx_path
    # MPNet's position bias has to follow the length of the input, not that of the traced example.
    for length in (20, 400):
        ids, types, mask = rows_of(trained, [a.text[:length] for a in work.articles[:4]])
        real = mask.astype(bool)
        full = TorchRuntime(open_model(trained), "cpu")(ids, types, mask)
        assert_like(OnnxRuntime(ready.onnx_path, 1)(ids, types, mask)[real], full[real])
    shutil.copytree(shipped / "intent-tiny", both / "intent")
    scorer = avowal.load(both, device="cpu", threads=1)
    scorer.attributor.decoding = Decoding(minimum=0.0, minimum_without_cue=0.0)
    texts = [article.text for article in work.articles[:3]]
    scored = scorer.score(texts)
    for article, text in zip(scored, texts, strict=True):
        assert_sound(article, text)
    assert sum(len(article.statements) for article in scored) > 2
    # A text's own brackets are no marks.
    [odd] = scorer.score([f"Ana Belu {CUE_TOKENS[0]} said {CUE_TOKENS[1]} no."])
    assert_sound(odd, odd.text)


def test_a_run_is_pushed_to_the_hub_and_loaded_from_it(
    work: Work, bert: Path, hub: LocalHub
) -> None:
    short: dict[str, Any] = {"max_steps": 2, "eval_steps": 2, "save_steps": 2}
    config = attribution_config(work, bert, "pushed", **short)
    push = ["--push-to-hub", "--hub_model_id", "anas/tiny", "--hub_token"]
    assert run("train", config, *push, "wrong") == 2
    assert not (work.folder / "pushed" / "model.safetensors").exists()
    assert run("train", config, *push, "secret") == 0

    files = hub.repositories["anas/tiny"]
    # what transformers, optimum and transformers.js look for, and no checkpoint
    assert {"config.json", "tokenizer.json", "tokenizer_config.json", "model.safetensors"} <= set(
        files
    )
    assert {name for name in files if "/" in name} == {"onnx/model_quantized.onnx"}
    assert not [name for name, data in files.items() if b"secret" in data]
    card = ModelCardData(**yaml.safe_load(files["README.md"].decode().split("---")[1]))
    assert (card.library_name, card.pipeline_tag) == ("transformers", "token-classification")
    found = find_models("anas/tiny")["attribution"]
    assert found.onnx_path is not None
    assert open_runtime(found, "cpu", 1)


@pytest.mark.parametrize("task", ["attribution", "intent"])
def test_a_card_has_what_the_hub_reads(task: str, request: pytest.FixtureRequest) -> None:
    folder: Path = request.getfixturevalue(task)
    card = ModelCard.load(folder / "README.md").data
    pipelines = {"attribution": "token-classification", "intent": "text-classification"}
    assert (card.pipeline_tag, card.library_name) == (pipelines[task], "transformers")
    assert (card.license, card.language) == ("apache-2.0", "en")
    assert card.eval_results
    assert all(0 <= result.metric_value <= 1 for result in card.eval_results)
