"""Where a batch run writes: which of its outputs grow as it goes, and which are made at its end."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from avowal.data.article_table import write_articles_parquet
from avowal.data.document_formats import suffix_of
from avowal.data.document_paths import pattern_folder
from avowal.data.documents import STANDARD_INPUT
from avowal.data.jsonl import read_scores
from avowal.data.tables import TABLE_SUFFIXES, write_table


@dataclass(frozen=True, slots=True)
class Outputs:
    """The outputs of a run that is kept on disk.

    Attributes:
        out: a line or, as .parquet, a row an article.
        table: a row a statement, as .csv or .parquet.
        errors: a line for each article that was not scored; beside the first output by default.
    """

    out: Path | None
    table: Path | None
    errors: Path

    @classmethod
    def of(cls, out: Path | None, table: Path | None, errors: Path | None) -> Outputs:
        """With the errors file that is meant where none is named.

        Raises:
            ValueError: where there is no output, or a table of unknown kind.
        """
        first = out or table
        if first is None:
            raise ValueError("a run needs an output")
        if table and table.suffix.lower() not in TABLE_SUFFIXES:
            raise ValueError(
                f"{table}: a table must end in {' or '.join(TABLE_SUFFIXES)}, not {table.suffix!r}"
            )
        return cls(out, table, errors or first.with_name(f"{first.stem}.errors.jsonl"))

    @property
    def target(self) -> Path:
        """The output that the run is named after."""
        target = self.out or self.table
        assert target is not None
        return target

    @property
    def derived(self) -> list[Path]:
        """The outputs that are made of the results at the end."""
        out = [self.out] if self.out and self.out.suffix.lower() == ".parquet" else []
        return out + ([self.table] if self.table else [])

    @property
    def files(self) -> list[Path]:
        return [path for path in (self.out, self.table, self.errors) if path]

    def derive(self, results: Path, path: Path, new: Path) -> None:
        """Write the derived output `path` to `new`, from the JSONL `results`."""
        if path == self.table:
            write_table(read_scores(results), new)
        else:
            write_articles_parquet(read_scores(results), new)


def refuse_overwriting(
    paths: Sequence[str], outputs: Sequence[Path], *, of_texts: bool = False
) -> None:
    """See that no output is an input or would be read as one.

    Args:
        of_texts: whether the outputs are folders of texts.

    Raises:
        ValueError: where one is or would, or where two outputs are one.
        FileNotFoundError: where an output's folder does not exist.
    """
    named = [Path(path) for path in paths if path != STANDARD_INPUT]
    inputs = [(pattern_folder(path) or path).resolve() for path in named]
    for output in outputs:
        place = output.resolve()
        if not place.parent.is_dir():
            raise FileNotFoundError(f"{output}: its folder {place.parent} does not exist")
        if place in inputs:
            raise ValueError(f"{output} is an input too; write the result elsewhere")
        within = any(folder.is_dir() and place.is_relative_to(folder) for folder in inputs)
        if within and (of_texts or suffix_of(place.name)):
            raise ValueError(
                f"{output} is in a folder that is scored, so it would be read as an article; "
                "write the result elsewhere"
            )
    if len(outputs) != len({output.resolve() for output in outputs}):
        raise ValueError(f"{outputs[0]} is named for two outputs")
