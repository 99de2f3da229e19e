"""The role that an article gives with a name, in its own words."""

from __future__ import annotations

import re

from avowal.inference.names import Role, plain

_WORD = re.compile(r"\S+")
_AFTER = re.compile(r",\s(?:(?:an?|the)\s)?(?P<role>[^,.;:\u2013—()“”\"\n]{3,100})")
_BEFORE = re.compile(r"(?:(?:An?|The|an?|the)\s)?(?P<role>[^,.;:\u2013—()“”\"\n!?]{3,100}),\s\Z")
_LOOK = 110


def role_text(text: str, start: int, end: int, role: Role) -> str | None:
    """The words of `role` where it stands beside the name `[start, end)`.

    A title comes before the name, an apposition before or after it, between commas.

    Example:
        >>> role_text("Ana Belu, the water minister, said", 0, 8, ("water", "minister"))
        'water minister'
    """
    before = text[max(0, start - _LOOK) : start]
    words = list(_WORD.finditer(before))[-len(role) :]
    if words and tuple(plain(word[0]) for word in words) == role:
        return before[words[0].start() :].strip()
    match = _AFTER.match(text[end : end + _LOOK]) or _BEFORE.search(before)
    if match is None or role[-1] not in [plain(word) for word in match["role"].split()]:
        return None
    return " ".join(match["role"].split())
