"""What runs a joint model: ONNX Runtime on the processor, or torch."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Any, Protocol

import numpy as np

from avowal.inference.labels import Floats, Halves, Ints
from avowal.inference.model_folder import HEADS, ONNX, ModelFolder
from avowal.inference.runtime import batches, onnx_session, processors

ROWS = 64


class JointRuntime(Protocol):
    """Runs the three parts of a joint model; lists in, lists out, in the same order."""

    def encode(self, rows: Sequence[Ints], padding_id: int) -> list[tuple[Floats, Halves]]:
        """Logits (tokens, labels) and states (tokens, hidden) of token ids (tokens,).

        The states at half precision, since a long article has many.
        """
        ...

    def own(self, states: Sequence[Floats], distances: Sequence[Ints]) -> list[Floats]:
        """Logits (tokens, labels) of what cues own.

        Args:
            states: (tokens, hidden) around each cue.
            distances: (tokens,) of each, how far a token is from the cue.
        """
        ...

    def classify(self, states: Sequence[Floats], labels: int) -> list[Floats]:
        """Logits (labels,) of sentences from the states (tokens, hidden) of their tokens.

        A sentence without tokens has zeros.
        """
        ...


class OnnxJointRuntime:
    """The ONNX files of a joint model's folder on the processor.

    As in `OnnxRuntime`, each row is run alone, as many rows at the same time as there are threads,
    so that no answer depends on what else is asked.
    """

    def __init__(self, folder: ModelFolder, threads: int | None = None) -> None:
        self._encoder = onnx_session(folder.path / ONNX)
        heads = {name: onnx_session(folder.path / path) for name, path in HEADS.items()}
        self._owner, self._intent = heads["owner"], heads["intent"]
        self._types = "token_type_ids" in {node.name for node in self._encoder.get_inputs()}
        self._threads = ThreadPoolExecutor(threads or processors(), thread_name_prefix="avowal-row")

    def encode(self, rows: Sequence[Ints], padding_id: int) -> list[tuple[Floats, Halves]]:
        return list(self._threads.map(self._encode, rows))

    def _encode(self, ids: Ints) -> tuple[Floats, Halves]:
        feed = {"input_ids": ids[None], "attention_mask": np.ones_like(ids[None])}
        if self._types:
            feed["token_type_ids"] = np.zeros_like(ids[None])
        logits, states = self._encoder.run(None, feed)
        return logits[0], states[0].astype(np.float16)

    def own(self, states: Sequence[Floats], distances: Sequence[Ints]) -> list[Floats]:
        return list(self._threads.map(self._own, states, distances))

    def _own(self, states: Floats, distance: Ints) -> Floats:
        feed = {
            "states": states[None],
            "valid": np.ones((1, len(states)), dtype=np.int64),
            "distance": distance[None],
        }
        logits: Floats = self._owner.run(None, feed)[0][0]
        return logits

    def classify(self, states: Sequence[Floats], labels: int) -> list[Floats]:
        def one(rows: Floats) -> Floats:
            if not len(rows):
                return np.zeros(labels, dtype=np.float32)
            feed = {"states": rows[None], "valid": np.ones((1, len(rows)), dtype=np.int64)}
            logits: Floats = self._intent.run(None, feed)[0][0]
            return logits

        return [one(rows) for rows in states]


class TorchJointRuntime:
    """The safetensors of a joint model in torch: bf16 on a GPU, fp32 on the processor."""

    def __init__(self, folder: ModelFolder, device: str) -> None:
        import torch

        from avowal.inference.joint_network import JointNetwork

        network = JointNetwork.from_pretrained(
            folder.path, len(folder.setting("intents")), int(folder.setting("cue_window"))
        )
        dtype = torch.float32 if device == "cpu" else torch.bfloat16
        self._torch = torch
        self._device = device
        self._dtype = dtype
        self._network = network.to(device, dtype).eval()
        self._types = getattr(network.tagger.config, "type_vocab_size", 0) > 1

    def encode(self, rows: Sequence[Ints], padding_id: int) -> list[tuple[Floats, Halves]]:
        out: list[Any] = [None] * len(rows)
        for batch in batches([len(row) for row in rows]):
            part = [rows[index] for index in batch]
            feed = {
                "input_ids": _padded(part, padding_id),
                "attention_mask": _padded([np.ones_like(row) for row in part], 0),
            }
            if self._types:
                feed["token_type_ids"] = np.zeros_like(feed["input_ids"])
            logits, states = self._run(self._network.encode, feed)
            for place, index in enumerate(batch):
                length = len(rows[index])
                held = states[place, :length].astype(np.float16)
                out[index] = (logits[place, :length], held)
        return out

    def own(self, states: Sequence[Floats], distances: Sequence[Ints]) -> list[Floats]:
        out: list[Floats] = []
        for first in range(0, len(states), ROWS):
            part = states[first : first + ROWS]
            feed = _heads_feed(part)
            feed["distance"] = _padded(distances[first : first + ROWS], 1)
            (logits,) = self._run(self._network.owner, feed)
            out += [row[: len(s)] for row, s in zip(logits, part, strict=True)]
        return out

    def classify(self, states: Sequence[Floats], labels: int) -> list[Floats]:
        out = [np.zeros(labels, dtype=np.float32) for _ in states]
        filled = [index for index, rows in enumerate(states) if len(rows)]
        filled.sort(key=lambda index: len(states[index]))
        for first in range(0, len(filled), ROWS):
            part = filled[first : first + ROWS]
            (logits,) = self._run(self._network.intent, _heads_feed([states[i] for i in part]))
            for index, row in zip(part, logits, strict=True):
                out[index] = row
        return out

    def _run(self, part: Callable[..., Any], feed: dict[str, Any]) -> list[Floats]:
        with self._torch.inference_mode():
            tensors = {k: self._torch.from_numpy(v).to(self._device) for k, v in feed.items()}
            if "states" in tensors:
                tensors["states"] = tensors["states"].to(self._dtype)
            answers = part(**tensors)
            if not isinstance(answers, tuple):
                answers = (answers,)
            return [answer.float().cpu().numpy() for answer in answers]


def open_joint_runtime(
    folder: ModelFolder, device: str = "auto", threads: int | None = None
) -> JointRuntime:
    """The runtime for a device, as `avowal.inference.runtime.open_runtime`.

    Raises:
        ValueError, RuntimeError, ModelError: as there.
    """
    from avowal.inference.runtime import choose_runtime

    chosen = choose_runtime(folder, device)
    if chosen == "onnx int8":
        return OnnxJointRuntime(folder, threads)
    try:
        return TorchJointRuntime(folder, "cuda" if chosen == "torch bf16" else "cpu")
    except ImportError as error:
        raise RuntimeError(
            f"{folder.path} has no ONNX files, and without them scoring needs torch: export it "
            "with `avowal export`, or pip install 'avowal[gpu]'"
        ) from error


def _heads_feed(states: Sequence[Floats]) -> dict[str, Any]:
    width = max(len(rows) for rows in states)
    feed = np.zeros((len(states), width, states[0].shape[1]), dtype=np.float32)
    valid = np.zeros((len(states), width), dtype=np.int64)
    for place, rows in enumerate(states):
        feed[place, : len(rows)] = rows
        valid[place, : len(rows)] = 1
    return {"states": feed, "valid": valid}


def _padded(rows: Sequence[Ints], value: int) -> Ints:
    out = np.full((len(rows), max(len(row) for row in rows)), value, dtype=np.int64)
    for place, row in enumerate(rows):
        out[place, : len(row)] = row
    return out
