"""Records, readers and writers, and the project's own annotated corpus."""

from avowal.data.annotated_corpus import load_annotated

__all__ = ["load_annotated"]
