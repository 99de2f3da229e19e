"""`avowal.data.gum_coreference`: entities, coreference and sources out of GUM's CoNLL-U."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from avowal.data.errors import FormatError
from avowal.data.gum_coreference import CoreferenceDocument, read_gum_coreference

FIELDS = "# global.Entity = GRP-etype-infstat-salience-centering-minspan-link-identity"


def token(id_: str | int, form: str, tag: str = "NOUN", feats: str = "_", misc: str = "_") -> str:
    return "\t".join([str(id_), form, "_", tag, "_", feats, "_", "_", "_", misc])


def read_one(folder: Path, lines: list[str]) -> CoreferenceDocument:
    path = folder / "dep" / "GUM_news_test.conllu"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    [document] = read_gum_coreference(folder)
    return document


DOCUMENT = [
    "# newdoc id = GUM_news_test",
    FIELDS,
    "# text = Ana Belu's pilots said they'd wait.",
    token(
        1,
        "Ana",
        "PROPN",
        misc="Discourse=attribution-positive:1->2:0:sem-atsrc-1-4-_|"
        "Entity=(2-person-new-nnnnn-cf1-4-coref(1-person-new-nnnnn-cf2-1,2-coref-Ana_Belu",
    ),
    token("2-3", "Belu's"),
    token(2, "Belu", "PROPN"),
    token(3, "'s", "PART", misc="Entity=1)"),
    token(4, "pilots", feats="Number=Plur", misc="Entity=2)"),
    token(5, "said", "VERB"),
    token("6-7", "they'd"),
    token(6, "they", "PRON", misc="Discourse=ROOT:2:0|Entity=(2-person-giv-nnnnn-cf1-1-ana)"),
    token(7, "'d", "AUX"),
    token(8, "wait", "VERB", misc="SpaceAfter=No"),
    token(9, ".", "PUNCT"),
    "",
]


def test_mentions_and_sources_have_exact_offsets(tmp_path: Path) -> None:
    document = read_one(tmp_path, DOCUMENT)
    text = document.article.text
    assert text == "Ana Belu's pilots said they'd wait."
    assert [
        (text[m.start : m.end], m.entity, m.type, m.form, m.plural) for m in document.mentions
    ] == [
        ("Ana Belu's pilots", "2", "person", "description", True),
        ("Ana Belu's", "1", "person", "name", False),
        ("they", "2", "person", "pronoun", False),
    ]
    assert [[text[a:b] for a, b in m.heads] for m in document.mentions] == [
        ["pilots"],
        ["Ana", "Belu"],
        ["they"],
    ]
    [source] = document.sources
    assert source.span.text == "Ana Belu's pilots"
    assert [piece.text for piece in source.content] == ["they'd wait."]


def test_a_unit_of_equal_rank_is_content_too(tmp_path: Path) -> None:
    several = [line.replace("ROOT:2:0", "joint-other_m:2->3:0") for line in DOCUMENT]
    [source] = read_one(tmp_path, several).sources
    assert [piece.text for piece in source.content] == ["they'd wait."]


@pytest.mark.parametrize(
    ("misc", "reason"),
    [
        ("Entity=7)", "the entity 7 is closed where it was not opened"),
        ("Entity=(7-person-new-nnnnn-cf1-1-coref", "the entity 7 is never closed"),
        ("Entity=(7)", "no entity that the fields of the document tell"),
        ("Discourse=attribution-positive:1->2:0:sem-atsrc-4-9-_", "words that there are not"),
    ],
)
def test_broken_brackets_are_named(tmp_path: Path, misc: str, reason: str) -> None:
    with pytest.raises(FormatError, match=reason):
        read_one(tmp_path, [FIELDS, "# text = Talks", token(1, "Talks", misc=misc), ""])


def test_a_folder_without_documents_is_named(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError, match="no GUM documents"):
        list(read_gum_coreference(tmp_path))


def test_gum_news_has_its_known_counts(corpus: Callable[[str], Path]) -> None:
    documents = list(read_gum_coreference(corpus("gum-news")))
    assert len(documents) == 22
    assert sum(len(document.sources) for document in documents) == 218
    assert all(source.content for document in documents for source in document.sources)
    for document in documents:
        for mention in document.mentions:
            words = document.article.text[mention.start : mention.end]
            assert words
            assert words == words.strip()
            for start, end in mention.heads:
                assert mention.start <= start < end <= mention.end
