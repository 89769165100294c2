"""A path to the files beneath it, and a file to the sources that it holds."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path, PurePosixPath

from index.errors import FileError, NotFoundError
from index.load import limits
from index.load.archive import HIDDEN, Part, parts_of


def find_files(paths: Sequence[Path]) -> list[tuple[Path, str]]:
    """Every file beneath the paths with its source, sorted by source; hidden ones are left out.

    A source is the path relative to the folder that was named, or a named file's own name. Links
    to folders are not followed; `read_parts` refuses links that lead out of the folder.
    Raises NotFoundError for a path that is not there, before anything is read.
    """
    found: dict[Path, str] = {}
    for path in paths:
        if not path.exists():
            raise NotFoundError(f"There is no file or folder {path}.", "Check how it is written.")
        root = path.resolve()
        if path.is_file():
            found[root] = path.name
        else:
            found.update((file, file.relative_to(root).as_posix()) for file in _walk(root))
    return sorted(found.items(), key=lambda item: item[1])


def _walk(root: Path) -> Iterator[Path]:
    for file in sorted(root.rglob("*")):
        hidden = any(part.startswith(HIDDEN) for part in file.relative_to(root).parts)
        if file.is_file() and not hidden:
            yield file


def read_file(path: Path) -> bytes:
    """The bytes of a file. Raises FileError where it is too large or cannot be read."""
    try:
        limits.check_size(path.stat().st_size)
        return path.read_bytes()
    except OSError as error:
        raise FileError(
            f"it cannot be read: {error.strerror}.", "Check its permissions."
        ) from error


def read_parts(path: Path, source: str) -> Iterator[Part]:
    """What `parts_of` finds in a file that `find_files` found."""
    try:
        data = _read_within(path, source)
    except FileError as error:
        yield source, error
    else:
        yield from parts_of(data, source)


def _read_within(path: Path, source: str) -> bytes:
    root = path.parents[len(PurePosixPath(source).parts) - 1]
    if not path.resolve().is_relative_to(root):
        raise FileError("it is a link that leads out of the folder.", "Index what it leads to.")
    return read_file(path)
