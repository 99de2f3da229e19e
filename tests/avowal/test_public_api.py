"""`import avowal`: what it offers, and what it does not load."""

from __future__ import annotations

import inspect
import re
import subprocess
import sys
from collections.abc import Callable
from dataclasses import is_dataclass
from importlib.metadata import entry_points
from pathlib import Path
from typing import Any, get_args

import pytest

import avowal

HEAVY = (
    "torch",
    "transformers",
    "datasets",
    "sklearn",
    "scipy",
    "onnxruntime",
    "trafilatura",
    "pandas",
    "spacy",
    "fastapi",
    "huggingface_hub",
)

# What a user may rely on. A line that goes or changes here needs a new major version (a new minor
# one before 1.0) and a line in CHANGELOG.md; an added one is compatible.
PUBLIC = """
    Article(id, text, sentences=(), statements=(), meta=<factory>, speakers=())
    Article.to_dict(self, *, with_text=True)
    Article.to_pandas(self)
    ModelError(ValueError)
    Quotation['direct', 'indirect', 'mixed']
    Scorer.score(self, texts)
    Scorer.stream(self, documents, batch_size=16, batch_characters=200000)
    Sentence(start, end, threat=None, sanction=None)
    Sentence.to_dict(self)
    Span(start, end, text)
    Span.of(article_text, start, end)
    Span.to_dict(self)
    Statement(source, cue, content, speaker=None, quotation=None, confidence=None, threat=None,
        sanction=None, speaker_mention=None, speaker_confidence=None)
    Statement.to_dict(self)
    load(model='mini', *, device='auto', threads=None)
    to_pandas(articles)
"""


def test_the_public_names_and_their_arguments_are_these() -> None:
    found = " ".join(line for name in sorted(avowal.__all__) for line in described(name))
    assert found == " ".join(PUBLIC.split())
    assert re.fullmatch(r"\d+\.\d+\.\d+", avowal.__version__)


def described(name: str) -> list[str]:
    """A public name and its public methods, with the arguments that each takes."""
    thing = getattr(avowal, name)
    if get_args(thing):
        return [f"{name}[{', '.join(map(repr, get_args(thing)))}]"]
    if not isinstance(thing, type):
        return [name + arguments(thing)]
    if issubclass(thing, Exception):
        return [f"{name}({thing.__base__.__name__})"]
    made = [name + arguments(thing)] if is_dataclass(thing) else []
    methods = [
        f"{name}.{method}{arguments(getattr(thing, method))}"
        for method in sorted(vars(thing))
        if not method.startswith("_") and callable(getattr(thing, method))
    ]
    return made + methods


def arguments(thing: Callable[..., Any]) -> str:
    signature = inspect.signature(thing)
    bare = [p.replace(annotation=p.empty) for p in signature.parameters.values()]
    return str(signature.replace(parameters=bare, return_annotation=signature.empty))


def test_every_public_name_is_documented() -> None:
    for name in avowal.__all__:
        thing = getattr(avowal, name)
        assert get_args(thing) or thing.__doc__
    for error in ("FileNotFoundError", "ModelError", "ValueError", "RuntimeError"):
        assert error in (avowal.load.__doc__ or "")


@pytest.mark.parametrize(
    ("arguments", "error", "message"),
    [
        ({"model": "enormous"}, FileNotFoundError, "no model 'enormous'"),
        ({"model": Path(__file__).parent}, ValueError, "is not an avowal model and holds none"),
        ({"device": "tpu"}, ValueError, "device 'tpu' is not one of auto, cpu, cuda"),
    ],
)
def test_what_cannot_be_loaded_is_said(
    arguments: dict[str, Any], error: type[Exception], message: str
) -> None:
    with pytest.raises(error, match=message):
        avowal.load(**arguments)


def test_the_spacy_component_is_found_by_its_name() -> None:
    [found] = entry_points(group="spacy_factories", name="avowal")
    assert found.value == "avowal.spacy_component:make_avowal"


@pytest.mark.parametrize("module", ["avowal", "avowal.cli", "avowal.inference.batch"])
def test_nothing_heavy_is_imported_before_it_is_needed(module: str) -> None:
    code = f"import sys, {module}; print(*[m for m in {HEAVY!r} if m in sys.modules])"
    found = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, timeout=60
    )
    assert found.stdout.split() == []


def test_scoring_never_imports_training() -> None:
    code = (
        "import sys, pkgutil, importlib, avowal.inference as package\n"
        "for module in pkgutil.iter_modules(package.__path__):\n"
        "    if module.name != 'joint_network':  # which torch's runtime alone imports\n"
        "        importlib.import_module(f'avowal.inference.{module.name}')\n"
        "print(*[m for m in sys.modules if m == 'torch' or m.startswith('avowal.train')])"
    )
    found = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, timeout=60
    )
    assert found.stdout.split() == []
