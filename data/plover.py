"""Reader of PLV, sentences with PLOVER root codes: `PLV_train.tsv` and files like it.

Source: Hu et al. (2024), "Leveraging Codebook Knowledge with NLI and ChatGPT for Zero-Shot
Political Relation Classification", ACL 2024; https://github.com/snowood1/Zero-Shot-PLOVER.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from avowal.data.errors import FormatError
from avowal.data.utf8 import NotTextError, NotUtf8Error, numbered_lines

#: The root codes of PLOVER that PLV uses, from cooperation to conflict. A classifier's outputs
#: follow this order, so it never changes.
ROOTS = (
    "AGREE",
    "CONSULT",
    "SUPPORT",
    "COOPERATE",
    "AID",
    "YIELD",
    "REQUEST",
    "ACCUSE",
    "REJECT",
    "THREATEN",
    "PROTEST",
    "SANCTION",
    "MOBILIZE",
    "COERCE",
    "ASSAULT",
)

_NEEDED = ("sentence_id", "sentence", "source", "target", "gold_root")


@dataclass(frozen=True, slots=True)
class PloverSentence:
    """A sentence, and the root code of what its source does to its target.

    `id` names the sentence, not the row: rows of one sentence share it. `source` and `target`
    are the actors as PLV writes them, in a few rows not letter for letter as in `text`.
    """

    id: str
    text: str
    source: str
    target: str
    root: str


def read_plv(path: Path | str) -> list[PloverSentence]:
    """Read the rows of a PLV file, in their order.

    The file has one row a line, its fields separated by tabs and never quoted: a quotation mark
    belongs to the text. Columns are found by their names in the first line, and the rest, as the
    nameless index that comes first, are passed over.

    A sentence with several sources or targets has a row for each pair, under one id: of the 1,050
    rows of `PLV_train.tsv`, 8 belong to two such sentences. Keep the rows of one id together when
    dividing them, or the same sentence is trained on and tested on.

    Raises:
        FormatError: for a line that is not such a row, or whose root code is not in `ROOTS`.
    """
    path = Path(path)
    columns: list[str] = []
    sentences: list[PloverSentence] = []
    with path.open("rb") as handle:
        for line in numbered_lines(handle):
            if line.is_blank():
                continue
            try:
                fields = line.decode().rstrip("\r\n").split("\t")
            except (NotTextError, NotUtf8Error) as error:
                raise FormatError(path, line.number, str(error)) from None
            if columns:
                sentences.append(_sentence(path, line.number, columns, fields))
                continue
            columns = fields
            if missing := [name for name in _NEEDED if name not in columns]:
                raise FormatError(path, line.number, f"no column named {', '.join(missing)}")
    if not columns:
        raise FormatError(path, 1, "an empty file, with no line of column names")
    return sentences


def _sentence(path: Path, number: int, columns: list[str], fields: list[str]) -> PloverSentence:
    if len(fields) != len(columns):
        raise FormatError(
            path, number, f"{len(fields)} fields, where the first line names {len(columns)}"
        )
    row = dict(zip(columns, fields, strict=True))
    for name in ("sentence_id", "sentence"):
        if not row[name].strip():
            raise FormatError(path, number, f"nothing in the column {name}")
    if row["gold_root"] not in ROOTS:
        raise FormatError(path, number, f"{row['gold_root']!r} is not a PLOVER root code")
    return PloverSentence(
        id=row["sentence_id"],
        text=row["sentence"],
        source=row["source"],
        target=row["target"],
        root=row["gold_root"],
    )
