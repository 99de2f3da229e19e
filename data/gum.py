"""Reader of GUM, the Georgetown University Multilayer corpus: texts with gold sentences.

Source: Amir Zeldes (2017), "The GUM Corpus: Creating Multilayer Resources in the Classroom",
Language Resources and Evaluation 51(3), 581-612; https://github.com/amir-zeldes/gum.

GUM keeps no running text beside its annotations, so the text is rebuilt here from the tokens of
its CoNLL-U files, and the offsets of the sentences are exact in that text.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from avowal.data.errors import FormatError
from avowal.data.records import Article, Sentence

PARAGRAPH_BREAK = "\n\n"

_COLUMNS = 10  # ID FORM LEMMA UPOS XPOS FEATS HEAD DEPREL DEPS MISC
_ID = re.compile(r"(?P<first>[1-9][0-9]*)(?:-(?P<last>[1-9][0-9]*))?\Z")
_EMPTY_NODE_ID = re.compile(r"[0-9]+\.[1-9][0-9]*\Z")
_COMMENT = re.compile(r"#\s*(?P<key>[^\s=]+)(?:(?P<rest>[^=]*)=\s?(?P<value>.*))?")
_DOCUMENT_ID = re.compile(r"(?:GUM|GENTLE)_(?P<genre>[^_]+)_")
_SPLIT_HEADING = re.compile(r"##\s+(?P<split>\S+)\s*\Z")
_SPLIT_ITEM = re.compile(r"\s*\*\s+(?P<id>\S+)\s*\Z")


def read_gum(folder: str | Path) -> Iterator[Article]:
    """The documents in ``<folder>/dep/*.conllu``, in the order of the file names.

    In the rebuilt text a paragraph ends in a blank line (two newlines), and the sentences of a
    paragraph are joined by one space, or by nothing after ``SpaceAfter=No``. Offsets count Unicode
    code points of that text, half-open; sentences neither begin nor end in white space.

    `meta` has ``split`` (``"train"``, ``"dev"``, ``"test"`` or ``"test2"``, where
    ``<folder>/splits.md`` lists the document) and ``genre`` (the second part of the id: ``"news"``
    for ``GUM_news_afghan``). A clone of the whole corpus holds its test documents too, so select
    on ``split``.

    Args:
        folder: a checkout of GUM, or a part of one: a folder that has a folder ``dep``.

    Raises:
        FileNotFoundError: at the call, where the folder has no ``dep/*.conllu``.
        FormatError: while reading, where a line is not the CoNLL-U it should be, or where a
            sentence's tokens do not make the text of its ``# text`` comment.

    Example:
        >>> for article in read_gum("../shared/data/gum-news"):  # doctest: +SKIP
        ...     for sentence in article.sentences:
        ...         print(article.text[sentence.start : sentence.end])
    """
    folder = Path(folder)
    files = sorted((folder / "dep").glob("*.conllu"))
    if not files:
        raise FileNotFoundError(
            f"no GUM documents in {folder}: {folder / 'dep'} has no *.conllu file. Pass a checkout "
            "of https://github.com/amir-zeldes/gum, or set AVOWAL_DATA or --data-dir to the folder "
            "that holds gum-news/"
        )
    return _read_files(files, _read_splits(folder / "splits.md"))


def _read_files(files: Iterable[Path], splits: dict[str, str]) -> Iterator[Article]:
    for path in files:
        yield from _read_conllu(path, splits)


def _read_splits(path: Path) -> dict[str, str]:
    """The split of each document, from GUM's list of them; empty where there is no list."""
    splits: dict[str, str] = {}
    if not path.is_file():
        return splits
    split = None
    for line in path.read_text(encoding="utf-8").splitlines():
        if heading := _SPLIT_HEADING.match(line):
            split = heading["split"]
        elif (item := _SPLIT_ITEM.match(line)) and split:
            splits[item["id"]] = split
    return splits


class _Document:
    """An article in the making."""

    def __init__(self, id_: str) -> None:
        self.id = id_
        self._pieces: list[str] = []
        self._length = 0
        self._sentences: list[Sentence] = []
        self._space_before = False
        self._paragraph_before = False

    def __bool__(self) -> bool:
        return bool(self._sentences)

    def begin_paragraph(self) -> None:
        self._paragraph_before = True

    def add_sentence(self, text: str, *, space_after: bool) -> None:
        if self._sentences:
            if self._paragraph_before:
                self._append(PARAGRAPH_BREAK)
            elif self._space_before:
                self._append(" ")
        start = self._length
        self._append(text)
        self._sentences.append(Sentence(start, self._length))
        self._space_before = space_after
        self._paragraph_before = False

    def _append(self, piece: str) -> None:
        self._pieces.append(piece)
        self._length += len(piece)

    def to_article(self, splits: dict[str, str]) -> Article:
        meta: dict[str, Any] = {}
        if self.id in splits:
            meta["split"] = splits[self.id]
        if match := _DOCUMENT_ID.match(self.id):
            meta["genre"] = match["genre"]
        return Article(self.id, "".join(self._pieces), tuple(self._sentences), meta=meta)


class _Tokens:
    """The surface tokens of the sentence being read."""

    def __init__(self) -> None:
        self._pieces: list[str] = []
        self._words = 0  # syntactic words seen
        self._range_end = 0  # the last word that a multiword token before has spelt out
        self.space_after = True

    def __bool__(self) -> bool:
        return self._words > 0

    def add(self, columns: list[str]) -> str | None:
        """Take one token line; the return value says what is wrong with it, if anything is."""
        if len(columns) != _COLUMNS:
            return f"{len(columns)} columns separated by tabs, where CoNLL-U has {_COLUMNS}"
        id_, form, misc = columns[0], columns[1], columns[-1]
        if _EMPTY_NODE_ID.match(id_):  # an elided word: it has no place in the text
            return None
        match = _ID.match(id_)
        if match is None:
            return f"not a token id: {id_!r}"
        if not form.strip() or form != form.strip():
            return f"the form of token {id_} is empty or has white space around it: {form!r}"
        first = int(match["first"])
        if first != self._words + 1:
            return f"token id {id_} after {self._words}"
        if match["last"] is not None:
            if int(match["last"]) <= first or first <= self._range_end:
                return f"not a range of tokens: {id_}"
            self._range_end = int(match["last"])
        else:
            self._words = first
            if first <= self._range_end:  # part of a multiword token, which gave the form already
                return None
        if self._pieces and self.space_after:
            self._pieces.append(" ")
        self._pieces.append(form)
        self.space_after = "SpaceAfter=No" not in misc.split("|")
        return None

    def incomplete(self) -> str | None:
        if self._words < self._range_end:
            return f"the sentence ends at token {self._words}, within a multiword token"
        return None

    def text(self) -> str:
        return "".join(self._pieces)


def _read_conllu(path: Path, splits: dict[str, str]) -> Iterator[Article]:
    document = _Document(path.stem)
    tokens = _Tokens()
    text: tuple[int, str] | None = None  # the sentence as its comment gives it, and that line
    number = 0
    with path.open("rb") as stream:
        for number, raw in enumerate(stream, start=1):
            try:
                line = raw.decode("utf-8").rstrip("\r\n")
            except UnicodeDecodeError as error:
                raise FormatError(path, number, f"not UTF-8: {error}") from error
            if not line.strip():
                _end_sentence(document, tokens, text, path, number - 1)
                tokens, text = _Tokens(), None
            elif line.startswith("#"):
                if tokens:
                    raise FormatError(path, number, "a comment among the tokens of a sentence")
                comment = _COMMENT.match(line)
                if comment is None:
                    continue
                key, value = comment["key"], comment["value"]
                if key == "newdoc":
                    if document:
                        yield document.to_article(splits)
                    document = _Document(value.strip() if value else path.stem)
                elif key == "newpar":
                    document.begin_paragraph()
                elif key == "text":
                    text = (number, value or "")
            elif problem := tokens.add(line.split("\t")):
                raise FormatError(path, number, problem)
        _end_sentence(document, tokens, text, path, number)
    if document:
        yield document.to_article(splits)


def _end_sentence(
    document: _Document,
    tokens: _Tokens,
    text: tuple[int, str] | None,
    path: Path,
    last_line: int,
) -> None:
    if not tokens:
        return
    if problem := tokens.incomplete():
        raise FormatError(path, last_line, problem)
    made = tokens.text()
    if text is not None and text[1].strip() != made:
        raise FormatError(path, text[0], f"the tokens make {made!r}, not {text[1]!r}")
    document.add_sentence(made, space_after=tokens.space_after)
