"""What the server takes and gives, as OpenAPI shows it."""

from __future__ import annotations

from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field
from pydantic.config import JsonDict

from avowal.data.records import Sentence, Speaker, Statement

MAX_ARTICLES = 100
MAX_CHARACTERS = 100_000

_EXAMPLE: JsonDict = {
    "id": "example",
    "text": "“We will freeze their assets,” Minister Ana Belu said on Monday.",
}


class ArticleIn(BaseModel):
    """An article to score."""

    model_config = ConfigDict(extra="forbid", strict=True)

    text: Annotated[str, Field(max_length=MAX_CHARACTERS, description="The article's text.")]
    id: Annotated[
        str | None,
        Field(max_length=1000, description="Its name in the answer; else its place, from 0."),
    ] = None


class ScoreRequest(BaseModel):
    """Articles to score."""

    model_config = ConfigDict(
        extra="forbid", strict=True, json_schema_extra={"examples": [{"articles": [_EXAMPLE]}]}
    )

    articles: Annotated[list[ArticleIn], Field(min_length=1, max_length=MAX_ARTICLES)]
    html: Annotated[
        bool, Field(description="Also give each article as HTML with its statements marked.")
    ] = False


class ArticleOut(BaseModel):
    """A scored article. Offsets are half-open and count the code points of the text."""

    id: str
    sentences: list[Sentence]
    statements: list[Statement]
    speakers: list[Speaker]
    html: Annotated[
        str | None, Field(description="The text as safe HTML, marked by data attributes.")
    ] = None


class ScoreResponse(BaseModel):
    """The scored articles, in the order of the request."""

    articles: list[ArticleOut]


class Health(BaseModel):
    """That the server answers."""

    status: Annotated[str, Field(examples=["ok"])]


class Version(BaseModel):
    """What answers."""

    version: Annotated[str, Field(description="The release of avowal.")]
    model: Annotated[str, Field(description="The name of the models.")]
