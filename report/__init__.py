"""A report on scored articles: one HTML file that opens anywhere, offline.

| module | what |
|---|---|
| `sources` | joins scores with the articles' texts and dates |
| `dates` | the date of an article |
| `payload` | what the page reads: statements as rows, articles as compressed HTML |
| `document` | the file itself: template, styles, scripts, content security policy |
| `write` | all of that as one call |
| `page/` | the page's HTML, CSS and JavaScript |
"""

from avowal.report.write import write_report

__all__ = ["write_report"]
