"""Models from the Hugging Face hub: the files that scoring reads, and no other."""

from __future__ import annotations

import re
from pathlib import Path

# Weights as safetensors and ONNX alone: nothing that is unpickled, and no code.
_FILES = ("*.json", "*onnx/model_quantized.onnx", "*.safetensors", "*README.md")
_ID = re.compile(r"[\w-][\w.-]*/[\w-][\w.-]*")


def is_hub_id(name: str) -> bool:
    """Whether a name has the form ``organisation/model``."""
    return _ID.fullmatch(name) is not None and ".." not in name


def download(repo_id: str) -> Path:
    """The local folder of a hub repository, brought here unless it is in the hub's cache.

    Raises:
        FileNotFoundError: where the hub has no such repository, or cannot be reached and it is not
            in the cache.
    """
    from huggingface_hub import snapshot_download
    from huggingface_hub.errors import HfHubHTTPError, LocalEntryNotFoundError

    try:
        return Path(snapshot_download(repo_id, allow_patterns=list(_FILES)))
    except (HfHubHTTPError, LocalEntryNotFoundError, OSError) as error:
        reason = str(error).strip().splitlines()[0] if str(error).strip() else repr(error)
        raise FileNotFoundError(
            f"no model {repo_id!r}: no such folder here, and the hub did not give it ({reason})"
        ) from error
