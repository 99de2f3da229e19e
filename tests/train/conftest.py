"""A tokenizer with whole words for tokens, for tests that need no model."""

from __future__ import annotations

import pytest
from tokenizers import Tokenizer
from tokenizers.models import WordPiece
from tokenizers.normalizers import BertNormalizer
from tokenizers.pre_tokenizers import BertPreTokenizer

from avowal.inference.windows import CUE_TOKENS

WORDS = """
    ana belu bo kern cleo dorn the envoy minister mayor port bridge will would close open burn
    said warned added in a statement on monday we answer not yes no it rained all day trade ends
    . , “ ” ships sail tariffs
"""


@pytest.fixture(scope="session")
def tokenizer() -> Tokenizer:
    names = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", *CUE_TOKENS, *WORDS.split()]
    made = Tokenizer(WordPiece({name: i for i, name in enumerate(names)}, unk_token="[UNK]"))
    made.normalizer = BertNormalizer(lowercase=True)
    made.pre_tokenizer = BertPreTokenizer()
    return made
