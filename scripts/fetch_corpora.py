"""Bring the corpora that avowal trains on from their public homes, with git.

    python scripts/fetch_corpora.py
    python scripts/fetch_corpora.py --out /data/corpora

A corpus that is there already is left alone; `--refresh` brings it again. Only the files that are
used leave each repository, where its server can send a part. The held-out test documents of
PolNeAR, GUM and PLV are left behind, so that nothing here can be trained on them by mistake.

    OUT/polnear/    {train,dev}/{text,attributions}, metadata.tsv
    OUT/gum-news/   the news of GUM: dep, coref, rst, splits.md, its licence
    OUT/gum-more/   GUM's academic texts, lives, court records, interviews and travel guides: dep
    OUT/plover/     PLV_train.tsv
"""

from __future__ import annotations

import argparse
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path


class FetchError(Exception):
    """A corpus could not be brought; the message names its address."""


@dataclass(frozen=True)
class Corpus:
    """Where a corpus comes from and what is taken of it.

    Attributes:
        folder: its folder below the output folder.
        option: the command-line option that names another address.
        address: its public home.
        wanted: patterns of git's sparse checkout for the files taken.
        lay_out: copies what is wanted from a clone to a new folder.
        entries: what the folder holds when the corpus is there.
    """

    folder: str
    option: str
    address: str
    wanted: tuple[str, ...]
    lay_out: Callable[[Path, Path], None]
    entries: tuple[str, ...]


def lay_out_polnear(clone: Path, target: Path) -> None:
    for part in ("train", "dev"):
        for kind in ("text", "attributions"):
            _copy(clone, f"data/{part}/{kind}", target / part / kind)
    _copy(clone, "data/metadata.tsv", target / "metadata.tsv")
    _copy(clone, "README.md", target / "README.md")


GUM = "https://github.com/amir-zeldes/gum.git"
GUM_NOTES = ("/splits.md", "/LICENSE*", "/README.md")
GENRES = ("academic", "bio", "court", "interview", "voyage")  # of gum-more


def lay_out_gum_news(clone: Path, target: Path) -> None:
    _lay_out_gum(clone, target, ("news",), ("dep", "coref", "rst/dependencies"))


def lay_out_gum_more(clone: Path, target: Path) -> None:
    _lay_out_gum(clone, target, GENRES, ("dep",))


def _lay_out_gum(clone: Path, target: Path, genres: Sequence[str], places: Sequence[str]) -> None:
    # The licence is LICENSE.txt or LICENSE.md, by the release.
    licences = [path.name for path in clone.glob("LICENSE*")] or ["LICENSE"]
    for name in ("splits.md", "README.md", *licences):
        _copy(clone, name, target / name)
    held_out = _test_documents(clone / "splits.md")
    for place in places:
        suffix = {"dep": ".conllu", "rst/dependencies": ".rsd"}.get(place, "")
        found = [
            path
            for genre in genres
            for path in sorted((clone / place).glob(f"**/GUM_{genre}_*{suffix}"))
        ]
        if not found:
            raise FetchError(f"there is no {place}/**/GUM_{'|'.join(genres)}_*{suffix}")
        for path in found:
            if path.stem not in held_out:
                relative = path.relative_to(clone)
                _copy(clone, str(relative), target / relative)


def lay_out_plover(clone: Path, target: Path) -> None:
    _copy(clone, "datasets/PLV_train.tsv", target / "PLV_train.tsv")


CORPORA = (
    Corpus(
        folder="polnear",
        option="--polnear",
        address="https://github.com/networkdynamics/PolNeAR.git",
        wanted=(
            "/README.md",
            "/data/metadata.tsv",
            "/data/train/text/",
            "/data/train/attributions/",
            "/data/dev/text/",
            "/data/dev/attributions/",
        ),
        lay_out=lay_out_polnear,
        entries=("train", "dev", "metadata.tsv"),
    ),
    Corpus(
        folder="gum-news",
        option="--gum",
        address=GUM,
        wanted=(
            *GUM_NOTES,
            "/dep/GUM_news_*",
            "/coref/**/GUM_news_*",
            "/rst/dependencies/GUM_news_*",
        ),
        lay_out=lay_out_gum_news,
        entries=("dep", "coref", "rst", "splits.md"),
    ),
    Corpus(
        folder="gum-more",
        option="--gum",
        address=GUM,
        wanted=(
            *GUM_NOTES,
            *(f"/dep/GUM_{genre}_*" for genre in GENRES),
        ),
        lay_out=lay_out_gum_more,
        entries=("dep", "splits.md"),
    ),
    Corpus(
        folder="plover",
        option="--plover",
        address="https://github.com/snowood1/Zero-Shot-PLOVER.git",
        wanted=("/datasets/PLV_train.tsv",),
        lay_out=lay_out_plover,
        entries=("PLV_train.tsv",),
    ),
)


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument(
        "--out",
        type=Path,
        default=Path(os.environ.get("AVOWAL_DATA") or "corpora"),
        help="folder of the corpora (default: the variable AVOWAL_DATA, else corpora)",
    )
    parser.add_argument("--refresh", action="store_true", help="bring what is there already too")
    for option, address in {corpus.option: corpus.address for corpus in CORPORA}.items():
        parser.add_argument(
            option,
            default=address,
            metavar="URL",
            help="another home of it, such as a mirror (default: %(default)s)",
        )
    options = parser.parse_args(arguments)
    failed = False
    for corpus in CORPORA:
        target = options.out / corpus.folder
        if not options.refresh and all((target / name).exists() for name in corpus.entries):
            print(f"{target} is there already")
            continue
        try:
            bring(corpus, getattr(options, corpus.option.removeprefix("--")), options.out)
        except FetchError as error:
            print(f"{target}: {error}", file=sys.stderr)
            failed = True
        else:
            print(target)
    if not failed and not os.environ.get("AVOWAL_DATA"):
        print(f"now set AVOWAL_DATA={options.out.resolve()}, or give --data-dir {options.out}")
    return 1 if failed else 0


def bring(corpus: Corpus, address: str, out: Path) -> None:
    """Bring `corpus` from `address` into its folder below `out`.

    Raises:
        FetchError: where that failed; what was in the folder before is still there then.
    """
    with tempfile.TemporaryDirectory() as scratch:
        clone = Path(scratch) / "clone"
        clone_part(address, clone, corpus.wanted)
        try:
            out.mkdir(parents=True, exist_ok=True)
            # Beside the target, so that moving into place is a rename.
            with tempfile.TemporaryDirectory(dir=out, prefix=".fetch-") as staging:
                fresh, aside = Path(staging) / "fresh", Path(staging) / "aside"
                fresh.mkdir()
                aside.mkdir()
                corpus.lay_out(clone, fresh)
                put_in_place(fresh, out / corpus.folder, aside)
        except (FetchError, OSError) as error:
            raise FetchError(f"what {address} holds could not be laid out: {error}") from error


def clone_part(address: str, clone: Path, wanted: Sequence[str]) -> None:
    """A shallow clone of `address` with the files that `wanted` matches alone checked out."""
    print(f"cloning {address}", flush=True)
    # Offsets count the characters of the files as they are: no translation of line ends.
    _git(
        address,
        *("clone", "--depth", "1", "--filter=blob:none", "--no-checkout"),
        *("--config", "core.autocrlf=false", "--config", "core.sparseCheckout=true"),
        *("--", address, str(clone)),
    )
    # Written by hand: `git sparse-checkout set --no-cone` is not in the git of older systems.
    patterns = clone / ".git" / "info" / "sparse-checkout"
    patterns.parent.mkdir(exist_ok=True)
    patterns.write_text("".join(f"{pattern}\n" for pattern in wanted), encoding="utf-8")
    _git(address, "-C", str(clone), "checkout", "--quiet")


def put_in_place(fresh: Path, target: Path, aside: Path) -> None:
    """Move each entry of `fresh` into `target`, and what it replaces to `aside`: all, or none."""
    target.mkdir(parents=True, exist_ok=True)
    placed: list[str] = []
    try:
        for entry in sorted(fresh.iterdir()):
            old = target / entry.name
            if old.exists():
                old.rename(aside / entry.name)
            placed.append(entry.name)
            entry.rename(old)
    except OSError:
        for name in placed:
            if (target / name).exists():
                (target / name).rename(fresh / name)
            if (aside / name).exists():
                (aside / name).rename(target / name)
        raise


def _git(address: str, *arguments: str) -> None:
    try:
        ran = subprocess.run(
            ["git", *arguments],
            stdin=subprocess.DEVNULL,
            capture_output=True,
            # A repository that is not public fails at once, where git would ask for a password.
            env={**os.environ, "GIT_TERMINAL_PROMPT": "0"},
            check=False,
        )
    except FileNotFoundError:
        raise FetchError(f"{address} was not cloned: git is not installed") from None
    if ran.returncode:
        reason = ran.stderr.decode("utf-8", "replace").strip() or f"git ended with {ran.returncode}"
        raise FetchError(f"{address} could not be cloned: {reason}")


def _copy(clone: Path, name: str, target: Path) -> None:
    source = clone / name
    if source.is_dir():
        shutil.copytree(source, target)
    elif source.is_file():
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(source, target)
    else:
        raise FetchError(f"there is no {name}")


def _test_documents(splits: Path) -> set[str]:
    """The documents that GUM's list of splits gives to a test part."""
    documents: set[str] = set()
    part = ""
    for line in splits.read_text(encoding="utf-8").splitlines():
        if line.startswith("## "):
            part = line.removeprefix("## ").strip()
        elif part.startswith("test") and line.strip().startswith("* "):
            documents.add(line.strip().removeprefix("* "))
    if not documents:
        raise FetchError("splits.md lists no test documents, so none can be left out")
    return documents


if __name__ == "__main__":
    sys.exit(main())
