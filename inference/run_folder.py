"""What makes a batch run safe to kill: its results, errors and progress on disk, kept in step.

Beside an output ``scores.jsonl`` stands the folder ``scores.jsonl.run``. Its `progress.json` says
how far the run is and how long each file was then. It is replaced as a whole, after the files were
written through to the disk; what stands in them beyond it is cut off when the run goes on. Outputs
that cannot be added to, as Parquet, are made of the results at the end, and put in place whole.
"""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from hashlib import blake2b
from pathlib import Path
from types import TracebackType
from typing import Any, BinaryIO, Self

from filelock import FileLock, Timeout

from avowal.data.documents import Document, DocumentError
from avowal.data.json_values import parse_object
from avowal.data.jsonl import json_line
from avowal.data.records import Article

_FORM = 1
_PROGRESS = "progress.json"


class RunError(RuntimeError):
    """A run that must not begin or go on; the message says why and what to do about it."""


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a run is.

    Attributes:
        items: documents read, those that cannot be scored among them.
        scored, failed: how many of them were.
        digest: of all of them, in order (see `advanced`).
        result_bytes, error_bytes: lengths of the two files.
        complete: whether the input was read to its end.
        derived: names of the outputs that were made of the results since then; the last of them may
            not be in place yet.
    """

    items: int = 0
    scored: int = 0
    failed: int = 0
    digest: str = ""
    result_bytes: int = 0
    error_bytes: int = 0
    complete: bool = False
    derived: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of one document.

    Attributes:
        id: the article's id, or the path of what could not be scored.
        digest: of the document as it was read (see `item_digest`).
        line: the article as a line of the results, without its end; None where there is none.
        error: why there is none.
    """

    id: str
    digest: str
    line: str | None = None
    error: DocumentError | None = None

    @classmethod
    def of(cls, item: Document | DocumentError, scored: Article | DocumentError) -> Outcome:
        """The outcome of a document as it was read and scored."""
        digest = item_digest(item)
        if isinstance(scored, DocumentError):
            return cls(scored.path, digest, error=scored)
        return cls(scored.id, digest, json_line(scored.to_dict(with_text=False)))


def item_digest(item: Document | DocumentError) -> str:
    """A digest of a document's id and text, or of what is said where there is none."""
    digest = blake2b(digest_size=16)
    parts = (item.id, item.text) if isinstance(item, Document) else (item.path, item.reason, "")
    for part in parts:
        raw = part.encode("utf-8", "surrogatepass")
        digest.update(b"%d:" % len(raw))
        digest.update(raw)
    return digest.hexdigest()


def advanced(digest: str, item: str) -> str:
    """The digest of a sequence of documents after one more, of which `item` is the digest."""
    return blake2b((digest + item).encode(), digest_size=16).hexdigest()


class RunFolder:
    """The files of one run, open for writing at the place where it stands.

    Args:
        target: the output that the run is for; the folder beside it is named after it.
        errors: the JSONL file of what was not scored; made only where there is something.
        derived: outputs that are made of the results at the end; `target` may be one of them.
        settings: what must be the same for the run to go on: models, runtime, options.
        overwrite: begin anew, whatever is there.

    Attributes:
        results: the JSONL file of results, a line an article: `target` itself, unless that is
            derived.
        progress: how far the run is.

    Raises:
        RunError: where another run writes to the same output, the settings differ from those that
            the run was begun with, or the files are not as it left them.
        OSError: where they cannot be written.
    """

    def __init__(
        self,
        target: Path,
        *,
        errors: Path,
        derived: Sequence[Path] = (),
        settings: Mapping[str, str],
        overwrite: bool = False,
    ) -> None:
        self._target, self._errors_path, self._derived = target, errors, tuple(derived)
        self._settings = dict(settings)
        self._folder = target.with_name(f"{target.name}.run")
        self.results = self._folder / "scores.jsonl" if target in derived else target
        if not self._folder.exists() and not overwrite:
            _refuse_existing([target, errors, *derived])
        self._folder.mkdir(exist_ok=True)
        self._lock = FileLock(self._folder / "lock")
        try:
            self._lock.acquire(timeout=0)
        except Timeout:
            raise RunError(
                f"another run is writing to {target}; wait for it, or name another output"
            ) from None
        self._results_file: BinaryIO | None = None
        self._errors_file: BinaryIO | None = None
        try:
            begun = None if overwrite else self._read_progress()
            self.progress = begun or Progress()
            if overwrite:
                for path in (self._folder / _PROGRESS, target, errors, *derived):
                    path.unlink(missing_ok=True)
            else:
                ours = [] if begun is None else [target, errors]
                ours += [path for path in derived if path.name in self.progress.derived]
                _refuse_existing([p for p in (target, errors, *derived) if p not in ours])
            if begun is None:
                self._save()
            if not self.progress.complete:
                self._results_file = self._open(self.results, self.progress.result_bytes)
                if self.progress.error_bytes or errors.exists():
                    self._errors_file = self._open(errors, self.progress.error_bytes)
        except BaseException:
            self.close()
            raise

    def write(self, outcomes: Sequence[Outcome]) -> None:
        """Add what came of the next documents, whole or not at all."""
        assert self._results_file is not None
        lines = [outcome.line for outcome in outcomes if outcome.line is not None]
        reasons = [
            json_line({"path": outcome.error.path, "reason": outcome.error.reason})
            for outcome in outcomes
            if outcome.error is not None
        ]
        result_bytes = _append(self._results_file, lines)
        if reasons and self._errors_file is None:
            self._errors_file = self._open(self._errors_path, 0)
        error_bytes = _append(self._errors_file, reasons) if self._errors_file else 0
        done = self.progress
        digest = done.digest
        for outcome in outcomes:
            digest = advanced(digest, outcome.digest)
        self.progress = replace(
            done,
            items=done.items + len(outcomes),
            scored=done.scored + len(lines),
            failed=done.failed + len(reasons),
            digest=digest,
            result_bytes=done.result_bytes + result_bytes,
            error_bytes=done.error_bytes + error_bytes,
        )
        self._save()

    def finish(self, derive: Callable[[Path, Path, Path], None]) -> None:
        """Note that the input was read to its end, and make the outputs that are derived.

        Args:
            derive: makes, of the results in its first argument, the output named by the second,
                and writes it to the third.
        """
        self.progress = replace(self.progress, complete=True)
        self._save()
        for path in self._derived:
            noted = path.name in self.progress.derived
            if noted and path.exists() and path.stat().st_size:
                continue
            if not self.results.exists():
                raise RunError(f"{self.results} is gone; {self._remedy()}")
            new = self._folder / f"derived{path.suffix}"
            derive(self.results, path, new)
            if not noted:
                # Before it is there: a run that was killed in between must know it for its own.
                self.progress = replace(self.progress, derived=(*self.progress.derived, path.name))
                self._save()
            new.replace(path)
        if self.results != self._target:
            self.results.unlink(missing_ok=True)

    def close(self) -> None:
        """Close the files and let others have the output."""
        for handle in (self._results_file, self._errors_file):
            if handle is not None:
                handle.close()
        self._lock.release()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self.close()

    def _read_progress(self) -> Progress | None:
        path = self._folder / _PROGRESS
        if not path.exists():
            return None
        try:
            record = parse_object(path.read_text("utf-8"))
            if record.pop("form", None) != _FORM:
                raise ValueError("of another release of avowal")
            settings: dict[str, Any] = record.pop("settings")
            progress = Progress(**{**record, "derived": tuple(record["derived"])})
        except (KeyError, TypeError, ValueError) as error:
            raise RunError(f"{path} cannot be read ({error}); {self._remedy()}") from error
        for name in sorted(self._settings.keys() | settings.keys()):
            then, now = settings.get(name), self._settings.get(name)
            if then != now:
                raise RunError(
                    f"{self._target} was begun with {name} {then!r}, and now it is {now!r}; "
                    f"go on with the former, or {self._remedy()}"
                )
        return progress

    def _remedy(self) -> str:
        return "name another output, or begin anew with --overwrite"

    def _open(self, path: Path, length: int) -> BinaryIO:
        """`path` for appending after its first `length` bytes, what stands beyond them cut off."""
        handle = path.open("ab", buffering=0)
        try:
            found = handle.seek(0, os.SEEK_END)
            if found < length:
                raise RunError(
                    f"{path} was changed: it has {found} bytes where the run left {length}; "
                    f"{self._remedy()}"
                )
            handle.truncate(length)
        except BaseException:
            handle.close()
            raise
        return handle

    def _save(self) -> None:
        record = {"form": _FORM, "settings": self._settings, **asdict(self.progress)}
        new = self._folder / f"{_PROGRESS}.new"
        with new.open("wb") as handle:
            handle.write(json.dumps(record, indent=1).encode())
            handle.flush()
            os.fsync(handle.fileno())
        new.replace(self._folder / _PROGRESS)


def _refuse_existing(paths: Sequence[Path]) -> None:
    for path in paths:
        if path.is_dir():
            raise RunError(f"{path} is a directory; name a file")
        if path.exists() and path.stat().st_size:
            raise RunError(
                f"{path} exists, and is not of a run that could go on; move it, name another "
                "output, or write over it with --overwrite"
            )


def _append(handle: BinaryIO, lines: Sequence[str]) -> int:
    """Add lines and see that the disk has them; returns their length in bytes."""
    raw = "".join(f"{line}\n" for line in lines).encode("utf-8")
    view = memoryview(raw)
    while view:
        view = view[handle.write(view) :]
    if raw:
        os.fsync(handle.fileno())
    return len(raw)
