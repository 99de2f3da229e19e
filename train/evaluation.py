"""The command `avowal evaluate`: what to measure on what, and how the figures are shown."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from rich.console import Console
from rich.table import Table

from avowal.data.label_rows import is_news_labels
from avowal.inference.attribution import Attributor
from avowal.inference.intent import SentenceIntents
from avowal.inference.joint_runtime import TorchJointRuntime, open_joint_runtime
from avowal.inference.loading import find_models, find_speaker_model, open_models
from avowal.inference.runtime import TorchRuntime, open_runtime
from avowal.inference.scorer import Scorer
from avowal.train.corpora import find_corpus, is_gum, read_articles, read_news
from avowal.train.json_files import write_json
from avowal.train.reports import (
    Report,
    agreement_report,
    attribution_report,
    intent_report,
    pipeline_report,
    plover_report,
    predict_attributions,
    relation_report,
    speaker_report,
)
from avowal.train.speaker_metrics import BASELINES


def run_evaluation(
    model: str,
    *,
    data: str,
    split: str | None,
    json_path: Path | None,
    gold_cues: bool,
    join: str,
    agreement: bool,
    device: str,
    runtime: str,
    data_dir: Path | None,
    speakers: bool = False,
) -> Report:
    """Measure, print the figures, and write them to `json_path` where it is given.

    Raises:
        ValueError: where the model or the data do not go with what is asked.
    """
    if join not in ("cue", "nearest") or runtime not in ("onnx", "torch"):
        raise ValueError("--join is cue or nearest, and --runtime is onnx or torch")
    if device not in ("auto", "cpu", "cuda"):
        raise ValueError(f"device {device!r} is not one of auto, cpu, cuda")
    table = data.endswith(".tsv")
    path = find_corpus(f"{data}/{split}" if split and not table else data, data_dir)
    report: Report
    if speakers:
        if agreement or gold_cues or join != "cue" or table:
            raise ValueError("--speakers takes gold sources: of JSONL, brat or a folder of GUM")
        report = speaker_report(find_speaker_model(model), path)
    elif agreement:
        report = {"agreement": agreement_report(path)}
    else:
        folders = find_models(model)
        chosen = "cpu" if device == "auto" else device
        attributor, intent = open_models(
            folders,
            lambda folder: (
                TorchRuntime(folder, chosen) if runtime == "torch" else open_runtime(folder, device)
            ),
            lambda folder: (
                TorchJointRuntime(folder, chosen)
                if runtime == "torch"
                else open_joint_runtime(folder, device)
            ),
        )
        if table:
            if intent is None or gold_cues or join != "cue":
                raise ValueError(f"{path} labels sentences, and has no attributions to measure")
            if is_news_labels(path):
                articles = read_news(str(path), data_dir, split or "random")
                report = {"intent": intent_report(intent, articles)}
            else:
                report = {"plover": plover_report(intent, path)}
        else:
            report = _measure(attributor, intent, path, gold_cues=gold_cues, join=join)
    show(report)
    if json_path:
        write_json(json_path, report)
    return report


def _measure(
    attributor: Attributor | None,
    intent: SentenceIntents | None,
    path: Path,
    *,
    gold_cues: bool,
    join: str,
) -> Report:
    if attributor is None and (gold_cues or join != "cue"):
        raise ValueError("--gold-cues and --join are for a model that finds attributions")
    if is_gum(path):
        if attributor is None or gold_cues or join != "cue":
            raise ValueError(f"{path} has attribution relations: for a model that finds statements")
        return {"relations": relation_report(attributor, path)}
    articles = list(read_articles([str(path)]))
    if not articles:
        raise ValueError(f"{path} holds no articles")
    if attributor and (gold_cues or join != "cue" or intent is None):
        found = predict_attributions(attributor, articles, gold_cues=gold_cues, join=join)
        return {"attribution": attribution_report(articles, found)}
    if attributor and intent:
        return pipeline_report(Scorer(attributor, intent), articles)
    assert intent is not None
    if not any(article.sentences for article in articles):
        raise ValueError(f"{path} has no labelled sentences to measure an intent model on")
    return {"intent": intent_report(intent, articles)}


def show(report: Report) -> None:
    """Print a report, a table a part."""
    console = Console()
    for part, values in report.items():
        if part == "speakers":
            console.print(_speaker_table(values))
            continue
        sizes = [f"{values[k]} {k}" for k in ("documents", "sentences") if k in values]
        table = Table(title=f"{part} ({', '.join(sizes)})", title_justify="left")
        for column in ("figure", "F1", "95 %", "precision", "recall", "ECE", "false alarms in 100"):
            table.add_column(column, justify="left" if column == "figure" else "right")
        for name, value in values.items():
            if isinstance(value, dict):
                table.add_row(name, *_cells(value))
            elif isinstance(value, float):
                table.add_row(name, f"{value:.1f}")
        console.print(table)


def _cells(value: dict[str, Any]) -> list[str]:
    interval = f"{value['low']:.1f} to {value['high']:.1f}" if "low" in value else ""
    error = f"{value['ece']:.3f}" if "ece" in value else ""
    return [
        f"{value['f1']:.1f}",
        interval,
        f"{value['precision']:.1f}",
        f"{value['recall']:.1f}",
        error,
        f"{value['false_alarms']:.1f}" if "false_alarms" in value else "",
    ]


def _speaker_table(values: dict[str, Any]) -> Table:
    """Accuracies of speakers, a row a form of source."""
    table = Table(title=f"speakers ({values['documents']} documents)", title_justify="left")
    for column in ("sources", "number", "right", *BASELINES, "wrong names", "ECE"):
        table.add_column(column, justify="left" if column == "sources" else "right")
    for name, value in values.items():
        if isinstance(value, dict):
            table.add_row(
                name,
                str(value["sources"]),
                *(f"{value[k]:.1f}" if k in value else "" for k in ("right", *BASELINES)),
                str(value.get("wrong names", "")),
                f"{value['ece']:.3f}" if "ece" in value else "",
            )
        elif isinstance(value, float):
            table.add_row(name, "", f"{value:.1f}")
    return table
