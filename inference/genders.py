"""Learning from an article's pronouns which of its persons are men and which are women.

Where an article names a wife in full and her husband, whom every reader knows, by surname alone,
the pronouns after the surname tell the two apart.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict

from avowal.inference.entities import Layout
from avowal.inference.names import Gender, NameIndex, Person, given_gender

_TOLD = 4  # two sentences

# not the object, "accused him": that is somebody else
_GENDERED = re.compile(
    r"\b(?:he|his|himself|she|hers|herself"
    r"|her(?=\s(?!(?:to|for|of|on|in|at|with|by|from|and|or|as|that|if|when|a|an|the|not)\b)[^\W\d_]))\b",
    re.I,
)


def learn_genders(names: NameIndex, layout: Layout, sources: frozenset[int]) -> None:
    """Count for each person the pronouns that follow it where it is alone in a sentence, and part
    persons from namesakes of the other gender.

    Args:
        sources: where the pronouns stand that are sources, which the model answers.
    """
    free: defaultdict[int, list[tuple[int, Person]]] = defaultdict(list)
    everybody: defaultdict[int, set[int]] = defaultdict(set)
    lone = set()
    for mention, person in zip(names.mentions, names.person_of, strict=True):
        if person is not None:
            sentence = layout.sentence(mention.start)
            everybody[sentence].add(id(person))
            if not layout.blocked.covers(mention.start):
                free[sentence].append((mention.start, person))
            if len(mention.words) == 1:
                lone.add(mention.start)
    by_surname: defaultdict[int, Counter[Gender]] = defaultdict(Counter)
    seen: set[int] = set()
    for match in _GENDERED.finditer(layout.text):
        at = match.start()
        sentence = layout.sentence(at)
        if sentence in seen or at in sources or layout.blocked.covers(at):
            continue
        seen.add(sentence)
        word = match[0].casefold()
        here, weight = free.get(sentence), 2
        if here is None and word in {"he", "she"} and len(everybody[sentence - 1]) == 1:
            here, weight = free.get(sentence - 1), 1
        if not here or here[0][0] > at or len({id(person) for _, person in here}) > 1:
            continue
        start, person = here[0]
        gender: Gender = "female" if word.startswith(("s", "her")) else "male"
        person.genders[gender] += weight
        if start in lone:
            by_surname[id(person)][gender] += weight
    for person in list(names.people):
        told, given = by_surname[id(person)], given_gender(person.name)
        other: Gender = "male" if given == "female" else "female"
        if given and told[other] >= _TOLD and told[other] > 2 * told[given]:
            names.part(person, told)
