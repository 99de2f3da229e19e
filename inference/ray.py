"""Articles scored by many processes on one machine or on a cluster, with Ray Data.

In a Ray program, over any data set with a column of texts:

    >>> import ray
    >>> from avowal.inference.ray import score_dataset
    >>> articles = ray.data.read_parquet("articles")  # doctest: +SKIP
    >>> score_dataset(articles).write_parquet("scores")  # doctest: +SKIP

`RayEngine` is what `avowal score --engine ray` scores with.
"""

from __future__ import annotations

import logging
from collections.abc import Iterator, Sequence
from dataclasses import astuple
from pathlib import Path
from typing import Any

from avowal.data.arrow import load_pyarrow
from avowal.data.article_table import article_schema
from avowal.data.document_paths import PathProblem, SourceFile
from avowal.data.document_rows import Columns
from avowal.data.documents import (
    STANDARD_INPUT,
    Document,
    DocumentError,
    UniqueIds,
    find_sources,
    read_source,
)
from avowal.inference.loading import load
from avowal.inference.pipeline import chunks, score_chunk
from avowal.inference.run_folder import Outcome, advanced, item_digest

BATCH_SIZE = 64
READING_TASKS = 1_000
ERROR = "error"

Source = SourceFile | PathProblem


class ScoreBatch:
    """Scores batches of rows: a callable class for `ray.data.Dataset.map_batches`.

    Args:
        model, device, threads: as `avowal.load` takes them.
        text_column, id_column: where a row has its text and its id.
    """

    def __init__(
        self,
        model: str | Path = "mini",
        device: str = "auto",
        threads: int | None = 1,
        text_column: str = "text",
        id_column: str = "id",
    ) -> None:
        self._scorer = load(model, device=device, threads=threads)
        self._text, self._id = text_column, id_column

    def __call__(self, batch: Any) -> Any:
        """Score a `pyarrow.Table`, which has the two columns and may have others.

        Returns:
            A table with a row for each, in order: an article's fields without its text (see
            `avowal.data.article_table`), and `error`, which says why there are no more, or null.
        """
        ids, texts = (batch.column(name).to_pylist() for name in (self._id, self._text))
        items = [
            Document(str(name), text, str(name))
            if isinstance(text, str)
            else DocumentError(str(name), f"{self._text!r} holds no text")
            for name, text in zip(ids, texts, strict=True)
        ]
        rows = [
            {"id": item.path, ERROR: item.reason}
            if isinstance(item, DocumentError)
            else item.to_dict(with_text=False)
            for item in score_chunk(self._scorer, items).scored
        ]
        arrow = load_pyarrow()
        schema = article_schema().append(arrow.field(ERROR, arrow.string()))
        return arrow.Table.from_pylist(rows, schema=schema)


def score_dataset(
    dataset: Any,
    *,
    model: str | Path = "mini",
    device: str = "auto",
    threads: int = 1,
    workers: int | None = None,
    batch_size: int = BATCH_SIZE,
    text_column: str = "text",
    id_column: str = "id",
) -> Any:
    """Score a `ray.data.Dataset` with a pool of actors, each with models of its own.

    Args:
        model, device: as `avowal.load` takes them; with ``"auto"`` each actor gets a GPU where the
            cluster has any.
        threads: processors of each actor that has no GPU.
        workers: actors; as many as the cluster has room for by default.

    Returns:
        The data set of what `ScoreBatch` gives.
    """
    return dataset.map_batches(
        ScoreBatch,
        fn_constructor_kwargs={
            "model": model,
            "device": device,
            "threads": threads,
            "text_column": text_column,
            "id_column": id_column,
        },
        batch_size=batch_size,
        batch_format="pyarrow",
        **actor_pool(device, threads, workers),
    )


def actor_pool(device: str, threads: int, workers: int | None) -> dict[str, Any]:
    """The options of `map_batches` for a pool of scoring actors on the cluster as it is."""
    ray = connect()
    has = ray.cluster_resources()
    if device != "cpu" and has.get("GPU", 0) >= 1:
        room, needs = int(has["GPU"]), {"num_gpus": 1}
    else:
        room, needs = int(has.get("CPU", 1)) // threads, {"num_cpus": threads}
    return {**needs, "concurrency": workers or max(1, room)}


def connect() -> Any:
    """The module `ray`, connected to the cluster that ``RAY_ADDRESS`` names, or to a local one.

    Raises:
        RuntimeError: without Ray.
    """
    try:
        import ray
        import ray.data
    except ImportError as error:
        raise RuntimeError(f"this needs Ray ({error}): pip install 'avowal[ray]'") from error
    if not ray.is_initialized():
        ray.init(include_dashboard=False, log_to_driver=False, logging_level=logging.WARNING)
    return ray


class RayEngine:
    """Reads and scores files with Ray Data; the caller's process takes the results, in order.

    The files must lie where every machine finds them under the same path.

    Args:
        paths, text_column, id_column: as `avowal.data.documents.read_documents` takes them, but for
            standard input.
        model, device, threads, workers: as `score_dataset` takes them.

    Raises:
        ValueError: for standard input.
        RuntimeError: without Ray.
    """

    def __init__(
        self,
        paths: Sequence[str],
        *,
        model: str = "mini",
        device: str = "auto",
        threads: int | None = None,
        workers: int | None = None,
        text_column: str = "text",
        id_column: str = "id",
    ) -> None:
        if STANDARD_INPUT in paths:
            raise ValueError("standard input cannot be read by several processes; give files")
        self._ray = connect()
        # a name, or a folder that the other processes must find too
        self._model = str(Path(model).absolute()) if Path(model).is_dir() else model
        self._device = device
        self._threads, self._workers = threads or 1, workers
        self._columns = Columns(text_column, id_column)
        self._sources = find_sources([str(Path(path).absolute()) for path in paths])
        self._unique = UniqueIds()
        # the file that was not read to its end, and how many of its documents were
        self._open: tuple[Source, int] | None = None

    def skip(self, count: int) -> str:
        digest = ""
        while count and (source := next(self._sources, None)):
            passed = 0
            for item in read_source(source, self._columns):
                if not count:
                    break
                digest = advanced(digest, item_digest(self._unique.check(item)))
                passed, count = passed + 1, count - 1
            self._open = (source, passed)
        return digest

    def at_end(self) -> bool:
        if self._open is not None:
            source, passed = self._open
            if sum(1 for _ in read_source(source, self._columns)) > passed:
                return False
        return next(self._sources, None) is None

    def outcomes(self) -> Iterator[Sequence[Outcome]]:
        tasks = [*([self._open] if self._open else []), *((s, 0) for s in self._sources)]
        rows = [
            {"path": str(s.path), "id": s.id, "reason": None, "skip": skip}
            if isinstance(s, SourceFile)
            else {"path": s.path, "id": None, "reason": s.reason, "skip": skip}
            for s, skip in tasks
        ]
        if not rows:
            return
        data = self._ray.data
        data.DataContext.get_current().execution_options.preserve_order = True
        arrow = load_pyarrow()
        whole = arrow.Table.from_pylist(rows, schema=_source_schema(arrow))
        size = -(-len(rows) // READING_TASKS)
        scored = (
            # a block, and so a task, for each group of files
            data.from_arrow([whole.slice(low, size) for low in range(0, len(rows), size)])
            .map_batches(
                _read,
                fn_kwargs={"columns": astuple(self._columns)},
                batch_size=1,
                batch_format="pyarrow",
                # so that reading never waits for a processor that scoring holds
                num_cpus=0,
                concurrency=2,
            )
            .map_batches(
                _ScoreDocuments,
                fn_constructor_args=(self._model, self._device, self._threads),
                batch_size=BATCH_SIZE,
                batch_format="pyarrow",
                **actor_pool(self._device, self._threads, self._workers),
            )
        )
        for batch in scored.iter_batches(batch_size=BATCH_SIZE, batch_format="pyarrow"):
            yield [self._outcome(row) for row in batch.to_pylist()]

    def _outcome(self, row: dict[str, Any]) -> Outcome:
        if row["reason"] is not None:
            error = DocumentError(row["path"], row["reason"])
            return Outcome(error.path, row["digest"], error=error)
        checked = self._unique.check(Document(row["id"], "", row["path"]))
        if isinstance(checked, DocumentError):
            return Outcome(checked.path, item_digest(checked), error=checked)
        return Outcome(row["id"], row["digest"], line=row["line"])


def _source_schema(arrow: Any) -> Any:
    kinds = {"path": arrow.string(), "id": arrow.string(), "reason": arrow.string()}
    return arrow.schema([*kinds.items(), ("skip", arrow.int64())])


def _document_schema(arrow: Any) -> Any:
    names = ("id", "path", "text", "reason")
    return arrow.schema([(name, arrow.large_string()) for name in names])


def _outcome_schema(arrow: Any) -> Any:
    names = ("id", "path", "reason", "digest", "line")
    return arrow.schema([(name, arrow.large_string()) for name in names])


def _read(batch: Any, columns: tuple[str, str]) -> Iterator[Any]:
    """The documents of some files, a table for each chunk of them."""
    arrow = load_pyarrow()
    for row in batch.to_pylist():
        source: Source = (
            PathProblem(row["path"], row["reason"])
            if row["reason"] is not None
            else SourceFile(Path(row["path"]), row["id"])
        )
        items = read_source(source, Columns(*columns))
        for _ in range(row["skip"]):
            next(items, None)
        for chunk in chunks(items):
            rows = [
                {"path": item.path, "reason": item.reason}
                if isinstance(item, DocumentError)
                else {"id": item.id, "path": item.path, "text": item.text}
                for item in chunk
            ]
            yield arrow.Table.from_pylist(rows, schema=_document_schema(arrow))


class _ScoreDocuments:
    """Scores what `_read` gives: a row for each document, with its line or why it has none."""

    def __init__(self, model: str, device: str, threads: int) -> None:
        self._scorer = load(model, device=device, threads=threads)

    def __call__(self, batch: Any) -> Any:
        items = [
            DocumentError(row["path"], row["reason"])
            if row["reason"] is not None
            else Document(row["id"], row["text"], row["path"])
            for row in batch.to_pylist()
        ]
        rows = []
        for item, scored in zip(*score_chunk(self._scorer, items), strict=True):
            outcome = Outcome.of(item, scored)
            rows.append(
                {
                    "id": outcome.id,
                    "path": item.path,
                    "reason": outcome.error.reason if outcome.error else None,
                    "digest": outcome.digest,
                    "line": outcome.line,
                }
            )
        arrow = load_pyarrow()
        return arrow.Table.from_pylist(rows, schema=_outcome_schema(arrow))
