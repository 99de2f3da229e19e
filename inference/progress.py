"""What a batch run says while it goes on: a bar on a terminal, a line now and then elsewhere."""

from __future__ import annotations

import sys
import time
from types import TracebackType
from typing import TYPE_CHECKING, Self

from avowal.data.documents import DocumentError

if TYPE_CHECKING:
    from rich.progress import Progress as Bar

LOG_EVERY = 10.0


class Notice:
    """Progress on standard error; counts from `count` on."""

    def __init__(self, count: int = 0) -> None:
        self._bar = _bar() if sys.stderr.isatty() else None
        self._count = count
        self._said = time.monotonic()

    def __enter__(self) -> Self:
        if self._bar:
            self._bar.start()
            self._task = self._bar.add_task("", total=None, completed=self._count)
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        if self._bar:
            self._bar.stop()

    def scored(self, name: str) -> None:
        """An article has been scored."""
        self._count += 1
        if self._bar:
            self._bar.update(self._task, advance=1, description=name)
        elif time.monotonic() - self._said > LOG_EVERY:
            self._said = time.monotonic()
            print(f"{self._count} articles scored, last {name}", file=sys.stderr)

    def not_scored(self, error: DocumentError) -> None:
        """An article could not be scored."""
        message = f"not scored: {error}"
        if self._bar:
            self._bar.console.print(message, markup=False, highlight=False, soft_wrap=True)
        else:
            print(message, file=sys.stderr)


def _bar() -> Bar:
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, TextColumn, TimeElapsedColumn
    from rich.progress import Progress as Bar

    return Bar(
        TextColumn("scoring"),
        BarColumn(),
        MofNCompleteColumn(),
        TextColumn("articles"),
        TimeElapsedColumn(),
        TextColumn("{task.description}", markup=False),
        console=Console(stderr=True),
        transient=True,
    )
