"""`import avowal`: what it offers, and what it does not load."""

from __future__ import annotations

import subprocess
import sys

import pytest

import avowal

HEAVY = ("torch", "transformers", "datasets", "sklearn", "scipy", "onnxruntime", "trafilatura")


def test_the_names_that_are_offered_are_there() -> None:
    assert set(avowal.__all__) == {
        "Article",
        "ModelError",
        "Quotation",
        "Scorer",
        "Sentence",
        "Span",
        "Statement",
        "load",
    }
    for name in avowal.__all__:
        assert hasattr(avowal, name)
    assert avowal.__version__


def test_a_model_error_is_a_value_error() -> None:
    assert issubclass(avowal.ModelError, ValueError)


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
        "    importlib.import_module(f'avowal.inference.{module.name}')\n"
        "print(*[m for m in sys.modules if m == 'torch' or m.startswith('avowal.train')])"
    )
    found = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, timeout=60
    )
    assert found.stdout.split() == []
