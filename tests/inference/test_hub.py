"""Models by their id on the hub, from a hub of this test's own."""

from __future__ import annotations

from pathlib import Path

import pytest
from local_hub import LocalHub
from scripted_models import scripted_runtime, write_folder

import avowal


def test_a_pair_of_models_is_loaded_by_its_id(
    hub: LocalHub, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("avowal.inference.loading.open_runtime", scripted_runtime)
    files = hub.repositories["anas/models"] = {"attribution/pytorch_model.bin": b"a pickle"}
    for task in ("attribution", "intent"):
        folder = tmp_path / "made" / task
        write_folder(folder, task)
        for path in folder.iterdir():
            files[f"{task}/{path.name}"] = path.read_bytes()
    [article] = avowal.load("anas/models").score(["Ana warned of a strike."])
    assert [s.speaker for s in article.statements] == ["Ana"]
    assert not list((tmp_path / "cache").rglob("*.bin"))
    assert not [path for path in hub.asked if path.endswith(".bin")]

    hub.repositories.clear()  # what is in the cache stays
    assert avowal.load("anas/models").score(["Bo said no."])[0].statements


def test_what_the_hub_does_not_have_is_named(hub: LocalHub) -> None:
    with pytest.raises(FileNotFoundError, match="no model 'anas/gone': no such folder here, and"):
        avowal.load("anas/gone")
    assert hub.asked


@pytest.mark.parametrize("name", ["/gone/model", "gone", "a/b/c", "../gone", "a b/c", "a/.."])
def test_what_is_no_id_is_not_asked_for(hub: LocalHub, name: str) -> None:
    with pytest.raises(FileNotFoundError, match="neither a folder nor one that ships"):
        avowal.load(name)
    assert hub.asked == []
