"""`nlp.add_pipe("avowal")`: the same answers as `avowal.load()`, on a `Doc`, in batches, saved."""

from __future__ import annotations

import pickle
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scripted_models import CONTENT, CUES, SOURCES, scripted_scorer

import avowal

spacy = pytest.importorskip("spacy", reason="spaCy is not installed")

TEXTS = [
    "Ana warned of a strike. Bo said no.",
    "",
    "Nothing was said.\n\n",
    "Cy denied an embargo; Ana said never (yes).",
]


@pytest.fixture
def pipeline(scripted: Path) -> Callable[[], Any]:
    """A blank pipeline with the component on models that follow a script."""

    def make() -> Any:
        nlp = spacy.blank("en")
        nlp.add_pipe("avowal", config={"model": str(scripted)})
        return nlp

    return make


@pytest.fixture(scope="module")
def blank(tmp_path_factory: pytest.TempPathFactory) -> Any:
    """The component alone with models that follow a script, for a property of any text."""
    from avowal.spacy_component import AvowalComponent

    with pytest.MonkeyPatch.context() as patch:
        models = scripted_scorer(tmp_path_factory.mktemp("models"))
        patch.setattr("avowal.spacy_component.load", lambda *_, **__: models)
        component = AvowalComponent()
    make_doc = spacy.blank("en").make_doc
    return lambda text: component(make_doc(text))


def spans_of(doc: Any) -> list[tuple[str, str, str]]:
    return [(span.text, span.label_, span.id_) for span in doc.spans["avowal"]]


def test_a_doc_has_what_the_scorer_finds(pipeline: Callable[[], Any], scripted: Path) -> None:
    nlp = pipeline()
    for text, article in zip(TEXTS, avowal.load(scripted).score(TEXTS), strict=True):
        doc = nlp(text)
        assert doc._.statements == article.statements
        sentences = [
            (doc[:].char_span(s.start, s.end, alignment_mode="expand"), s)
            for s in article.sentences
        ]
        for span, sentence in sentences:
            assert span._.threat >= sentence.threat
            assert span._.sanction >= sentence.sanction


def test_spans_and_sentences(pipeline: Callable[[], Any]) -> None:
    doc = pipeline()(TEXTS[0])
    assert spans_of(doc) == [
        ("Ana", "SOURCE", "0"),
        ("warned", "CUE", "0"),
        ("strike", "CONTENT", "0"),
        ("Bo", "SOURCE", "1"),
        ("said", "CUE", "1"),
        ("no", "CONTENT", "1"),
    ]
    assert [sent.text for sent in doc.sents] == ["Ana warned of a strike.", "Bo said no."]
    assert [round(sent._.threat, 2) for sent in doc.sents] == [0.98, 0.02]
    assert [round(sent._.sanction, 2) for sent in doc.sents] == [0.02, 0.02]


def test_sentences_that_are_there_stay(scripted: Path) -> None:
    nlp = spacy.blank("en")
    nlp.add_pipe("sentencizer", config={"punct_chars": [";"]})
    nlp.add_pipe("avowal", config={"model": str(scripted)})
    assert [sent.text for sent in nlp("Ana said no. Bo; yes.").sents] == [
        "Ana said no. Bo;",
        "yes.",
    ]


def test_batches_are_as_single_docs(pipeline: Callable[[], Any]) -> None:
    nlp = pipeline()
    docs = list(nlp.pipe(TEXTS * 3, batch_size=5))
    assert [doc.text for doc in docs] == TEXTS * 3
    assert [doc._.statements for doc in docs] == [nlp(text)._.statements for text in TEXTS] * 3


def test_a_doc_that_was_not_scored() -> None:
    import avowal.spacy_component  # noqa: F401

    doc = spacy.blank("en")("Ana said no.")
    assert doc._.statements == ()
    assert doc[:]._.threat is None


def test_docs_are_saved_with_what_was_found(pipeline: Callable[[], Any]) -> None:
    from spacy.tokens import Doc, DocBin

    nlp = pipeline()
    docs = list(nlp.pipe(TEXTS))
    kept = DocBin(store_user_data=True, docs=docs).to_bytes()
    others = list(DocBin().from_bytes(kept).get_docs(nlp.vocab))
    for doc, other in zip(docs, others, strict=True):
        assert other._.statements == doc._.statements
        again = Doc(nlp.vocab).from_bytes(doc.to_bytes())
        assert again._.statements == doc._.statements
        assert spans_of(again) == spans_of(other) == spans_of(doc)


def test_a_pipeline_is_saved_and_loaded(pipeline: Callable[[], Any], tmp_path: Path) -> None:
    nlp = pipeline()
    nlp.to_disk(tmp_path / "pipeline")
    expected = nlp(TEXTS[0])._.statements
    for other in (
        spacy.load(tmp_path / "pipeline"),
        pickle.loads(pickle.dumps(nlp)),
        pipeline().from_bytes(nlp.to_bytes()),
    ):
        assert other(TEXTS[0])._.statements == expected


def test_displacy_shows_the_spans(pipeline: Callable[[], Any]) -> None:
    from spacy import displacy

    from avowal.spacy_component import COLORS

    shown = displacy.render(
        pipeline()(TEXTS[0] + " <script>"), style="span", options={"spans_key": "avowal"}
    )
    for label in ("SOURCE", "CUE", "CONTENT"):
        assert label in shown
        assert COLORS[label] in shown
    assert "<script>" not in shown


def test_a_model_that_is_not_there_is_named() -> None:
    with pytest.raises(FileNotFoundError, match="no model 'enormous'"):
        spacy.blank("en").add_pipe("avowal", config={"model": "enormous"})


WORDS = [*SOURCES, *CUES, *CONTENT, ".", "\n\n", "  ", "“", "𝒜", "can't", "no-no", "said-so"]


@settings(max_examples=40, deadline=None)
@given(text=st.lists(st.sampled_from(WORDS), max_size=30).map(" ".join))
def test_every_span_covers_its_own(blank: Any, text: str) -> None:
    doc = blank(text)
    owned = [
        (label, place, span)
        for place, s in enumerate(doc._.statements)
        for label, span in [
            ("SOURCE", s.source),
            ("CUE", s.cue),
            *(("CONTENT", piece) for piece in s.content),
        ]
        if span
    ]
    assert len(owned) == len(doc.spans["avowal"])
    for (label, place, span), found in zip(owned, doc.spans["avowal"], strict=True):
        assert (found.label_, found.id_) == (label, str(place))
        assert found.start_char <= span.start < span.end <= found.end_char


@pytest.mark.usefixtures("shipped")
def test_the_models_that_ship() -> None:
    text = "“We will freeze their assets,” Minister Ana Belu said on Monday. It rained."
    nlp = spacy.blank("en")
    nlp.add_pipe("avowal", config={"threads": 1, "device": "cpu"})
    [article] = avowal.load(device="cpu", threads=1).score([text])
    assert article.statements
    assert nlp(text)._.statements == article.statements
