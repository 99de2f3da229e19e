"""Which ids have been seen, in eight bytes each: millions of them without filling the memory."""

from __future__ import annotations

from hashlib import blake2b

import numpy as np
from numpy.typing import NDArray

_BUFFER = 4096


class SeenIds:
    """A set of strings that only grows.

    Kept are 64 bits of a digest. Among 40 million ids the chance that any two share them, so that
    the later one would wrongly count as seen, is one in twenty thousand.
    """

    def __init__(self) -> None:
        self._recent: set[int] = set()
        # sorted, each at least twice as long as the next, so that a look-up bisects only a few
        self._older: list[NDArray[np.uint64]] = []

    def add(self, name: str) -> bool:
        """Remember `name`; returns whether it is new."""
        key = int.from_bytes(blake2b(name.encode(), digest_size=8).digest(), "big")
        if key in self._recent or any(_holds(keys, key) for keys in self._older):
            return False
        self._recent.add(key)
        if len(self._recent) >= _BUFFER:
            self._merge()
        return True

    def _merge(self) -> None:
        keys = np.fromiter(self._recent, dtype=np.uint64, count=len(self._recent))
        keys.sort()
        self._recent.clear()
        while self._older and len(self._older[-1]) < 2 * len(keys):
            keys = np.concatenate([self._older.pop(), keys])
            keys.sort(kind="stable")
        self._older.append(keys)


def _holds(keys: NDArray[np.uint64], key: int) -> bool:
    place = int(np.searchsorted(keys, np.uint64(key)))
    return place < len(keys) and int(keys[place]) == key
