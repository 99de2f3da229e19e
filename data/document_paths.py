"""Which files the paths on a command line stand for, in which order, and with which ids."""

from __future__ import annotations

import os
import re
import stat
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from avowal.data.utf8 import has_lone_surrogate, printable

_WILDCARD = re.compile(r"[*?\[]")


@dataclass(frozen=True, slots=True)
class SourceFile:
    """A file to read and its id."""

    path: Path
    id: str


@dataclass(frozen=True, slots=True)
class PathProblem:
    """Why there is nothing to read at `path`."""

    path: str
    reason: str


def find_files(
    paths: Sequence[Path], suffixes: Sequence[str]
) -> Iterator[SourceFile | PathProblem]:
    """The files that `paths` name or hold, folders searched through in the order of names.

    A path that does not exist and has ``*``, ``?`` or ``[`` in it is a pattern, ``**`` for any
    number of folders. Hidden files and folders are left out. A file's id is its path relative to
    the folder given, or to the folder before the first wildcard of a pattern, or its name where it
    was given itself. Where two of `paths` would share an id, all the ids of both
    get as many names of enclosing folders in front as tell them apart. A file that two of `paths`
    reach is found once.
    """
    roots = [_Root(path) for path in paths]
    if len(roots) == 1:
        # nothing to tell apart, so nothing to hold in memory
        yield from map(roots[0].source, roots[0].entries(suffixes))
        return
    listings = _listings(roots, suffixes)
    _tell_apart(roots, listings)
    for root, listing in zip(roots, listings, strict=True):
        yield from map(root.source, listing)


def pattern_folder(path: Path) -> Path | None:
    """The folder before the first wildcard of a pattern; None where `path` is none."""
    if not _WILDCARD.search(str(path)) or os.path.lexists(path):
        return None
    fixed = next(i for i, part in enumerate(path.parts) if _WILDCARD.search(part))
    return Path(*path.parts[:fixed])


def explain(error: OSError) -> str:
    """What kept a file from being read, and what to do about it."""
    advice = {
        FileNotFoundError: "check the path",
        NotADirectoryError: "check the path",
        PermissionError: "make it readable for this user",
    }.get(type(error), "check the file and the disk")
    what = error.strerror or str(error)
    return f"{what[:1].lower()}{what[1:]}; {advice}"


class _Root:
    """A path as given: the folder that its ids are relative to, and the file's name if it is one.

    `prefix` is what stands before each id: the names of enclosing folders, none to begin with.
    """

    def __init__(self, path: Path) -> None:
        self.pattern: str | None = None
        self.file: str | None = None
        if _is_folder(path):
            self.folder = path
        elif (folder := pattern_folder(path)) is not None:
            self.folder = folder
            self.pattern = str(Path(*path.parts[len(folder.parts) :]))
        else:
            self.folder, self.file = path.parent, path.name
        self.prefix = ""
        self._depth = 0

    def entries(self, suffixes: Sequence[str]) -> Iterator[str | PathProblem]:
        """The paths of the files, relative to the folder and with forward slashes."""
        if self.pattern is not None:
            return _match(self.folder, self.pattern, suffixes)
        if self.file is None:
            return _walk(self.folder, "", suffixes)
        return iter([_check(self.folder / self.file, self.file, suffixes)])

    def source(self, entry: str | PathProblem) -> SourceFile | PathProblem:
        if isinstance(entry, PathProblem):
            return entry
        return SourceFile(self.folder / entry, self.prefix + entry)

    def deepen(self) -> bool:
        """Put one more enclosing folder before the ids; False where there is none left."""
        enclosing = self.folder.resolve().parts[1:]
        if self._depth == len(enclosing):
            return False
        self._depth += 1
        self.prefix = printable("".join(f"{part}/" for part in enclosing[-self._depth :]))
        return True


def _is_folder(path: Path) -> bool:
    try:
        return path.is_dir()
    except OSError:  # an enclosing folder that may not be entered, or a circle of links
        return False


def _check(path: Path, entry: str, suffixes: Sequence[str]) -> str | PathProblem:
    """`entry` if the file at `path` can be read as far as can be told without opening it."""
    shown = printable(str(path))
    try:
        mode = path.stat().st_mode
    except OSError as error:
        return PathProblem(shown, explain(error))
    except ValueError as error:  # a NUL in the path
        return PathProblem(shown, f"{error}; check the path")
    if not stat.S_ISREG(mode):
        return PathProblem(shown, "neither a file nor a folder; give a file on disk")
    if not _has_suffix(path.name, suffixes):
        return PathProblem(
            shown,
            f"unknown suffix {printable(path.suffix)!r}; convert or rename the file to one of "
            f"{', '.join(suffixes)}",
        )
    if has_lone_surrogate(entry):
        return PathProblem(shown, "the name is not UTF-8, so it cannot be an id; rename it")
    return entry


def _match(folder: Path, pattern: str, suffixes: Sequence[str]) -> Iterator[str | PathProblem]:
    shown = printable(str(folder / pattern))
    found = False
    try:
        matches = sorted(match.relative_to(folder) for match in folder.glob(pattern))
    except (ValueError, NotImplementedError) as error:
        yield PathProblem(shown, f"{error}; check the pattern")
        return
    for match in matches:
        if any(part.startswith(".") for part in match.parts):
            continue
        if not _is_folder(folder / match):
            if _has_suffix(match.name, suffixes):
                found = True
                yield _check(folder / match, match.as_posix(), suffixes)
        elif "**" not in pattern:  # which finds by itself what the folders hold
            found = True
            yield from _walk(folder, match.as_posix(), suffixes)
    if not found:
        yield PathProblem(
            shown,
            f"no article matches this pattern; it must find files ending in {', '.join(suffixes)}",
        )


def _walk(folder: Path, within: str, suffixes: Sequence[str]) -> Iterator[str | PathProblem]:
    found = False
    for item in _visit(folder, within, (os.path.realpath(folder / within),), suffixes):
        found = True
        yield item
    if not found:
        yield PathProblem(
            printable(str(folder / within)),
            f"no article in this folder; it must hold files ending in {', '.join(suffixes)}",
        )


def _visit(
    folder: Path, within: str, chain: tuple[str, ...], suffixes: Sequence[str]
) -> Iterator[str | PathProblem]:
    """The files below `folder`/`within`, an entry each.

    Held of a folder are its names alone: it may have hundreds of thousands. `chain` has the real
    paths of this folder and of those around it, by which a link back to one of them is told.
    """
    # what is still to visit of each folder on the way down, the innermost last
    pending: list[tuple[str, tuple[str, ...], Iterator[str]]] = []

    def enter(entry: str, real: tuple[str, ...]) -> PathProblem | None:
        try:
            with os.scandir(folder / entry) as scan:
                names = sorted(child.name for child in scan if child.name[0] != ".")
        except OSError as error:
            return PathProblem(printable(str(folder / entry)), explain(error))
        pending.append((entry, real, iter(names)))
        return None

    problem = enter(within, chain)
    if problem:
        yield problem
    while pending:
        entry, around, names = pending[-1]
        name = next(names, None)
        if name is None:
            pending.pop()
            continue
        relative = f"{entry}/{name}" if entry else name
        if _is_folder(folder / relative):
            real = os.path.realpath(folder / relative)
            if real not in around and (problem := enter(relative, (*around, real))):
                yield problem
        elif _has_suffix(name, suffixes):
            yield _check(folder / relative, relative, suffixes)


def _has_suffix(name: str, suffixes: Sequence[str]) -> bool:
    return name.lower().endswith(tuple(suffixes))


def _listings(roots: Sequence[_Root], suffixes: Sequence[str]) -> list[list[str | PathProblem]]:
    """What each root lists, without the files that an earlier root lists already."""
    earlier: set[str] = set()
    listings: list[list[str | PathProblem]] = []
    for root in roots:
        reals: set[str] = set()
        listing: list[str | PathProblem] = []
        for entry in root.entries(suffixes):
            if isinstance(entry, str):
                real = os.path.realpath(root.folder / entry)
                if real in earlier:
                    continue
                reals.add(real)
            listing.append(entry)
        earlier |= reals
        listings.append(listing)
    return listings


def _tell_apart(roots: Sequence[_Root], listings: Sequence[Sequence[str | PathProblem]]) -> None:
    """Deepen the roots that share an id with another until none does."""
    while True:
        owners: defaultdict[str, set[int]] = defaultdict(set)
        for index, (root, listing) in enumerate(zip(roots, listings, strict=True)):
            for entry in listing:
                if isinstance(entry, str):
                    owners[root.prefix + entry].add(index)
        sharing = {index for owner in owners.values() if len(owner) > 1 for index in owner}
        deepened = [roots[index].deepen() for index in sorted(sharing)]
        if not any(deepened):
            return
