"""Who said what in the news, and did they threaten or sanction anyone?

>>> import avowal
>>> scorer = avowal.load()
>>> articles = scorer.score([text])
"""

from avowal.data.frames import to_pandas
from avowal.data.records import Article, Quotation, Sentence, Span, Statement
from avowal.inference.loading import load
from avowal.inference.model_folder import ModelError
from avowal.inference.scorer import Scorer
from avowal.version import __version__ as __version__

__all__ = [
    "Article",
    "ModelError",
    "Quotation",
    "Scorer",
    "Sentence",
    "Span",
    "Statement",
    "load",
    "to_pandas",
]
