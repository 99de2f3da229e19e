"""What a model gets wrong on annotated articles, by cause, with the places to look at.

python scripts/analyse_errors.py joint-mini polnear/dev data/annotated/dev.jsonl [--examples 3]

Statements: a gold statement that none of the model's agrees with, or one of the model's that agrees
with none, in the sense of `statement` in `avowal evaluate`; each has the first cause that holds.
Sentences: threat and sanction by what is seen on a sentence's surface; one may count in many rows.
"""

from __future__ import annotations

import argparse
from collections import defaultdict
from collections.abc import Iterator, Sequence

from rich.console import Console
from rich.table import Table

import avowal
from avowal.data.records import Article, Span, Statement
from avowal.train.attribution_metrics import ENOUGH, WordIndex, match
from avowal.train.corpora import read_articles
from avowal.train.phenomena import surfaces_of

Places = dict[str, list[str]]


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("model", help="a name that ships, or a folder")
    parser.add_argument("data", nargs="+", help="brat folders and JSONL files with gold statements")
    parser.add_argument("--examples", type=int, default=3, help="places shown of each cause")
    arguments = parser.parse_args()
    scorer = avowal.load(arguments.model, device="cpu")
    console = Console()
    for path in arguments.data:
        gold = list(read_articles([path]))
        missed: Places = defaultdict(list)
        false: Places = defaultdict(list)
        intents: dict[str, Places] = {"threat": defaultdict(list), "sanction": defaultdict(list)}
        labelled = defaultdict[str, int](int)
        for article, found in zip(gold, scorer.score([a.text for a in gold]), strict=True):
            for cause, place in statement_errors(article, found.statements):
                (missed if cause.startswith("missed") else false)[cause].append(place)
            sentences = [s for s in article.sentences if s.threat is not None]
            if not sentences:
                continue
            bounds = [(s.start, s.end) for s in sentences]
            [scores] = scorer.intent([article.text], [bounds])
            for sentence, (threat, sanction) in zip(sentences, scores.tolist(), strict=True):
                surfaces = surfaces_of(article, sentence)
                for surface in surfaces:
                    labelled[surface] += 1
                for name, score in (("threat", threat), ("sanction", sanction)):
                    if (score >= 0.5) != bool(getattr(sentence, name)):
                        kind = "false alarm" if score >= 0.5 else "missed"
                        place = f"{article.id} {sentence.start}-{sentence.end} ({score:.2f})"
                        for surface in surfaces:
                            intents[name][f"{kind}: {surface}"].append(place)
        total = sum(len(a.statements) for a in gold)
        title = f"{path}: {total} gold statements, by cause"
        console.print(table(title, [missed, false], arguments.examples))
        if labelled:
            shown = ", ".join(f"{name} {count}" for name, count in labelled.items())
            console.print(f"sentences: {shown}")
            for name, places in intents.items():
                console.print(table(f"{path}: {name}", [places], arguments.examples))


def statement_errors(article: Article, found: Sequence[Statement]) -> Iterator[tuple[str, str]]:
    """(cause, place) of each statement that is missed or false."""
    index = WordIndex(article.text)
    contents, complete = match(index, article.statements, found)
    right, taken = dict(complete), {b for _, b in complete}
    with_content = dict(contents)
    for i, gold in enumerate(article.statements):
        if gold.content and i not in right:
            yield missed_by(article, i, found, with_content.get(i), index), place_of(article, gold)
    for j, one in enumerate(found):
        if j not in taken:
            yield false_by(article, one, j in with_content.values(), index), place_of(article, one)


def missed_by(
    article: Article, i: int, found: Sequence[Statement], paired: int | None, index: WordIndex
) -> str:
    gold = article.statements[i]
    if paired is not None:
        if not found[paired].source:
            return "missed source: none given"
        return "missed source: another given" if gold.source else "missed source: gold has none"
    words = index.words(gold.content)
    shared = [len(words & index.words(s.content)) / max(1, len(words)) for s in found]
    cue_found = gold.cue and any(s.cue and touch(s.cue, gold.cue) for s in found)
    if nested(article, i):
        return "missed: nested in another's content"
    if apart(article.text, gold):
        return "missed: source or cue in another paragraph than content"
    if sum(share > 0 for share in shared) > 1 and sum(shared) >= ENOUGH:
        return "missed: split in several"
    if any(share >= ENOUGH for share in shared):
        return "missed: merged with another, or too long"
    if cue_found or any(shared):
        return "missed: content's bounds"
    return "missed: cue not found" if gold.cue else "missed: no cue"


def false_by(article: Article, one: Statement, paired: bool, index: WordIndex) -> str:
    if paired:
        return "false: right content, wrong source"
    words = index.words(one.content)
    if any(words & index.words(s.content) for s in article.statements):
        return "false: content's bounds, split or double"
    if not one.cue:
        return "false: no attribution there, no cue"
    return "false: no attribution there"


def nested(article: Article, i: int) -> bool:
    mine = article.statements[i].content
    return any(
        all(any(c.start <= m.start and m.end <= c.end for c in other.content) for m in mine)
        for j, other in enumerate(article.statements)
        if j != i and other.content != mine
    )


def apart(text: str, gold: Statement) -> bool:
    marks = [span for span in (gold.source, gold.cue) if span]
    ends = [span.start for span in (*marks, *gold.content)]
    return bool(marks) and "\n" in text[min(ends) : max(ends)].strip()


def touch(a: Span, b: Span) -> bool:
    return a.start < b.end and b.start < a.end


def place_of(article: Article, statement: Statement) -> str:
    return f"{article.id} {statement.content[0].start}-{statement.content[-1].end}"


def table(title: str, groups: Sequence[Places], examples: int) -> Table:
    out = Table(title=title, title_justify="left")
    out.add_column("cause")
    out.add_column("number", justify="right")
    out.add_column("places (offsets in code points)", overflow="fold")
    for places in groups:
        for cause, where in sorted(places.items(), key=lambda item: -len(item[1])):
            out.add_row(cause, str(len(where)), "; ".join(where[:examples]))
        out.add_section()
    return out


if __name__ == "__main__":
    main()
