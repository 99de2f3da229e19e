"""Dropout from random bytes, for training on a processor.

Torch draws a random number of its own for each element there, one after the other: that takes a
sixth of a small encoder's training step, and bytes of numpy's generator next to nothing.
"""

from __future__ import annotations

import numpy as np
import torch
from torch import nn


class ByteDropout(nn.Module):
    """`torch.nn.Dropout` with its probability `p` rounded to a multiple of 1/256, 255 at most.

    Each call is seeded by torch's own generator, so a resumed run goes on as it would have, and
    what gradient checkpointing computes twice comes out the same.
    """

    def __init__(self, p: float) -> None:
        super().__init__()
        self.p = p
        self._dropped = min(round(p * 256), 255)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        if not self.training or not self._dropped:
            return x
        seed = int(torch.randint(2**62, ()))
        drawn = np.random.Generator(np.random.SFC64(seed)).bytes(x.numel())
        noise = torch.frombuffer(bytearray(drawn), dtype=torch.uint8)
        kept = (noise >= self._dropped).view(x.shape).to(x.dtype)
        return x * kept.mul_(256 / (256 - self._dropped))


def use_byte_dropout(model: nn.Module) -> None:
    """Put a `ByteDropout` in the place of every dropout of `model`."""
    for module in model.modules():
        for name, child in module.named_children():
            if isinstance(child, nn.Dropout):
                setattr(module, name, ByteDropout(child.p))
