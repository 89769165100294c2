"""A path to the documents beneath it: which files there are, and which reader takes each."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from pathlib import Path, PurePosixPath

from index.errors import FileError, NotFoundError
from index.load.clean import clean
from index.load.content import Content, assemble
from index.load.markdown import read_markdown
from index.load.plain import read_plain
from index.records import Document

READERS: dict[str, Callable[[bytes], Content]] = {
    ".txt": read_plain,
    ".text": read_plain,
    ".md": read_markdown,
    ".markdown": read_markdown,
}
MAX_BYTES = 64 * 1024 * 1024


def find_files(paths: Sequence[Path]) -> list[tuple[Path, str]]:
    """Every file beneath the paths with its source, sorted by source; hidden ones are left out.

    A source is the path relative to the folder that was named, or a named file's own name.
    Links that lead out of a named folder are not followed. Raises NotFoundError for a path that
    is not there, before anything is read.
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
        hidden = any(part.startswith(".") for part in file.relative_to(root).parts)
        if file.is_file() and not hidden and file.resolve().is_relative_to(root):
            yield file


def read_file(path: Path) -> bytes:
    """The bytes of a file. Raises FileError where it is too large or cannot be read."""
    try:
        size = path.stat().st_size
        if size > MAX_BYTES:
            raise FileError(
                f"it has {size:,} bytes; the limit is {MAX_BYTES:,}.", "Split it into parts."
            )
        return path.read_bytes()
    except OSError as error:
        raise FileError(
            f"it cannot be read: {error.strerror}.", "Check its permissions."
        ) from error


def read_parts(path: Path, source: str) -> Iterator[tuple[str, bytes | FileError]]:
    """The sources that a file holds, each with its bytes or why they cannot be had: itself."""
    try:
        yield source, read_file(path)
    except FileError as error:
        yield source, error


def load_document(data: bytes, source: str) -> Document | None:
    """Make a document of a file's bytes; None where its front matter says `index: false`.

    Raises FileError that says why it cannot become one.
    """
    suffix = PurePosixPath(source).suffix.lower()
    reader = READERS.get(suffix)
    if reader is None:
        raise FileError(
            f"no reader for '{suffix or source}' files.",
            f"These can be read: {', '.join(READERS)}.",
        )
    content = reader(data)
    return None if content.meta.get("index") == "false" else assemble(source, clean(content))
