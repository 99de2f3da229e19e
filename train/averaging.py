"""The mean of models' weights (Wortsman et al., 2022, "Model soups")."""

from __future__ import annotations

import argparse
import shutil
from collections.abc import Mapping
from pathlib import Path

import torch
from safetensors.torch import load_file, save_file

WEIGHTS = "model.safetensors"


def averaged(shares: Mapping[Path, float]) -> dict[str, torch.Tensor]:
    """The weighted mean of the model folders' weights, in fp32.

    Args:
        shares: each folder's share; they sum to 1.

    Raises:
        FileNotFoundError: where a folder holds no weights.
        ValueError: where the shares do not sum to 1, or the weights have other names or shapes.
    """
    if abs(sum(shares.values()) - 1) > 1e-6:
        raise ValueError(f"the shares sum to {sum(shares.values()):g}, not to 1")
    total: dict[str, torch.Tensor] = {}
    for folder, share in shares.items():
        weights = load_file(folder / WEIGHTS)
        shapes = {name: value.shape for name, value in weights.items()}
        if total and shapes != {name: value.shape for name, value in total.items()}:
            raise ValueError(f"{folder} has other weights than {next(iter(shares))}")
        for name, value in weights.items():
            total[name] = total.get(name, 0.0) + share * value.float()
    return total


def write_mean(shares: Mapping[Path, float], folder: Path) -> None:
    """Write the mean's model: a copy of the first folder, without what a run keeps for itself.

    Raises:
        FileNotFoundError, ValueError: as `averaged`.
    """
    weights = averaged(shares)
    ignored = shutil.ignore_patterns("checkpoint-*", "folds", "seed-*", "teaching")
    shutil.copytree(next(iter(shares)), folder, ignore=ignored)
    save_file(weights, folder / WEIGHTS, metadata={"format": "pt"})


def add_shares(parser: argparse.ArgumentParser) -> None:
    """Let a command take model folders with their shares of a mean, as `shares`."""
    parser.add_argument(
        "shares",
        nargs="+",
        type=folder_and_share,
        metavar="FOLDER[=SHARE]",
        help="shares sum to 1; of one folder, 1",
    )


def folder_and_share(given: str) -> tuple[Path, float]:
    """A model folder and its share of a mean, from ``FOLDER=SHARE``; without one the share is 1."""
    folder, _, share = given.partition("=")
    return Path(folder), float(share or 1)
