"""The model card of a trained model, with the metadata that the hub reads."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import yaml
from huggingface_hub import EvalResult
from huggingface_hub.repocard_data import eval_results_to_model_index

from avowal.data.label_rows import read_news_labels
from avowal.train.corpora import find_corpus

_PIPELINES = {
    "attribution": "token-classification",
    "intent": "text-classification",
    "joint": "token-classification",
}

_EXAMPLE = "“If the port stays shut, we will freeze their assets,” Minister Ana Belu warned."

_DATA = {
    "polnear": (
        "PolNeAR (Newell et al., 2018), political news; a public research corpus without a licence "
        "file: its sentences are not in this repository, and whoever trains on it should read its "
        "authors' page"
    ),
    "plover": (
        "PLV train (Hu et al., ACL 2024, on PLOVER's codebook), a research corpus; its sentences "
        "are not in this repository"
    ),
    "gum-news": ("GUM news (Zeldes, 2017; CC BY), whose text is not here"),
    "gum-more": (
        "GUM biographies, interviews and other documents (Zeldes, 2017; CC BY or CC BY-SA), whose "
        "text is not here"
    ),
    "data/annotated": (
        "the project's own annotated passages, original texts about invented places and persons "
        "(Apache-2.0)"
    ),
}

_USE = {
    "attribution": """\
A token classifier with BIO labels over source, cue and content (PolNeAR's roles). Without a mark it
labels every role of a window; with one cue marked it labels what that cue owns.
`avowal score` runs both passes and joins them into statements; in transformers it loads with
`AutoModelForTokenClassification`.""",
    "intent": """\
A sentence classifier with two independent labels, threat and sanction, and PLOVER's fifteen root
codes as auxiliary labels. The sentence is the first segment, the sentences before it the second.
In transformers it loads with `AutoModelForSequenceClassification`; apply a sigmoid to the first two
scores, then the calibration in `avowal.json`.""",
    "joint": """\
Both attribution and intent from one reading of a window: a token classifier with BIO labels over
source, cue and content; a head that gives what each cue owns; and a head that gives each sentence a
threat, a sanction and PLOVER's fifteen root codes. `avowal score` runs it all; in transformers the
token classifier alone loads, with `AutoModelForTokenClassification`.""",
    "speaker": """\
Chooses whom a source means: a conditional logit over the persons and bodies that an article names
or describes. `weights.json` holds the weight of each named feature, for all forms of source and for
one; `avowal.json` the probability below which a source keeps its own words.""",
}

_LIMITS = {
    "attribution": """\
- Trained on US news of 2015 and 2016 about one election, and on a few invented passages: other
  domains, dialects and translated prose are read less well.
- PolNeAR counts thoughts, intentions and attitudes as attributions, so expect many statements that
  are not quotations. Its annotators agree with each other at a statement F1 of about 75.
- A word belongs to one attribution: of a quotation inside a quotation the outer one is given.
- English only; the encoder is uncased.""",
    "intent": """\
- Both labels say what a sentence voices or reports, not whether it is meant or true.
- Veiled and ironic threats are missed more often than plain ones.
- A sentence without its context is judged less well: give the sentences before it.
- English only; the encoder is uncased.""",
    "joint": """\
- Trained on US news of 2015 and 2016 about one election, and on invented passages: other domains,
  dialects and translated prose are read less well.
- PolNeAR counts thoughts, intentions and attitudes as attributions, so expect many statements that
  are not quotations. Its annotators agree with each other at a statement F1 of about 75.
- A word belongs to one attribution: of a quotation inside a quotation the outer one is given.
- Both labels say what a sentence voices or reports, not whether it is meant or true; veiled and
  ironic threats are missed more often than plain ones.
- English only; the encoder is uncased.""",
    "speaker": """\
- It knows names by capitals, titles and word lists, so text without capitals gets few names.
- Plural "they" and bodies without a name of their own mostly keep their own words.
- Who is a man and who a woman is read off titles, roles, pronouns and common given names.
- English only.""",
}

_TEACHERS = ("teacher", "root_teacher", "intent_teacher")


def write_card(
    folder: Path, fields: Mapping[str, Any], figures: Mapping[str, Any], config: str
) -> None:
    """Write `README.md` beside a trained model.

    Args:
        fields: the config's fields.
        figures: what training measured on held-back data: numbers, or mappings of numbers.
        config: the config's path, for the command.
    """
    task = str(fields["task"])
    steps = _steps(fields, config)
    encoder = steps[0][0].get("encoder")
    told = [step.get(field) for step, _ in steps for field in _TEACHERS]
    teachers = [str(one) for one in dict.fromkeys(told) if one]
    every = [*steps, *(s for one in teachers for s in _steps({"encoder": one}, "")[:-1])]
    named = list(dict.fromkeys(name for step, _ in every for name in _data_of(step)))
    data = [text for key, text in _DATA.items() if any(str(n).startswith(key) for n in named)]
    others = [str(n) for n in named if n and not any(str(n).startswith(key) for key in _DATA)]
    lines = [
        "---",
        _metadata(folder.name, task, encoder, figures),
        "---",
        "",
        f"# {folder.name}",
        "",
        _USE[task],
        "",
        "## Data and terms",
        "",
        *(f"- {text}." for text in (*data, *others)),
        *([f"- Base encoder: {encoder} (Apache-2.0)."] if encoder else []),
        *(f"- It learnt from the answers of {one} too, and so from its data." for one in teachers),
        "",
        "## Figures",
        "",
        "On data held back from training, in percent except the calibration error (ECE):",
        "",
        *_table(figures),
        "",
        *(f"    avowal train {file}" for _, file in steps),
        "",
        "## Limits",
        "",
        _LIMITS[task],
    ]
    (folder / "README.md").write_text("\n".join(lines) + "\n", encoding="utf-8")


def _metadata(name: str, task: str, encoder: object, figures: Mapping[str, Any]) -> str:
    """What the hub reads at the head of a card: how to run the model, and its figures."""
    results = [
        EvalResult(
            task_type=_PIPELINES.get(task, task),
            dataset_type="held-back",
            dataset_name="held back from training",
            metric_type="f1",
            metric_name=metric,
            metric_value=round(value, 4),
        )
        for metric, value in _f1(figures)
    ]
    metadata: dict[str, Any] = {"language": "en", "license": "apache-2.0"}
    if task in _PIPELINES:
        metadata |= {
            "library_name": "transformers",
            "pipeline_tag": _PIPELINES[task],
            "base_model": str(encoder),
            "tags": ["avowal", "news", "onnx", "transformers.js"],
            "widget": [{"text": _EXAMPLE}],
        }
    else:
        metadata |= {"library_name": "avowal", "tags": ["avowal", "news"]}
    if results:
        metadata["model-index"] = eval_results_to_model_index(name, results)
    dumped: str = yaml.safe_dump(metadata, sort_keys=False, allow_unicode=True, width=100)
    return dumped.strip()


def _f1(figures: Mapping[str, Any]) -> Iterator[tuple[str, float]]:
    """The F1 figures among what training measured, from 0 to 1, with their names."""
    for name, value in figures.items():
        if isinstance(value, Mapping):  # in percent, where the trainer's own are not
            yield from ((f"{name} {key}", f1 / 100) for key, f1 in _f1(value))
        elif name.endswith("f1") and isinstance(value, int | float):
            yield name, float(value)


def _steps(
    fields: Mapping[str, Any], config: str, later: frozenset[Path] = frozenset()
) -> list[tuple[Mapping[str, Any], str]]:
    """The runs that made a model, the first one first: its fields and its config's path.

    Args:
        later: records that were read already: a model may have been exported over its encoder.
    """
    earlier = Path(str(fields.get("encoder", ""))) / "metrics.json"
    if "encoder" not in fields or earlier in later or not earlier.is_file():
        return [(fields, config)]
    record = json.loads(earlier.read_text(encoding="utf-8"))
    before = _steps(record["config"], record.get("config_file", ""), later | {earlier})
    return [*before, (fields, config)]


def _data_of(fields: Mapping[str, Any]) -> list[str]:
    """The names of the data that a run learnt from, the corpora of labelled news among them."""
    named = [*fields.get("train_data", ()), *fields.get("dev_data", ()), fields.get("plover") or ""]
    named += [*fields.get("coreference_data", ()), *fields.get("label_data", ())]
    named.append(fields.get("events") or "")
    if table := fields.get("news_labels"):
        rows = read_news_labels(find_corpus(str(table), fields.get("data_dir")))
        named += sorted({row.document.rpartition("/")[0] for row in rows if row.part == "train"})
    return [str(name) for name in named if name]


def _table(figures: Mapping[str, Any]) -> list[str]:
    rows = ["| figure | value |", "|---|---|"]
    for name, value in figures.items():
        if isinstance(value, Mapping):
            shown = ", ".join(f"{k} {_number(v)}" for k, v in value.items())
            rows.append(f"| {name} | {shown} |")
        else:
            rows.append(f"| {name} | {_number(value)} |")
    return rows


def _number(value: Any) -> str:
    return f"{value:.3g}" if isinstance(value, float) else str(value)
