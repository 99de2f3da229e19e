"""`avowal.train.intent`: the loss where labels are known in part."""

from __future__ import annotations

from typing import Any

import pytest
import torch

from avowal.data.plover import ROOTS
from avowal.inference.intent import INTENTS
from avowal.train.intent import LABELS, MaskedLoss
from avowal.train.intent_examples import UNKNOWN

WIDTH = len(LABELS)
ROOT = slice(len(INTENTS), WIDTH)


def row(threat: float, sanction: float, root: int = -1) -> list[float]:
    """Targets of a sentence with a root code, or without one."""
    return [threat, sanction, *(float(index == root) for index in range(len(ROOTS)))]


def loss_and_gradient(
    labels: list[list[float]], weight: float = 1.0, count: Any = None
) -> tuple[float, torch.Tensor]:
    torch.manual_seed(0)
    logits = torch.randn(len(labels), WIDTH, requires_grad=True)
    loss = MaskedLoss(weight)({"logits": logits}, torch.tensor(labels), count)
    loss.backward()
    assert logits.grad is not None
    return loss.item(), logits.grad


def test_the_labels_are_the_intents_and_then_the_root_codes() -> None:
    assert LABELS[:2] == ("threat", "sanction")
    assert LABELS[2:] == tuple(f"root:{root}" for root in ROOTS)


def test_an_unknown_label_gives_no_gradient() -> None:
    rows = [row(UNKNOWN, 1.0), row(0.0, UNKNOWN), row(UNKNOWN, UNKNOWN, 3)]
    _, gradient = loss_and_gradient(rows)
    touched = gradient.abs() > 1e-8
    assert touched[:, 0].tolist() == [False, True, False]
    assert touched[:, 1].tolist() == [True, False, False]
    assert touched[:, ROOT].all(dim=1).tolist() == [False, False, True]
    assert not touched[:2, ROOT].any()


def test_where_nothing_is_known_there_is_nothing_to_learn() -> None:
    loss, gradient = loss_and_gradient([row(UNKNOWN, UNKNOWN)] * 3)
    assert loss == 0
    assert not gradient.any()


def test_the_loss_by_hand() -> None:
    logits = torch.zeros(2, WIDTH)
    labels = torch.tensor([row(1.0, UNKNOWN, 4), row(0.0, 1.0)])
    log = torch.log(torch.tensor([2.0, float(len(ROOTS))])).tolist()
    for weight in (0.0, 0.5, 1.0):
        loss = MaskedLoss(weight)({"logits": logits}, labels)
        assert float(loss) == pytest.approx((3 * log[0] + weight * log[1]) / 2)


def test_gradients_push_towards_the_label() -> None:
    _, gradient = loss_and_gradient([row(1.0, 0.0, 2)])
    assert gradient[0, 0] < 0 < gradient[0, 1]
    assert (gradient[0, ROOT] < 0).nonzero().flatten().tolist() == [2]


def test_gradients_push_towards_the_probabilities_of_root_codes() -> None:
    said = torch.linspace(1.0, 2.0, len(ROOTS)).softmax(dim=0)
    _, gradient = loss_and_gradient([[UNKNOWN, UNKNOWN, *said.tolist()]])
    torch.manual_seed(0)
    given = torch.randn(1, WIDTH)[0, ROOT].softmax(dim=0)
    assert torch.allclose(gradient[0, ROOT], given - said, atol=1e-6)


def test_the_weight_is_that_of_the_root_codes() -> None:
    rows = [row(1.0, 0.0, 2), row(0.0, 0.0, 5)]
    (_, none), (_, once), (_, twice) = (loss_and_gradient(rows, w) for w in (0.0, 1.0, 2.0))
    assert not none[:, ROOT].any()
    assert torch.allclose(twice[:, ROOT], 2 * once[:, ROOT])
    assert torch.equal(none[:, : len(INTENTS)], twice[:, : len(INTENTS)])


def test_batches_of_one_step_add_up_to_the_batch_they_make() -> None:
    rows = [row(1.0, 0.0, 2), row(UNKNOWN, 0.0), row(0.0, 1.0, 5), row(0.0, UNKNOWN, 7)]
    torch.manual_seed(0)
    logits, labels = torch.randn(4, WIDTH), torch.tensor(rows)
    # The trainer counts every element of the labels that is not -100.
    count = torch.tensor(labels.numel())
    parts = [MaskedLoss(1.0)({"logits": logits[p]}, labels[p], count) for p in ([0], [1, 2, 3])]
    whole = MaskedLoss(1.0)({"logits": logits}, labels, count)
    assert float(sum(parts)) == pytest.approx(float(whole))
    assert float(whole) == pytest.approx(float(MaskedLoss(1.0)({"logits": logits}, labels)))
