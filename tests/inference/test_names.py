"""`avowal.inference.names`: runs of capitalised words, whatever script the capitals are of."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from avowal.inference.names import find_runs


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("said Émile Öztürk of Paris", ["Émile Öztürk", "Paris"]),
        ("said Łukasz Żurek of Paris", ["Łukasz Żurek", "Paris"]),
        ("said Иван Белов of Paris", ["Иван Белов", "Paris"]),
        ("said ǅamonja ĐAPIĆ", ["ǅamonja ĐAPIĆ"]),
        ("said 𝐀na łukasz", ["𝐀na"]),
    ],
)
def test_capitals_of_every_alphabet_begin_names(text: str, names: list[str]) -> None:
    assert [run.name() for run in find_runs(text)] == names


@given(st.lists(st.sampled_from(["Ana", "Ł", "É.", "of", "the", "Council", "said", "&", ","])))
def test_a_rare_capital_changes_no_other_name(words: list[str]) -> None:
    text = " ".join(words)
    runs = list(find_runs(text))
    assert list(find_runs(f"{text}\n\nsaid 𝐀na"))[: len(runs)] == runs
