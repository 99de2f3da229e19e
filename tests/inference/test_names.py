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


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("according to the New Orvale Times", ["New Orvale Times"]),
        ("said The New Orvale Times", ["New Orvale Times"]),
        ("It rained. New Orvale rules", ["Orvale"]),
        ("It rained. New Zealand played", ["New Zealand"]),
        ("the First Harbour Bank", ["First Harbour Bank"]),
        ("“Old Ana Belu left", ["Ana Belu"]),
        ("a NASA T-shirt", ["NASA"]),
        ("an X-ray of Belu", ["Belu"]),
        ("said Dean Belu", ["Dean Belu"]),
        ("said Dean Ana Belu", ["Ana Belu"]),
    ],
)
def test_what_opens_a_sentence_or_is_no_name_is_left_out(text: str, names: list[str]) -> None:
    assert [run.name() for run in find_runs(text) if run.name() not in ("It", "")] == names


@given(st.lists(st.sampled_from(["Ana", "Ł", "É.", "of", "the", "Council", "said", "&", ","])))
def test_a_rare_capital_changes_no_other_name(words: list[str]) -> None:
    text = " ".join(words)
    runs = list(find_runs(text))
    assert list(find_runs(f"{text}\n\nsaid 𝐀na"))[: len(runs)] == runs
