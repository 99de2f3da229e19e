"""`avowal.train.byte_dropout`: what torch's own dropout does, drawn faster."""

from __future__ import annotations

import pytest
import torch
from torch import nn

from avowal.train.byte_dropout import ByteDropout, use_byte_dropout


@pytest.mark.parametrize("dtype", [torch.float32, torch.bfloat16])
def test_elements_are_dropped_at_the_rate_and_the_rest_scaled(dtype: torch.dtype) -> None:
    torch.manual_seed(3)
    layer = ByteDropout(0.25)
    x = torch.ones((50, 20, 40), dtype=dtype, requires_grad=True)
    out = layer(x)
    assert out.dtype == dtype
    assert float((out == 0).float().mean()) == pytest.approx(0.25, abs=0.01)
    assert set(out.float().unique().tolist()) == {0.0, float(torch.tensor(4 / 3, dtype=dtype))}
    out.sum().backward()
    assert x.grad is not None
    assert torch.equal(x.grad, out.detach())


def test_nothing_is_dropped_in_evaluation_or_at_a_rate_of_nothing() -> None:
    x = torch.randn(4, 5)
    assert torch.equal(ByteDropout(0.5).eval()(x), x)
    assert torch.equal(ByteDropout(0.0)(x), x)


def test_every_dropout_of_a_model_is_replaced_and_seeded_by_torch() -> None:
    def made(seed: int) -> torch.Tensor:
        torch.manual_seed(seed)
        model = nn.Sequential(nn.Dropout(0.5), nn.Sequential(nn.Identity(), nn.Dropout(0.1)))
        use_byte_dropout(model)
        assert not any(isinstance(m, nn.Dropout) for m in model.modules())
        return torch.stack([model(torch.ones(100)) for _ in range(2)])

    assert torch.equal(made(1), made(1))
    assert not torch.equal(made(1), made(2))
    first, second = made(1)
    assert not torch.equal(first, second)


def test_what_is_computed_twice_comes_out_the_same() -> None:
    """As gradient checkpointing does, which restores torch's generator for it."""
    layer, x = ByteDropout(0.5), torch.ones(100, requires_grad=True)
    out = torch.utils.checkpoint.checkpoint(layer, x, use_reentrant=False)
    out.sum().backward()
    assert x.grad is not None
    assert torch.equal(x.grad, out.detach())
