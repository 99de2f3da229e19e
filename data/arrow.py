"""pyarrow, which is needed for Parquet alone and is loaded only then."""

from __future__ import annotations

from importlib import import_module
from typing import Any


def load_pyarrow() -> Any:
    """The module `pyarrow`, with `pyarrow.parquet` loaded.

    Raises:
        ImportError: saying how to install it.
    """
    try:
        import_module("pyarrow.parquet")
        return import_module("pyarrow")
    except ImportError as error:
        raise ImportError(
            f"Parquet needs pyarrow ({error}); pip install 'avowal[parquet]'"
        ) from error
