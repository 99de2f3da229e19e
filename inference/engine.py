"""What scores the documents of a batch run: this process, or others (`avowal.inference.ray`)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import islice
from typing import Protocol

from avowal.data.documents import Document, DocumentError
from avowal.inference.pipeline import Chunk, score_documents
from avowal.inference.run_folder import Outcome, advanced, item_digest
from avowal.inference.scorer import Scorer


class Engine(Protocol):
    """Scores a sequence of documents, from the first or from where an earlier run stopped."""

    def skip(self, count: int) -> str:
        """Pass over the next `count` documents.

        Returns:
            The digest of those passed over (see `advanced`): of fewer where there are fewer.
        """
        ...

    def at_end(self) -> bool:
        """Whether there is no further document."""
        ...

    def outcomes(self) -> Iterator[Sequence[Outcome]]:
        """What comes of the documents, in their order, some at a time."""
        ...


class LocalEngine:
    """Scores in this process, by threads.

    Args:
        found: the documents, of which none is read before it is needed.
    """

    def __init__(self, scorer: Scorer, found: Iterator[Document | DocumentError]) -> None:
        self._scorer, self._found = scorer, found

    def skip(self, count: int) -> str:
        digest = ""
        for item in islice(self._found, count):
            digest = advanced(digest, item_digest(item))
        return digest

    def at_end(self) -> bool:
        return next(self._found, None) is None

    def chunks(self) -> Iterator[Chunk]:
        """The documents as they were read and scored, some at a time."""
        return score_documents(self._scorer, self._found)

    def outcomes(self) -> Iterator[Sequence[Outcome]]:
        for chunk in self.chunks():
            yield [Outcome.of(*pair) for pair in zip(*chunk, strict=True)]
