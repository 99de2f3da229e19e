"""What a run reads of each part of an intent config's data."""

from __future__ import annotations

from collections import Counter

import pytest

from avowal.train.intent import IntentArguments
from avowal.train.intent_data import EVENTS, NEWS, PASSAGES, PLV, with_shares
from avowal.train.intent_examples import NO_ROW, IntentExample

EACH = 20
EXAMPLES = [
    IntentExample(f"{part}:{n}", NO_ROW, 0.0, 0.0, -1, part=part)
    for part in (PLV, NEWS, EVENTS, PASSAGES)
    for n in range(EACH)
]


def read(seed: int = 1, **fields: float) -> Counter[str]:
    """How often a run reads each example, by its group."""
    arguments = IntentArguments(encoder="mini", train_data=[], **fields)  # type: ignore[arg-type]
    return Counter(example.group for example in with_shares(arguments, EXAMPLES, seed))


def times(found: Counter[str], part: str) -> list[int]:
    return [count for group, count in found.items() if group.startswith(f"{part}:")]


def test_all_is_read_once_unless_told_otherwise() -> None:
    assert read() == Counter(example.group for example in EXAMPLES)


@pytest.mark.parametrize(
    ("part", "field"), [(PASSAGES, "annotated_share"), (EVENTS, "events_share")]
)
def test_a_share_is_of_its_part_alone(part: str, field: str) -> None:
    found = read(**{field: 0.25})
    assert times(found, part) == [1] * (EACH // 4)
    for other in {PLV, NEWS, EVENTS, PASSAGES} - {part}:
        assert times(found, other) == [1] * EACH


def test_plv_alone_is_repeated() -> None:
    found = read(plover_repeat=3)
    assert times(found, PLV) == [3] * EACH
    assert found.total() == (3 + 3) * EACH


def test_each_seed_draws_its_own_share_and_the_same_again() -> None:
    shares = {"annotated_share": 0.5, "events_share": 0.5}
    assert read(1, **shares) == read(1, **shares) != read(2, **shares)
