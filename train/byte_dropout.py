"""Dropout from random bytes, for training on a processor.

Torch draws a random number of its own for each element there, one after the other: that takes a
sixth of a small encoder's training step, and bytes of numpy's generator next to nothing.
"""

from __future__ import annotations

import numpy as np
import torch
from torch import nn


class ByteDropout(nn.Module):
    """`torch.nn.Dropout` with its probability `p` rounded to a multiple of 1/256."""

    def __init__(self, p: float, generator: np.random.Generator) -> None:
        super().__init__()
        self.p = p
        self._dropped = round(p * 256)
        self._generator = generator

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        if not self.training or not self._dropped:
            return x
        noise = torch.frombuffer(bytearray(self._generator.bytes(x.numel())), dtype=torch.uint8)
        kept = (noise >= self._dropped).view(x.shape).to(x.dtype)
        return x * kept.mul_(256 / (256 - self._dropped))


def use_byte_dropout(model: nn.Module, seed: int) -> None:
    """Put a `ByteDropout` in the place of every dropout of `model`, all fed by one generator."""
    generator = np.random.Generator(np.random.SFC64(seed))
    for module in model.modules():
        for name, child in module.named_children():
            if isinstance(child, nn.Dropout):
                setattr(module, name, ByteDropout(child.p, generator))
