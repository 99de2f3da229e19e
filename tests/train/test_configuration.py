"""`avowal.train.configuration`: a YAML file and overrides in, typed arguments out."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from avowal.data.errors import FormatError
from avowal.train.configuration import parse_config, read_config
from avowal.train.run import TASKS, train


@dataclass
class Arguments:
    """A task's own fields."""

    encoder: str
    train_data: list[str]
    share: float = 0.5
    note: str | None = None


NEEDED = {"encoder": "mini", "train_data": ["a"], "use_cpu": True, "report_to": "none"}


def parse(**fields: Any) -> tuple[Any, Any]:
    return parse_config(NEEDED | fields, Arguments, "run.yaml")


def write(folder: Path, text: str) -> Path:
    path = folder / "run.yaml"
    path.write_text(text, encoding="utf-8")
    return path


@pytest.mark.parametrize(
    ("name", "near"),
    [("lerning_rate", "learning_rate"), ("train_dat", "train_data"), ("shares", "share")],
)
def test_an_unknown_field_is_refused_with_the_nearest_known_one(name: str, near: str) -> None:
    with pytest.raises(ValueError, match=rf"^run\.yaml: .*'{name}'; did you mean '{near}'\?$"):
        parse(**{name: 1})


def test_an_unknown_field_like_no_other_is_refused_without_a_hint() -> None:
    with pytest.raises(ValueError, match=r"^run\.yaml: unknown field 'qqqqqq'$"):
        parse(qqqqqq=1)


def test_a_missing_field_is_named() -> None:
    with pytest.raises(ValueError, match=r"^run\.yaml: .*required.*--encoder"):
        parse_config({"train_data": ["a"]}, Arguments, "run.yaml")


@pytest.mark.parametrize(
    ("name", "value"),
    [("learning_rate", "fast"), ("max_steps", 1.5), ("bf16", "perhaps"), ("share", [0.1, 0.2])],
)
def test_a_value_of_the_wrong_type_names_config_and_value(name: str, value: Any) -> None:
    shown = str(value[-1] if isinstance(value, list) else value)
    with pytest.raises(ValueError, match=rf"^run\.yaml: .*{shown}"):
        parse(**{name: value})


def test_a_value_that_training_arguments_refuse_names_the_config() -> None:
    with pytest.raises(ValueError, match=r"^run\.yaml: .*load_best_model_at_end"):
        parse(load_best_model_at_end=True, eval_strategy="no", save_strategy="steps")


def test_a_strategy_of_no_is_no_strategy(tmp_path: Path) -> None:
    path = write(tmp_path, "eval_strategy: no\n")
    for fields in (read_config(path), read_config(path, ["--eval_strategy", "no"])):
        assert parse(**fields)[1].eval_strategy == "no"


@pytest.mark.parametrize("rate", ["2e-4", "2.0e-4", "0.0002", ".0002", "2.0E-4"])
def test_every_way_to_write_a_number_is_that_number(tmp_path: Path, rate: str) -> None:
    path = write(tmp_path, f"learning_rate: {rate}\n")
    for fields in (read_config(path), read_config(path, ["--share=1", "--learning_rate", rate])):
        assert parse(**fields)[1].learning_rate == 2e-4
    assert parse(**read_config(path, [f"--share={rate}"]))[0].share == 2e-4


@pytest.mark.parametrize("value", [-1, -0.5, -1e-5])
def test_negative_numbers_are_values(value: float) -> None:
    assert parse(share=value)[0].share == value


def test_strings_that_begin_with_a_hyphen_are_values() -> None:
    assert parse(note="--share")[0].note == "--share"


def test_types_of_yaml_reach_the_arguments(tmp_path: Path) -> None:
    path = write(
        tmp_path,
        "encoder: a folder/mini\n"
        "train_data: [one, 'two words', 3]\n"
        "note: null\n"
        "do_eval: false\n"
        "disable_tqdm: true\n"
        "lr_scheduler_kwargs: {min_lr: 1.0e-6}\n"
        'resume_from_checkpoint: "true"\n'
        "max_steps: 7\n",
    )
    arguments, training = parse(**read_config(path))
    assert arguments == Arguments("a folder/mini", ["one", "two words", "3"])
    assert (training.do_eval, training.disable_tqdm) == (False, True)
    assert training.lr_scheduler_kwargs == {"min_lr": 1e-6}
    assert training.resume_from_checkpoint == "true"
    assert training.max_steps == 7


def test_one_value_stands_for_a_list_of_one() -> None:
    assert parse(train_data="polnear/train")[0].train_data == ["polnear/train"]


def test_overrides_win_over_the_file(tmp_path: Path) -> None:
    path = write(tmp_path, "seed: 1\nshare: 0.5\nencoder: mini\n")
    words = ["--seed", "2", "--train-data=[x, y]", "--note=a=b", "--share", "-1", "--seed", "3"]
    assert read_config(path, words) == {
        "seed": 3,
        "share": -1,
        "encoder": "mini",
        "train_data": ["x", "y"],
        "note": "a=b",
    }
    assert read_config(path) == {"seed": 1, "share": 0.5, "encoder": "mini"}


@pytest.mark.parametrize(
    ("words", "reason"),
    [
        (["seed", "2"], "'seed' is not an override"),
        (["--seed", "2", "3"], "'3' is not an override"),
        (["--seed"], "the override --seed has no value"),
        (["--train_data", "[a"], "--train_data.*YAML"),
    ],
)
def test_overrides_that_are_none(tmp_path: Path, words: list[str], reason: str) -> None:
    with pytest.raises(ValueError, match=reason):
        read_config(write(tmp_path, "seed: 1\n"), words)


@pytest.mark.parametrize(
    ("content", "line", "reason"),
    [
        (b"seed: 1\nencoder: [a\nshare: 2\n", 3, "not YAML"),
        (b"seed: 1\n\tshare: 2\n", 2, "not YAML"),
        (b"- seed\n- share\n", 1, "a config is a mapping"),
        (b"note: caf\xe9\n", 1, "not YAML"),
    ],
)
def test_what_is_not_a_config_names_file_and_line(
    tmp_path: Path, content: bytes, line: int, reason: str
) -> None:
    path = tmp_path / "run.yaml"
    path.write_bytes(content)
    with pytest.raises(FormatError) as caught:
        read_config(path)
    assert str(caught.value).startswith(f"{path}:{line}: {reason}")


def test_a_missing_config_is_named(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError, match=r"no config file at .*nowhere\.yaml"):
        read_config(tmp_path / "nowhere.yaml")


@pytest.mark.parametrize("text", ["task: poetry\n", "task: [intent]\n", "seed: 1\n", ""])
def test_an_unknown_task_is_refused(tmp_path: Path, text: str) -> None:
    path = write(tmp_path, text)
    with pytest.raises(
        ValueError, match=r"run\.yaml: `task` is one of attribution, intent, joint, speaker$"
    ):
        train(path)


@pytest.mark.parametrize(
    "name",
    [
        "attribution-base",
        "attribution-mini",
        "attribution-mini-tagger",
        "intent-base",
        "intent-base-events",
        "intent-mini",
        "intent-mini-events",
        "intent-mini-labels",
        "joint-base",
        "joint-mini",
        "joint-mini-first",
        "joint-mini-labels",
        "joint-mini-masked",
        "joint-mini-more",
        "joint-mini-opinions",
    ],
)
def test_the_configs_of_the_repository_are_read(repository: Path, name: str) -> None:
    path = repository / "configs" / f"{name}.yaml"
    fields = read_config(path) | {"use_cpu": True}
    arguments, training = parse_config(fields, TASKS[fields["task"]][0], str(path))
    assert arguments.task == name.partition("-")[0]
    assert "data/annotated/train.jsonl" in arguments.train_data
    assert training.output_dir == f"runs/{name}"
    assert training.learning_rate == fields["learning_rate"]
