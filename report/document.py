"""The report's file: the page with its styles and scripts inside, and a policy that allows no more.

The content security policy names each script and the style sheet by its hash, and nothing else may
run or load. So whatever an article holds, a browser will not execute it, nor reach out for it.
"""

from __future__ import annotations

import base64
import hashlib
import html
from collections.abc import Iterable, Iterator
from importlib.resources import files
from string import Template

from avowal.markup import legend, palette

_SCRIPTS = ("text.js", "rows.js", "csv.js", "charts.js", "table.js", "reader.js", "main.js")
_CHART_LIBRARY = ("chartkick", "django/static/chartkick/Chart.bundle.js")


def document(title: str, blobs: Iterable[tuple[int, str]], rows: Iterable[str]) -> Iterator[str]:
    """The pieces of the file, in order.

    Args:
        title: shown above the page; any text.
        blobs: places of articles with their packed HTML (see `payload.packed`).
        rows: JSON for the page (see `payload.Rows`), asked for once `blobs` are through.

    Raises:
        RuntimeError: where the chart library is not installed.
    """
    style = palette() + _part("style.css")
    library = _chart_library()
    code = "\n".join(_part(name) for name in _SCRIPTS)
    policy = "; ".join(
        (
            "default-src 'none'",
            f"script-src {_hash(library)} {_hash(code)}",
            f"style-src {_hash(style)}",
            "img-src data:",
            "base-uri 'none'",
            "form-action 'none'",
        )
    )
    yield Template(_part("page.html")).substitute(
        title=html.escape(title), policy=html.escape(policy), style=style, legend=legend()
    )
    for number, blob in blobs:
        yield f'<script type="text/plain" id="article-{number}">{blob}</script>\n'
    yield '<script type="application/json" id="rows">'
    yield from rows
    yield "</script>\n"
    yield f"<script>{library}</script>\n<script>{code}</script>\n</body>\n</html>\n"


def _part(name: str) -> str:
    return files("avowal.report").joinpath("page", name).read_text(encoding="utf-8")


def _chart_library() -> str:
    package, path = _CHART_LIBRARY
    try:
        return files(package).joinpath(path).read_text(encoding="utf-8")
    except ModuleNotFoundError as error:
        raise RuntimeError(f"a report needs {error.name}: pip install 'avowal[report]'") from error


def _hash(text: str) -> str:
    return f"'sha256-{base64.b64encode(hashlib.sha256(text.encode('utf-8')).digest()).decode()}'"
