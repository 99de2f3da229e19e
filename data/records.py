"""The records that cross every border of avowal: `Span`, `Statement`, `Sentence`,
`Speaker`, `Article`.

Offsets are half-open ``[start, end)`` and count Unicode code points of the article's text exactly
as it was decoded: no newline translation, no stripping.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Literal

if TYPE_CHECKING:
    import pandas

Quotation = Literal["direct", "indirect", "mixed"]
QUOTATIONS: tuple[Quotation, ...] = ("direct", "indirect", "mixed")

_SHOWN_CHARACTERS = 60


@dataclass(frozen=True, slots=True)
class Span:
    """A piece of an article: ``article.text[start:end] == text``."""

    start: int
    end: int
    text: str

    @classmethod
    def of(cls, article_text: str, start: int, end: int) -> Span:
        """The span ``[start, end)`` of `article_text`.

        Raises:
            ValueError: where the offsets are empty, reversed or outside the text.
        """
        if not 0 <= start < end <= len(article_text):
            raise ValueError(
                f"span [{start}, {end}) is not inside a text of {len(article_text)} characters"
            )
        return cls(start, end, article_text[start:end])

    def to_dict(self) -> dict[str, Any]:
        return {"start": self.start, "end": self.end, "text": self.text}

    def __repr__(self) -> str:
        return f"Span({self.start}, {self.end}, {_short(self.text)})"


@dataclass(frozen=True, slots=True)
class Statement:
    """Who said what: an attribution relation as PolNeAR defines it, with the speaker's name.

    `speaker` is the fullest name of the source's person or body in the article, else its longest
    description; `speaker_mention` is where that stands, `speaker_confidence` how probable it is.
    `confidence`, `threat` and `sanction` are probabilities in a prediction. In gold data
    `confidence` is None and the two labels are 0.0 or 1.0, or None where nobody judged them.
    """

    source: Span | None
    cue: Span | None
    content: tuple[Span, ...]
    speaker: str | None = None
    quotation: Quotation | None = None
    confidence: float | None = None
    threat: float | None = None
    sanction: float | None = None
    speaker_mention: Span | None = None
    speaker_confidence: float | None = None

    def to_dict(self) -> dict[str, Any]:
        return {
            "speaker": self.speaker,
            "speaker_mention": self.speaker_mention.to_dict() if self.speaker_mention else None,
            "speaker_confidence": self.speaker_confidence,
            "source": self.source.to_dict() if self.source else None,
            "cue": self.cue.to_dict() if self.cue else None,
            "content": [piece.to_dict() for piece in self.content],
            "quotation": self.quotation,
            "confidence": self.confidence,
            "threat": self.threat,
            "sanction": self.sanction,
        }

    def __repr__(self) -> str:
        """Who, how and what, with long texts shortened: for people, not to be read back."""
        parts = {
            "speaker": repr(self.speaker) if self.speaker else None,
            "source": _short(self.source.text) if self.source else None,
            "cue": _short(self.cue.text) if self.cue else None,
            "content": _short(" … ".join(piece.text for piece in self.content)),
            "quotation": self.quotation,
            "confidence": _decimal(self.confidence),
            "threat": _decimal(self.threat),
            "sanction": _decimal(self.sanction),
        }
        return f"Statement({_named(parts)})"


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence's place and its two labels: probabilities, or 0.0 and 1.0 in gold data."""

    start: int
    end: int
    threat: float | None = None
    sanction: float | None = None

    def to_dict(self) -> dict[str, Any]:
        return {
            "start": self.start,
            "end": self.end,
            "threat": self.threat,
            "sanction": self.sanction,
        }

    def __repr__(self) -> str:
        labels = {"threat": _decimal(self.threat), "sanction": _decimal(self.sanction)}
        shown = ", ".join([str(self.start), str(self.end), *filter(None, [_named(labels)])])
        return f"Sentence({shown})"


@dataclass(frozen=True, slots=True)
class Speaker:
    """One who speaks in an article.

    Attributes:
        name: as `Statement.speaker` has it.
        role: the longest of the roles that the article gives with the name, in its words.
        mentions: where it is named or described, in the order of the text.
        statements: how many of the statements are its.
        threats, sanctions: how many of those have a threat or a sanction, at probability 0.5.
    """

    name: str
    role: str | None
    mentions: tuple[Span, ...]
    statements: int
    threats: int
    sanctions: int

    def to_dict(self) -> dict[str, Any]:
        return {
            "name": self.name,
            "role": self.role,
            "mentions": [mention.to_dict() for mention in self.mentions],
            "statements": self.statements,
            "threats": self.threats,
            "sanctions": self.sanctions,
        }


@dataclass(frozen=True, slots=True)
class Article:
    """A text with what was annotated or predicted in it.

    `sentences` and `statements` are in the order of the text, `speakers`, those of the statements,
    in the order of their first one. `meta` holds what a corpus says of the article beyond that
    (register, annotator, publisher), with JSON values.
    """

    id: str
    text: str
    sentences: tuple[Sentence, ...] = ()
    statements: tuple[Statement, ...] = ()
    meta: Mapping[str, Any] = field(default_factory=dict)
    speakers: tuple[Speaker, ...] = ()

    def to_dict(self, *, with_text: bool = True) -> dict[str, Any]:
        """The article as JSON values; `with_text=False` gives the form `avowal score` writes."""
        record: dict[str, Any] = {"id": self.id}
        if with_text:
            record["text"] = self.text
        if self.meta:
            record["meta"] = dict(self.meta)
        record["sentences"] = [sentence.to_dict() for sentence in self.sentences]
        record["statements"] = [statement.to_dict() for statement in self.statements]
        if self.speakers or not with_text:
            record["speakers"] = [speaker.to_dict() for speaker in self.speakers]
        return record

    def to_pandas(self) -> pandas.DataFrame:
        """The article's statements as a data frame; see `avowal.to_pandas` for several articles."""
        from avowal.data.frames import to_pandas

        return to_pandas([self])

    def __repr__(self) -> str:
        sizes = (
            f"{len(found):,} {what}{'' if len(found) == 1 else 's'}"
            for found, what in (
                (self.text, "character"),
                (self.sentences, "sentence"),
                (self.statements, "statement"),
            )
        )
        return f"<Article {self.id!r}: {', '.join(sizes)}>"


def _named(parts: Mapping[str, str | None]) -> str:
    return ", ".join(f"{name}={value}" for name, value in parts.items() if value is not None)


def _short(text: str) -> str:
    if len(text) > _SHOWN_CHARACTERS:
        text = text[: _SHOWN_CHARACTERS - 1] + "…"
    return repr(text)


def _decimal(probability: float | None) -> str | None:
    return None if probability is None else f"{probability:.2f}"
