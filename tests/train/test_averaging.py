"""The mean of models' weights, of files that safetensors wrote."""

from __future__ import annotations

from pathlib import Path

import pytest
import torch
from safetensors.torch import save_file

from avowal.train.averaging import averaged, folder_and_share


def folder(path: Path, **weights: list[float]) -> Path:
    path.mkdir()
    halves = {name: torch.tensor(values).half() for name, values in weights.items()}
    save_file(halves, path / "model.safetensors")
    return path


def test_each_folder_counts_by_its_share(tmp_path: Path) -> None:
    one = folder(tmp_path / "one", a=[1.0, -4.0], b=[8.0])
    other = folder(tmp_path / "other", a=[5.0, 4.0], b=[0.0])
    found = averaged({one: 0.25, other: 0.75})
    assert found["a"].tolist() == [4.0, 2.0]
    assert found["b"].tolist() == [2.0]
    assert {value.dtype for value in found.values()} == {torch.float32}


def test_what_cannot_be_averaged_is_refused(tmp_path: Path) -> None:
    one = folder(tmp_path / "one", a=[1.0, 2.0])
    with pytest.raises(ValueError, match=r"the shares sum to 0\.9, not to 1"):
        averaged({one: 0.4, folder(tmp_path / "same", a=[1.0, 2.0]): 0.5})
    for name, weights in {"named": {"b": [1.0, 2.0]}, "longer": {"a": [1.0, 2.0, 3.0]}}.items():
        with pytest.raises(ValueError, match=f"{name} has other weights than .*one"):
            averaged({one: 0.5, folder(tmp_path / name, **weights): 0.5})
    with pytest.raises(FileNotFoundError):
        averaged({tmp_path: 1.0})


def test_a_share_is_read_off_its_folder() -> None:
    assert folder_and_share("runs/a=0.7") == (Path("runs/a"), 0.7)
    assert folder_and_share("runs/a") == (Path("runs/a"), 1.0)
