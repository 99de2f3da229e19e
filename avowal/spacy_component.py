"""avowal in a spaCy pipeline: ``nlp.add_pipe("avowal")``. Needs the extra ``spacy``."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from itertools import islice
from pathlib import Path

from spacy.language import Language
from spacy.pipeline import Pipe
from spacy.tokens import Doc, Span, SpanGroup

from avowal.data.article_json import parse_article
from avowal.data.json_values import parse_object
from avowal.data.jsonl import json_line
from avowal.data.records import Article, Sentence, Statement
from avowal.inference.loading import load

SPANS_KEY = "avowal"
COLORS = {"SOURCE": "#9ec5f8", "CUE": "#d3b8f5", "CONTENT": "#f3e2a9"}
"""displaCy's colours of the labels, which it finds by an entry point."""

_DATA = "avowal"


class AvowalComponent(Pipe):
    """Finds who said what, and threats and sanctions, in `Doc`s.

    It sets:

    - ``doc._.statements``: a tuple of `avowal.Statement`, with offsets into ``doc.text``;
    - ``doc.spans["avowal"]``: a span for each source, cue and piece of content, labelled SOURCE,
      CUE or CONTENT, whose ``id_`` is the place of its statement; grown to whole tokens;
    - ``span._.threat`` and ``span._.sanction``, as for ``sent`` in ``doc.sents``: the highest
      probability of the sentences that the span is in; None in a `Doc` that was not scored;
    - ``token.is_sent_start``, where no component before it has set sentences.

    All of it is kept by ``doc.to_bytes()`` and by a ``DocBin(store_user_data=True)``.

    Args:
        name: the component's name in the pipeline.
        model: a name that ships, a folder with models, or a hub id: see `avowal.load`. A saved
            pipeline keeps this name, not the models.
        device: see `avowal.load`.
        threads: see `avowal.load`.

    Raises:
        FileNotFoundError, avowal.ModelError, RuntimeError: as `avowal.load` does.

    Example:
        >>> import spacy
        >>> nlp = spacy.blank("en")
        >>> component = nlp.add_pipe("avowal")
        >>> doc = nlp("“We will freeze their assets,” Minister Ana Belu said on Monday.")
        >>> doc._.statements[0].speaker
        'Ana Belu'
    """

    def __init__(
        self,
        name: str = "avowal",
        model: str = "mini",
        device: str = "auto",
        threads: int | None = None,
    ) -> None:
        self.name = name
        self.model = model
        self.device = device
        self.threads = threads
        self._scorer = load(model, device=device, threads=threads)

    def __reduce__(self) -> tuple[type[AvowalComponent], tuple[object, ...]]:
        # Models are not pickled: a process of nlp.pipe(n_process=…) loads its own.
        return type(self), (self.name, self.model, self.device, self.threads)

    def __call__(self, doc: Doc) -> Doc:
        """Score one `Doc`."""
        return next(self.pipe([doc]))

    def pipe(self, stream: Iterable[Doc], *, batch_size: int = 16) -> Iterator[Doc]:
        """Score `Doc`s as they come, `batch_size` together, in order."""
        handle_error: Callable[..., None] = self.get_error_handler()
        left = iter(stream)
        while docs := list(islice(left, batch_size)):
            try:
                for doc, article in zip(
                    docs, self._scorer.score([doc.text for doc in docs]), strict=True
                ):
                    _annotate(doc, article)
            except Exception as error:
                handle_error(self.name, self, docs, error)
            else:
                yield from docs

    def to_disk(self, path: str | Path, *, exclude: Iterable[str] = ()) -> None:
        """Nothing: the pipeline's config has all that is needed."""

    def from_disk(self, path: str | Path, *, exclude: Iterable[str] = ()) -> AvowalComponent:
        return self

    def to_bytes(self, *, exclude: Iterable[str] = ()) -> bytes:
        return b""

    def from_bytes(self, data: bytes, *, exclude: Iterable[str] = ()) -> AvowalComponent:
        return self


@Language.factory(
    "avowal",
    assigns=["doc._.statements", "doc.spans", "span._.threat", "span._.sanction"],
    default_config={"model": "mini", "device": "auto", "threads": None},
)
def make_avowal(
    nlp: Language, name: str, model: str, device: str, threads: int | None
) -> AvowalComponent:
    """The component for a pipeline's config."""
    return AvowalComponent(name, model, device, threads)


def _annotate(doc: Doc, article: Article) -> None:
    # Doc.to_bytes takes plain values alone and makes lists to tuples, so records are kept as JSON.
    doc.user_data[_DATA] = json_line(article.to_dict(with_text=False))
    doc.spans[SPANS_KEY] = SpanGroup(doc, name=SPANS_KEY, spans=list(_spans(doc, article)))
    if not doc.has_annotation("SENT_START"):
        _set_sentences(doc, article.sentences)


def _spans(doc: Doc, article: Article) -> Iterator[Span]:
    for place, statement in enumerate(article.statements):
        owned = [("SOURCE", statement.source), ("CUE", statement.cue)]
        owned += [("CONTENT", piece) for piece in statement.content]
        for label, span in owned:
            if span is None:
                continue
            tokens = doc.char_span(
                span.start, span.end, label, alignment_mode="expand", span_id=str(place)
            )
            assert tokens is not None  # a span inside the text has tokens to grow to
            yield tokens


def _set_sentences(doc: Doc, sentences: Iterable[Sentence]) -> None:
    starts = iter([sentence.start for sentence in sentences])
    start = next(starts, None)
    for token in doc:
        token.is_sent_start = token.i == 0
        while start is not None and token.idx >= start:
            token.is_sent_start = True
            start = next(starts, None)


def _article(doc: Doc) -> Article | None:
    record: str | None = doc.user_data.get(_DATA)
    return parse_article(parse_object(record), with_text=False) if record else None


def _statements(doc: Doc) -> tuple[Statement, ...]:
    article = _article(doc)
    return article.statements if article else ()


def _label(name: str) -> Callable[[Span], float | None]:
    def get(span: Span) -> float | None:
        article = _article(span.doc)
        if article is None:
            return None
        return max(
            (
                getattr(sentence, name)
                for sentence in article.sentences
                if sentence.start < span.end_char and span.start_char < sentence.end
            ),
            default=0.0,
        )

    return get


Doc.set_extension("statements", getter=_statements, force=True)
for _name in ("threat", "sanction"):
    Span.set_extension(_name, getter=_label(_name), force=True)
