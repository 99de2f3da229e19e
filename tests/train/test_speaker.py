"""Training, metrics and evaluation of the speaker model, on passages about invented people."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from avowal.cli import main
from avowal.data.jsonl import read_jsonl
from avowal.data.records import Article, Span, Statement
from avowal.inference.model_folder import open_model
from avowal.inference.resolve import SpeakerResolver
from avowal.inference.speaker_model import SpeakerModel
from avowal.train.configuration import parse_config, read_config
from avowal.train.export import export
from avowal.train.run import TASKS, train
from avowal.train.speaker_examples import annotated_examples, same_name
from avowal.train.speaker_fit import fit_weights
from avowal.train.speaker_metrics import count_annotated, figures_of

TEXT = "Mr Ilo Marsh met Ms Ana Belu. “The quay is ours,” she said. “Never,” a sailor said."


def article() -> Article:
    def statement(source: str, content: str, speaker: str | None) -> Statement:
        at, said = TEXT.index(source), TEXT.index(content)
        return Statement(
            Span.of(TEXT, at, at + len(source)),
            None,
            (Span.of(TEXT, said, said + len(content)),),
            speaker,
        )

    return Article(
        "a",
        TEXT,
        statements=(
            statement("she", "“The quay is ours,”", "Ana Belu"),
            statement("a sailor", "“Never,”", None),
        ),
    )


def test_questions_come_with_their_right_answers() -> None:
    [example] = annotated_examples(article())
    candidates = example.question.candidates
    assert example.question.form == "he"
    assert {candidates[i].name for i in example.right if candidates[i]} == {"Ana Belu"}  # type: ignore[union-attr]
    assert None in candidates


def test_a_fitted_model_answers_what_it_was_fitted_on() -> None:
    examples = annotated_examples(article())
    model = SpeakerModel(fit_weights(examples, 0.01, 0.01, 1), 0.5)
    found = count_annotated(article(), SpeakerResolver(model))
    assert [judged.right for judged in found.sources] == [True, True]
    with pytest.raises(ValueError, match="no questions"):
        fit_weights([], 0.01, 0.01, 1)


def test_figures_count_by_form_and_against_the_baselines() -> None:
    nobody = SpeakerModel({"nobody": 99.0}, 0.5)
    figures = figures_of([count_annotated(article(), SpeakerResolver(nobody))])
    assert figures.named["pronoun"] == (1, 0.0, (0.0, 100.0, 100.0))
    assert figures.sources == 2
    assert figures.right == 50.0
    assert figures.wrong_names == 0
    with pytest.raises(ValueError, match="no sources"):
        figures_of([])


def test_names_agree_but_for_case_and_article() -> None:
    assert same_name("The Writers’ Guild", "writers' guild")
    assert not same_name("Ana Belu", "Ilo Belu")


def test_the_config_of_the_repository_is_read(repository: Path) -> None:
    path = repository / "configs" / "speaker.yaml"
    arguments, training = parse_config(
        read_config(path) | {"use_cpu": True}, TASKS["speaker"][0], str(path)
    )
    assert "data/annotated/train.jsonl" in arguments.train_data
    assert training.output_dir == "runs/speaker-mini"


@pytest.fixture(scope="module")
def trained(repository: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A model of the passages alone that were written for it."""
    folder = tmp_path_factory.mktemp("speaker")
    config = folder / "speaker.yaml"
    data = repository / "data" / "annotated" / "speakers.jsonl"
    config.write_text(
        f"task: speaker\ntrain_data: [{data}]\ndev_data: [{data}]\noutput_dir: {folder / 'model'}\n"
    )
    return train(config)


def test_a_run_leaves_a_model_folder(trained: Path) -> None:
    model = SpeakerModel.of(open_model(trained, "speaker"))
    assert model.threshold == 0.5
    assert model.weights
    assert not list(trained.glob("*.bin"))
    metrics = json.loads((trained / "metrics.json").read_text())
    assert metrics["held_back"]["dev, all with a name"]["right"] > 80
    assert "conditional logit" in (trained / "README.md").read_text()


def test_a_speaker_model_is_exported_as_it_is(trained: Path, tmp_path: Path) -> None:
    out = export(trained, tmp_path / "shipped")
    assert SpeakerModel.of(open_model(out)) == SpeakerModel.of(open_model(trained))


def test_evaluate_measures_speakers(
    trained: Path, repository: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    data = repository / "data" / "annotated" / "speakers.jsonl"
    out = tmp_path / "figures.json"
    command = ["evaluate", str(trained), "--data", str(data), "--speakers", "--json", str(out)]
    with pytest.raises(SystemExit) as stopped:
        main(command)
    assert not stopped.value.code
    figures = json.loads(out.read_text())["speakers"]
    assert figures["documents"] == len(list(read_jsonl(data)))
    assert 0 <= figures["pronoun"]["nearest compatible name"] <= 100
    shown = capsys.readouterr().out
    assert "speakers (128 documents)" in shown
    assert "pronoun" in shown
    with pytest.raises(SystemExit) as stopped:
        main([*command, "--gold-cues"])
    assert stopped.value.code == 2


@pytest.mark.parametrize("override", [("--threshold", "2"), ("--folds", "1")])
def test_values_out_of_range_are_refused(
    repository: Path, tmp_path: Path, override: tuple[str, str]
) -> None:
    with pytest.raises(ValueError, match="threshold is between 0 and 1, and folds"):
        train(
            repository / "configs" / "speaker.yaml",
            [*override, "--output_dir", str(tmp_path / "m")],
        )


# ---- the bars ----


def test_the_annotated_test_split_is_nearly_all_right(repository: Path) -> None:
    articles = read_jsonl(repository / "data" / "annotated" / "test.jsonl")
    figures = figures_of([count_annotated(a, SpeakerResolver()) for a in articles])
    assert figures.right >= 92


def test_no_speaker_of_the_examples_is_wrong(repository: Path) -> None:
    articles = read_jsonl(repository / "data" / "annotated" / "examples.jsonl")
    counted = [count_annotated(a, SpeakerResolver()) for a in articles]
    assert sum(judged.wrong_name for found in counted for judged in found.sources) == 0


def test_gum_news_by_the_shipped_model(corpus: Callable[[str], Path]) -> None:
    from avowal.data.gum_coreference import read_gum_coreference
    from avowal.train.speaker_metrics import count_coreference

    documents = read_gum_coreference(corpus("gum-news"))
    figures = figures_of([count_coreference(d, SpeakerResolver()) for d in documents])
    assert figures.named["all with a name"][1] >= 80
