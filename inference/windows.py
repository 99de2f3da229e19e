"""Texts as token ids with offsets, and the windows of them that a model reads."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

import numpy as np

from avowal.inference.labels import Ints, TokenSpan

if TYPE_CHECKING:
    from tokenizers import Tokenizer

CueMark = Literal["token_type_ids", "tokens"]
CUE_TOKENS = ("[CUE]", "[/CUE]")


@dataclass(frozen=True, slots=True)
class Tokens:
    """A text's token ids (tokens,) and their character offsets (tokens, 2), without specials."""

    ids: Ints
    offsets: Ints

    def __len__(self) -> int:
        return len(self.ids)


@dataclass(frozen=True, slots=True)
class Window:
    """One input of the attribution model: tokens `[start, end)` of a text, with special tokens.

    `positions` are the places of those tokens in `input_ids`.
    """

    start: int
    end: int
    input_ids: Ints
    token_type_ids: Ints
    positions: Ints


def tokenize(tokenizer: Tokenizer, texts: Sequence[str]) -> list[Tokens]:
    """Tokenize without special tokens, truncation or padding, and without empty tokens."""
    tokenizer.no_truncation()
    tokenizer.no_padding()
    out = []
    for encoding in tokenizer.encode_batch(list(texts), add_special_tokens=False):
        offsets = np.array(encoding.offsets, dtype=np.int64).reshape(-1, 2)
        ids = np.array(encoding.ids, dtype=np.int64)
        kept = offsets[:, 0] < offsets[:, 1]
        out.append(Tokens(ids[kept], offsets[kept]))
    return out


def tiles(length: int, size: int, overlap: int) -> list[TokenSpan]:
    """Ranges of at most `size` tokens that cover `length`, each sharing `overlap` with the next.

    The ranges are even: a short rest is never left alone at the end.
    """
    if length <= size:
        return [(0, length)] if length else []
    step = size - overlap
    count = -(-(length - overlap) // step)
    starts = np.linspace(0, length - size, count).round().astype(int).tolist()
    return [(start, start + size) for start in starts]


def around(length: int, cue: TokenSpan, size: int) -> TokenSpan:
    """The range of at most `size` tokens with the cue in its middle, moved inwards at an edge."""
    start = (cue[0] + cue[1] - size) // 2
    start = max(0, min(start, length - size))
    return start, min(length, start + size)


class WindowBuilder:
    """Builds the model's inputs, with or without a marked cue.

    With `cue_mark="token_type_ids"` the cue's tokens have type 1; with ``"tokens"`` (for encoders
    that know no token types) the cue stands between two added tokens.

    Args:
        ids: ids of the tokenizer's special tokens, from `special_ids`.
    """

    def __init__(self, special: dict[str, int], cue_mark: CueMark) -> None:
        self.special = special
        self.cue_mark = cue_mark

    def build(self, tokens: Tokens, span: TokenSpan, cue: TokenSpan | None = None) -> Window:
        start, end = span
        first, last = [self.special["start"]], [self.special["end"]]
        if cue is None or self.cue_mark == "token_type_ids":
            ids = np.concatenate([first, tokens.ids[start:end], last])
            types = np.zeros(len(ids), dtype=np.int64)
            positions = np.arange(1, end - start + 1)
            if cue is not None:
                types[1 + cue[0] - start : 1 + cue[1] - start] = 1
        else:
            opening, closing = [self.special["cue"]], [self.special["cue_end"]]
            ids = np.concatenate(
                [
                    first,
                    tokens.ids[start : cue[0]],
                    opening,
                    tokens.ids[cue[0] : cue[1]],
                    closing,
                    tokens.ids[cue[1] : end],
                    last,
                ]
            )
            types = np.zeros(len(ids), dtype=np.int64)
            index = np.arange(start, end)
            positions = index - start + 1 + (index >= cue[0]) + (index >= cue[1])
        return Window(start, end, ids.astype(np.int64), types, positions.astype(np.int64))


def special_ids(tokenizer: Tokenizer, start: str, end: str) -> dict[str, int]:
    """The ids that `WindowBuilder` needs; the cue's two tokens only where the tokenizer has them.

    Raises:
        ValueError: where the tokenizer has no `start` or `end` token.
    """
    names = {"start": start, "end": end, "cue": CUE_TOKENS[0], "cue_end": CUE_TOKENS[1]}
    ids = {key: tokenizer.token_to_id(token) for key, token in names.items()}
    for key in ("start", "end"):
        if ids[key] is None:
            raise ValueError(f"the tokenizer has no token {names[key]!r}")
    return {key: value for key, value in ids.items() if value is not None}
