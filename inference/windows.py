"""Texts as token ids with offsets, and the windows of them that a model reads."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from operator import itemgetter
from typing import TYPE_CHECKING, Literal

import numpy as np

from avowal.inference.labels import Ints, TokenSpan

if TYPE_CHECKING:
    from tokenizers import Tokenizer

CueMark = Literal["token_type_ids", "tokens"]
CUE_TOKENS = ("[CUE]", "[/CUE]")
MAX_PARAGRAPHS = 64
EDGE = 4
_BLANK_LINE = re.compile(r"\n\s*\n")
# It ends abbreviations too: a takeover after one is no worse than one in the middle.
_STOP = re.compile(r"""[.!?]["'”’)\]]*\s+|\n\s*\n""")
_LONE_SURROGATE = re.compile("[\ud800-\udfff]")


@dataclass(frozen=True, slots=True)
class Tokens:
    """A text's token ids (tokens,) and their character offsets (tokens, 2), without specials.

    `paragraphs` are the tokens, in order, before which the text has a blank line, and `starts`
    those at which a sentence may begin.
    """

    ids: Ints
    offsets: Ints
    paragraphs: Ints
    starts: Ints

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
    """Tokenize without special tokens, truncation or padding, and without empty tokens.

    What looks like a special token in a text, as "[SEP]", is plain text there.
    """
    read_whole(tokenizer)
    out = []
    # the tokenizer takes no half of a surrogate pair; offsets stay as they are
    whole = [_LONE_SURROGATE.sub("\ufffd", text) for text in texts]
    encodings = tokenizer.encode_batch(whole, add_special_tokens=False)
    for text, encoding in zip(whole, encodings, strict=True):
        offsets = np.array(encoding.offsets, dtype=np.int64).reshape(-1, 2)
        ids = np.array(encoding.ids, dtype=np.int64)
        kept = offsets[:, 0] < offsets[:, 1]
        ids, offsets = ids[kept], offsets[kept]
        paragraphs, starts = (_after(p, text, offsets) for p in (_BLANK_LINE, _STOP))
        out.append(Tokens(ids, offsets, paragraphs, starts))
    return out


def _after(pattern: re.Pattern[str], text: str, offsets: Ints) -> Ints:
    """The tokens, in order and without the first, before which the pattern stands in the text."""
    ends = np.array([match.end() for match in pattern.finditer(text)], dtype=np.int64)
    found = np.array(sorted(set(np.searchsorted(offsets[:, 0], ends).tolist())), dtype=np.int64)
    return found[(found > 0) & (found < len(offsets))]


def read_whole(tokenizer: Tokenizer) -> None:
    """Set a tokenizer as `tokenize` needs it; one that is set so already is left untouched.

    A tokenizer that another thread is using cannot be set.
    """
    if tokenizer.truncation is not None:
        tokenizer.no_truncation()
    if tokenizer.padding is not None:
        tokenizer.no_padding()
    if not tokenizer.encode_special_tokens:
        tokenizer.encode_special_tokens = True


def tiles(length: int, size: int, overlap: int) -> list[TokenSpan]:
    """Ranges of at most `size` tokens that cover `length`, each sharing `overlap` with the next.

    They are no more than needed, all of one size, and no longer than that takes: a short rest is
    never left alone at the end, and little is read twice.
    """
    if length <= size:
        return [(0, length)] if length else []
    count = -(-(length - overlap) // (size - overlap))
    size = -(-(length + (count - 1) * overlap) // count)
    starts = np.linspace(0, length - size, count).round().astype(int).tolist()
    return [(start, start + size) for start in starts]


def takeover(shared: TokenSpan, starts: Ints) -> int:
    """The token from which on the second of two windows is heard, of the tokens that both read.

    That is where a sentence begins, the nearest to the middle, so that its tokens have been read
    together; or else the middle. A start within `EDGE` tokens of an edge is not taken.
    """
    start, end = shared
    middle = (start + end) // 2
    inner = starts[(start + EDGE <= starts) & (starts <= end - EDGE)]
    return int(inner[np.abs(inner - middle).argmin()]) if len(inner) else middle


def around(length: int, cue: TokenSpan, size: int) -> TokenSpan:
    """The range of at most `size` tokens with the cue in its middle, moved inwards at an edge.

    Of a cue longer than that it holds the middle.
    """
    start = (cue[0] + cue[1] - size) // 2
    start = max(0, min(start, length - size))
    return start, min(length, start + size)


def clipped(cue: TokenSpan, window: TokenSpan) -> TokenSpan:
    """The part of the cue inside the window."""
    return max(cue[0], window[0]), min(cue[1], window[1])


class WindowBuilder:
    """Builds the model's inputs, with or without a marked cue.

    With `cue_mark="token_type_ids"` the cue's tokens have type 1; with ``"tokens"`` (for encoders
    that know no token types) the cue stands between two added tokens.

    Args:
        special: ids of the tokenizer's special tokens, from `special_ids`.
        paragraphs: whether the end token stands between two paragraphs too, so that the model
            sees where a headline ends and a quotation may change hands. A window has at most
            `MAX_PARAGRAPHS` of them: a list of single words has more than a model has positions.

    Raises:
        ValueError: where the cue needs two tokens that `special` lacks.
    """

    def __init__(
        self, special: dict[str, int], cue_mark: CueMark, paragraphs: bool = False
    ) -> None:
        if cue_mark == "tokens" and not {"cue", "cue_end"} <= special.keys():
            raise ValueError(f"the tokenizer has no tokens {' and '.join(CUE_TOKENS)}")
        self.special = special
        self.cue_mark = cue_mark
        self.paragraphs = paragraphs

    def build(self, tokens: Tokens, span: TokenSpan, cue: TokenSpan | None = None) -> Window:
        """The window of the tokens `span`, with as much of `cue` marked as lies in it."""
        start, end = span
        cue = cue and clipped(cue, span)
        opening = closing = []
        if cue and self.cue_mark == "tokens":
            opening, closing = [(cue[0], self.special["cue"])], [(cue[1], self.special["cue_end"])]
        breaks = tokens.paragraphs[(start < tokens.paragraphs) & (tokens.paragraphs < end)]
        between = [
            (place, self.special["end"])
            for place in breaks[:MAX_PARAGRAPHS].tolist()
            if self.paragraphs
        ]
        # What stands before which token, and of one place in this order.
        marks = sorted([*closing, *between, *opening], key=itemgetter(0))
        places = np.array([place for place, _ in marks], dtype=np.int64)
        inner = np.insert(tokens.ids[start:end], places - start, [mark for _, mark in marks])
        ids = np.concatenate([[self.special["start"]], inner, [self.special["end"]]])
        index = np.arange(start, end)
        positions = index - start + 1 + np.searchsorted(places, index, side="right")
        types = np.zeros(len(ids), dtype=np.int64)
        if cue and self.cue_mark == "token_type_ids":
            types[positions[cue[0] - start : cue[1] - start]] = 1
        return Window(start, end, ids.astype(np.int64), types, positions.astype(np.int64))


def special_ids(tokenizer: Tokenizer, start: str, end: str) -> dict[str, int]:
    """The ids that `WindowBuilder` needs; the cue's two tokens only where the tokenizer has them.

    Raises:
        ValueError: where the tokenizer has no `start` or `end` token.
    """
    ids = {"start": token_id(tokenizer, start), "end": token_id(tokenizer, end)}
    for key, token in zip(("cue", "cue_end"), CUE_TOKENS, strict=True):
        found = tokenizer.token_to_id(token)
        if found is not None:
            ids[key] = found
    return ids


def token_id(tokenizer: Tokenizer, token: str) -> int:
    """The id of a token.

    Raises:
        ValueError: where the tokenizer has no such token.
    """
    found = tokenizer.token_to_id(token)
    if found is None:
        raise ValueError(f"the tokenizer has no token {token!r}")
    return found
