"""`scripts/fetch_corpora.py`, on repositories made here in place of the public ones."""

from __future__ import annotations

import importlib.util
import os
import shutil
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from types import ModuleType

import pytest

SCRIPT = Path(__file__).parents[2] / "scripts" / "fetch_corpora.py"
NO_SETTINGS = {"GIT_CONFIG_GLOBAL": os.devnull, "GIT_CONFIG_NOSYSTEM": "1"}

POLNEAR = {
    "README.md": b"# An invented corpus\n",
    "data/metadata.tsv": b"compartment\tfilename\n",
    "data/train/text/harbour_1.txt": "The mayor of Ål said:\r\n“No.”\n".encode(),
    "data/train/attributions/harbour_1_ab12.ann": b"T1\tSource 0 9\tThe mayor\n",
    "data/train/corenlp/harbour_1.xml": b"<root/>\n",
    "data/dev/text/harbour_2.txt": b"Nobody spoke.\n",
    "data/dev/attributions/harbour_2_ab12.ann": b"",
    "data/test/text/harbour_3.txt": b"Held out.\n",
    "data/test/attributions/harbour_3_ab12.ann": b"",
}
SPLITS = """# Splits

## dev

  * GUM_news_tide

## test

  * GUM_news_secret

## train

  * GUM_bio_captain
  * GUM_news_ferry
"""
GUM = {
    "LICENSE.txt": b"CC BY\n",
    "README.md": b"# GUM\n",
    "splits.md": SPLITS.encode(),
    **{
        f"{place}{document}{suffix}": document.encode()
        for document in ("GUM_news_ferry", "GUM_news_tide", "GUM_news_secret", "GUM_bio_captain")
        for place, suffix in (
            ("dep/", ".conllu"),
            ("coref/gum/tsv/", ".tsv"),
            ("coref/ontogum/conllu/", ".conllu"),
            ("rst/dependencies/", ".rsd"),
            ("rst/rstweb/", ".rs3"),
            ("paula/", ".xml"),
        )
    },
}
PLOVER = {
    "README.md": b"# ZSP\n",
    "datasets/PLV_train.tsv": b"\tsentence_id\tsentence\n",
    "datasets/PLV_test.tsv": b"\tsentence_id\tsentence\n",
}
LAID_OUT = {
    "polnear/README.md",
    "polnear/metadata.tsv",
    "polnear/train/text/harbour_1.txt",
    "polnear/train/attributions/harbour_1_ab12.ann",
    "polnear/dev/text/harbour_2.txt",
    "polnear/dev/attributions/harbour_2_ab12.ann",
    "gum-news/LICENSE.txt",
    "gum-news/README.md",
    "gum-news/splits.md",
    "gum-news/dep/GUM_news_ferry.conllu",
    "gum-news/dep/GUM_news_tide.conllu",
    "gum-news/coref/gum/tsv/GUM_news_ferry.tsv",
    "gum-news/coref/gum/tsv/GUM_news_tide.tsv",
    "gum-news/coref/ontogum/conllu/GUM_news_ferry.conllu",
    "gum-news/coref/ontogum/conllu/GUM_news_tide.conllu",
    "gum-news/rst/dependencies/GUM_news_ferry.rsd",
    "gum-news/rst/dependencies/GUM_news_tide.rsd",
    "gum-more/LICENSE.txt",
    "gum-more/README.md",
    "gum-more/splits.md",
    "gum-more/dep/GUM_bio_captain.conllu",
    "plover/PLV_train.tsv",
}


def load_script() -> ModuleType:
    spec = importlib.util.spec_from_file_location("fetch_corpora", SCRIPT)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module  # where dataclasses look their annotations up
    spec.loader.exec_module(module)
    return module


fetch_corpora = load_script()


@pytest.fixture(autouse=True)
def environment(monkeypatch: pytest.MonkeyPatch) -> None:
    """No setting of the person who runs the tests reaches git or the script."""
    for name in [name for name in os.environ if name.startswith("GIT_")]:
        monkeypatch.delenv(name)
    for name, value in NO_SETTINGS.items():
        monkeypatch.setenv(name, value)
    monkeypatch.delenv("AVOWAL_DATA", raising=False)


def write_tree(folder: Path, files: Mapping[str, bytes]) -> None:
    for name, content in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)


def make_repository(folder: Path, files: Mapping[str, bytes]) -> str:
    """A repository of `files`, one that can send a part of itself; returns its address."""
    if shutil.which("git") is None:
        pytest.skip("git is not installed")
    write_tree(folder, files)
    inherited = {name: value for name, value in os.environ.items() if not name.startswith("GIT_")}
    identity = ("-c", "user.name=A", "-c", "user.email=a@example.org")
    for command in (
        ("init", "--quiet"),
        ("config", "uploadpack.allowFilter", "true"),
        ("-c", "core.autocrlf=false", "add", "--all"),
        (*identity, "commit", "--quiet", "--message", "All files"),
    ):
        subprocess.run(["git", *command], cwd=folder, env={**inherited, **NO_SETTINGS}, check=True)
    return folder.as_uri()


@pytest.fixture(scope="module")
def homes(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """The options and addresses of all three corpora."""
    folder = tmp_path_factory.mktemp("homes")
    return {
        "--polnear": make_repository(folder / "polnear", POLNEAR),
        "--gum": make_repository(folder / "gum", GUM),
        "--plover": make_repository(folder / "plover", PLOVER),
    }


def run(homes: Mapping[str, str], *arguments: str) -> int:
    words = [word for option in homes.items() for word in option]
    code = fetch_corpora.main([*words, *arguments])
    assert isinstance(code, int)
    return code


def files(folder: Path) -> set[str]:
    return {p.relative_to(folder).as_posix() for p in folder.rglob("*") if p.is_file()}


def test_the_corpora_are_laid_out_without_their_test_parts(
    tmp_path: Path, homes: dict[str, str]
) -> None:
    out = tmp_path / "new" / "corpora"
    assert run(homes, "--out", str(out)) == 0
    assert files(out) == LAID_OUT
    assert sorted(path.name for path in out.iterdir()) == [
        "gum-more",
        "gum-news",
        "plover",
        "polnear",
    ]


def test_bytes_are_kept_whatever_git_does_with_line_ends(
    tmp_path: Path,
    homes: dict[str, str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    settings = tmp_path / "gitconfig"
    settings.write_text("[core]\n\tautocrlf = true\n")
    monkeypatch.setenv("GIT_CONFIG_GLOBAL", str(settings))
    assert run(homes, "--out", str(tmp_path / "out")) == 0
    for name in ("text/harbour_1.txt", "attributions/harbour_1_ab12.ann"):
        copied = (tmp_path / "out" / "polnear" / "train" / name).read_bytes()
        assert copied == POLNEAR[f"data/train/{name}"]


def test_only_what_is_wanted_is_checked_out(tmp_path: Path, homes: dict[str, str]) -> None:
    for corpus in fetch_corpora.CORPORA:
        clone = tmp_path / "clones" / corpus.folder
        fetch_corpora.clone_part(homes[corpus.option], clone, corpus.wanted)
        shutil.rmtree(clone / ".git")
    checked_out = files(tmp_path / "clones")
    assert {name for name in checked_out if "secret" not in name} == {
        *(name for name in LAID_OUT if name.startswith("gum-")),
        *(f"polnear/{name}" for name in POLNEAR if "test/" not in name and "corenlp" not in name),
        "plover/datasets/PLV_train.tsv",
    }


def test_addresses_may_be_plain_paths(tmp_path: Path, homes: dict[str, str]) -> None:
    paths = {option: address.removeprefix("file://") for option, address in homes.items()}
    assert run(paths, "--out", str(tmp_path / "out")) == 0
    assert files(tmp_path / "out") == LAID_OUT


@pytest.mark.parametrize("variable", [None, "", "elsewhere"])
def test_the_output_folder_is_avowal_data_else_corpora(
    tmp_path: Path,
    homes: dict[str, str],
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    variable: str | None,
) -> None:
    monkeypatch.chdir(tmp_path)
    if variable is not None:
        monkeypatch.setenv("AVOWAL_DATA", variable)
    assert run(homes) == 0
    assert files(tmp_path / (variable or "corpora")) == LAID_OUT
    assert ("now set AVOWAL_DATA=" in capsys.readouterr().out) == (not variable)


def test_what_is_there_is_left_alone_until_refresh(
    tmp_path: Path, homes: dict[str, str], capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "out"
    assert run(homes, "--out", str(out)) == 0
    metadata = out / "polnear" / "metadata.tsv"
    mine = {out / "polnear" / "notes.txt", out / "gum-news" / "xml" / "notes.txt"}
    stale = out / "polnear" / "train" / "text" / "withdrawn.txt"
    write_tree(out, {str(p.relative_to(out)): b"mine" for p in [metadata, stale, *mine]})

    nowhere = {option: str(tmp_path / "nowhere") for option in homes}
    assert run(nowhere, "--out", str(out)) == 0
    assert metadata.read_bytes() == b"mine"
    assert "is there already" in capsys.readouterr().out

    assert run(homes, "--out", str(out), "--refresh") == 0
    assert metadata.read_bytes() == POLNEAR["data/metadata.tsv"]
    assert not stale.exists()
    assert all(path.read_bytes() == b"mine" for path in mine)


def test_half_a_corpus_is_brought_again(tmp_path: Path, homes: dict[str, str]) -> None:
    out = tmp_path / "out"
    assert run(homes, "--out", str(out)) == 0
    shutil.rmtree(out / "gum-news" / "rst")
    assert run(homes, "--out", str(out)) == 0
    assert files(out) == LAID_OUT


def test_a_failed_clone_names_its_address_and_spoils_nothing(
    tmp_path: Path, homes: dict[str, str], capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "out"
    before = {"polnear/metadata.tsv": b"mine", "polnear/train/text/mine.txt": b"mine"}
    write_tree(out, before)
    nowhere = (tmp_path / "nowhere").as_uri()
    assert run({**homes, "--polnear": nowhere}, "--out", str(out)) == 1
    errors = capsys.readouterr().err
    assert f"{nowhere} could not be cloned: " in errors
    assert str(out / "polnear") in errors
    # the other two came all the same
    others = {name for name in LAID_OUT if not name.startswith("polnear/")}
    assert files(out) == {*before, *others}
    assert all((out / name).read_bytes() == content for name, content in before.items())


def test_without_git_the_error_says_so(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    assert fetch_corpora.main(["--out", str(tmp_path / "out")]) == 1
    errors = capsys.readouterr().err
    assert "https://github.com/networkdynamics/PolNeAR.git was not cloned" in errors
    assert "git is not installed" in errors
    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize(
    ("option", "tree", "gone", "complaint"),
    [
        ("--polnear", POLNEAR, "data/dev/text/", "there is no data/dev/text"),
        ("--gum", GUM, "coref/", "there is no coref/**/GUM_news_*"),
        ("--gum", GUM, "LICENSE.txt", "there is no LICENSE"),
        ("--plover", PLOVER, "datasets/PLV_train", "there is no datasets/PLV_train.tsv"),
    ],
)
def test_a_repository_that_lacks_something_changes_nothing(
    tmp_path: Path,
    homes: dict[str, str],
    capsys: pytest.CaptureFixture[str],
    option: str,
    tree: Mapping[str, bytes],
    gone: str,
    complaint: str,
) -> None:
    out = tmp_path / "out"
    assert run(homes, "--out", str(out)) == 0
    rest = {name: content for name, content in tree.items() if not name.startswith(gone)}
    address = make_repository(tmp_path / "lacking", rest)
    assert run({**homes, option: address}, "--out", str(out), "--refresh") == 1
    errors = capsys.readouterr().err
    assert f"what {address} holds could not be laid out: {complaint}" in errors
    assert files(out) == LAID_OUT


def test_the_licence_of_gum_may_have_another_suffix(tmp_path: Path, homes: dict[str, str]) -> None:
    tree = {name.replace("LICENSE.txt", "LICENSE.md"): content for name, content in GUM.items()}
    address = make_repository(tmp_path / "gum", tree)
    assert run({**homes, "--gum": address}, "--out", str(tmp_path / "out")) == 0
    assert (tmp_path / "out" / "gum-news" / "LICENSE.md").read_bytes() == GUM["LICENSE.txt"]


def test_gum_without_a_list_of_test_documents_is_refused(tmp_path: Path) -> None:
    splits = SPLITS.replace("## test", "## held out")
    write_tree(tmp_path / "clone", {**GUM, "splits.md": splits.encode()})
    with pytest.raises(fetch_corpora.FetchError, match="lists no test documents"):
        fetch_corpora.lay_out_gum_news(tmp_path / "clone", tmp_path / "target")


def test_an_output_folder_that_cannot_be_made_is_an_error(
    tmp_path: Path, homes: dict[str, str], capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "file").write_text("not a folder")
    assert run(homes, "--out", str(tmp_path / "file")) == 1
    assert homes["--gum"] in capsys.readouterr().err


def test_a_move_that_fails_half_way_is_undone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    fresh, target, aside = tmp_path / "fresh", tmp_path / "target", tmp_path / "aside"
    aside.mkdir()
    write_tree(fresh, {"a": b"new", "b": b"new", "c": b"new"})
    write_tree(target, {"a": b"old", "b": b"old"})
    rename = Path.rename

    def failing(self: Path, other: Path) -> Path:
        if self == fresh / "b":
            raise OSError("disk trouble")
        return rename(self, other)

    monkeypatch.setattr(Path, "rename", failing)
    with pytest.raises(OSError, match="disk trouble"):
        fetch_corpora.put_in_place(fresh, target, aside)
    assert {path.name: path.read_bytes() for path in target.iterdir()} == {"a": b"old", "b": b"old"}
