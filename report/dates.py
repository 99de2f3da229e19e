"""The date of an article: what its row or page says, else what its path says."""

from __future__ import annotations

import re
from datetime import date

# 2026-03-05, 2026/03/05, 2026_03_05 or 20260305, as news archives name files and folders
_IN_PATH = re.compile(r"(?<!\d)((?:19|20)\d\d)([-_/.]?)(\d\d)\2(\d\d)(?!\d)")


def parse_date(written: str) -> date | None:
    """The day in an ISO 8601 date or time, or None where `written` is neither."""
    try:
        return date.fromisoformat(written.strip()[:10])
    except ValueError:
        return None


def date_in_path(path: str) -> date | None:
    """The last date in a path or id, or None without one.

    Example:
        >>> date_in_path("archive/2026/03/05/harbour.txt")
        datetime.date(2026, 3, 5)
    """
    for match in reversed(list(_IN_PATH.finditer(path))):
        try:
            return date(int(match[1]), int(match[3]), int(match[4]))
        except ValueError:
            continue
    return None
