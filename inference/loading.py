"""From a model's name to a `Scorer`."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING

import avowal.models
from avowal.inference.attribution import Attributor
from avowal.inference.hub import download, is_hub_id
from avowal.inference.intent import IntentModel, SentenceIntents
from avowal.inference.joint import JointIntent, JointModel
from avowal.inference.joint_runtime import JointRuntime, open_joint_runtime
from avowal.inference.model_folder import JOINT, SETTINGS, ModelError, ModelFolder, open_model
from avowal.inference.resolve import SpeakerResolver
from avowal.inference.runtime import Runtime, open_runtime
from avowal.inference.scorer import Scorer
from avowal.inference.second_opinion import SecondOpinion
from avowal.inference.speaker_model import SpeakerModel, shipped_speaker_model

if TYPE_CHECKING:
    from tokenizers import Tokenizer

TASKS = ("attribution", "intent")
SPEAKER = "speaker"  # the shipped model serves where a folder holds none
SHIPPED = {
    "mini": ("joint-mini", "intent-mini", "speaker-mini"),
    "mini-two-pass": ("attribution-mini", "intent-mini", "speaker-mini"),
}


def find_models(model: str | Path = "mini") -> dict[str, ModelFolder]:
    """The model folders, by task, that a name stands for.

    Args:
        model: the name of models that ship together, one of `SHIPPED`, or of one of them
            (``"joint-mini"``); a folder that holds models in folders of their own: a joint one,
            with an intent model for a second opinion or without, or an attribution and an intent
            model, and a speaker model or none; one model's folder; or the id of a hub repository,
            ``"organisation/model"``, with any of these in it.

    Raises:
        FileNotFoundError: where there is no such name, folder or repository.
        ModelError: where the folder holds no avowal model, or several of a task.
    """
    shipped = Path(str(avowal.models.__path__[0]))
    if names := SHIPPED.get(str(model)):
        return {found.task: found for found in (open_model(shipped / name) for name in names)}
    folder = Path(model)
    alone = not folder.is_dir() and folder.name == str(model)
    if alone and (shipped / folder.name / SETTINGS).is_file():
        folder = shipped / folder.name
    if not folder.is_dir() and is_hub_id(str(model)):
        folder = download(str(model))
    if not folder.is_dir():
        known = [*SHIPPED, *(path.parent.name for path in shipped.glob(f"*/{SETTINGS}"))]
        raise FileNotFoundError(
            f"no model {str(model)!r}: neither a folder nor one that ships "
            f"({', '.join(sorted(known))})"
        )
    if (folder / SETTINGS).is_file():
        found = open_model(folder)
        return {found.task: found}
    models: dict[str, ModelFolder] = {}
    for path in sorted(folder.iterdir()):
        if (path / "avowal.json").is_file():
            found = open_model(path)
            if found.task in models:
                raise ModelError(f"{folder} holds two models for {found.task}; name one of them")
            models[found.task] = found
    if not models:
        raise ModelError(f"{folder} is not an avowal model and holds none")
    return models


def find_speaker_model(model: str | Path = "mini") -> SpeakerModel:
    """The speaker model that goes with a name or folder; the one that ships where it has none.

    Raises:
        FileNotFoundError, ModelError: as `find_models`.
    """
    folder = find_models(model).get(SPEAKER)
    return SpeakerModel.of(folder) if folder else shipped_speaker_model()


def load(model: str | Path = "mini", *, device: str = "auto", threads: int | None = None) -> Scorer:
    """Load the models that find statements, intents and speakers as a `Scorer`.

    Args:
        model: a name that ships, a folder with models, or the id of a hub repository that holds
            them, ``"organisation/model"``: see `find_models`.
        device: ``"cpu"`` (int8 on ONNX Runtime), ``"cuda"`` (bf16 on torch), or ``"auto"``.
        threads: processor threads of each model; None leaves it to ONNX Runtime.

    Raises:
        FileNotFoundError: where there is no such name, folder or repository.
        ModelError: where the folder lacks a model, or a file of one is broken.
        ValueError: for an unknown device. `ModelError` is a ValueError too.
        RuntimeError: where the device or the packages it needs are not there.

    Example:
        >>> import avowal
        >>> scorer = avowal.load()
        >>> text = "“We will freeze their assets,” Minister Ana Belu said on Monday."
        >>> [article] = scorer.score([text])
        >>> article.statements[0].speaker
        'Ana Belu'
    """
    folders = find_models(model)
    if JOINT not in folders and (lacking := [task for task in TASKS if task not in folders]):
        raise ModelError(
            f"{model} holds no model for {lacking[0]}: give a folder with one for attribution "
            "and one for intent, or with a joint one"
        )
    attributor, intent = open_models(
        folders,
        lambda folder: open_runtime(folder, device, threads),
        lambda folder: open_joint_runtime(folder, device, threads),
    )
    assert attributor is not None
    assert intent is not None
    resolver = SpeakerResolver(SpeakerModel.of(folders[SPEAKER])) if SPEAKER in folders else None
    return Scorer(attributor, intent, resolver)


def open_models(
    folders: Mapping[str, ModelFolder],
    runtime: Callable[[ModelFolder], Runtime],
    joint_runtime: Callable[[ModelFolder], JointRuntime],
) -> tuple[Attributor | None, SentenceIntents | None]:
    """What finds attributions and what finds intents, as far as `folders` have them.

    Args:
        folders: model folders by task, from `find_models`.
        runtime: opens what runs a model of one task.
        joint_runtime: opens what runs a joint model.
    """
    joint, found, intent = (folders.get(task) for task in (JOINT, *TASKS))
    tokenizers = _tokenizers(folder for folder in (joint, found, intent) if folder)
    classifier = IntentModel(intent, runtime(intent), tokenizers[intent.path]) if intent else None
    if joint:
        attributor = Attributor(joint, joint_runtime(joint), tokenizer=tokenizers[joint.path])
        assert isinstance(attributor.model, JointModel)
        first = JointIntent(joint, attributor.model)
        return attributor, SecondOpinion(first, classifier) if classifier else first
    if found:
        return Attributor(found, runtime(found), tokenizer=tokenizers[found.path]), classifier
    return None, classifier


def _tokenizers(folders: Iterable[ModelFolder]) -> dict[Path, Tokenizer]:
    """The tokenizer of each folder, read once where folders have the same."""
    read: dict[bytes, Tokenizer] = {}
    found = {}
    for folder in folders:
        content = folder.tokenizer_path.read_bytes()
        if content not in read:
            read[content] = folder.tokenizer()
        found[folder.path] = read[content]
    return found
