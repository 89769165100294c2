"""How much one file may ask for. Each limit has a FileError that names it where it is met."""

from __future__ import annotations

from index.errors import FileError

MIB = 1024 * 1024

# A file, or a member of an archive, in bytes: about thirty novels.
BYTES = 64 * MIB
# The canonical text of one document, in code points.
CHARACTERS = 20_000_000
PAGES = 5_000

# An archive, or a format that is one inside. Deflate shrinks text by 3 to 20, and tables of like
# rows by 100; a bomb is made of what it shrinks by 1,000. Small members may shrink as they like.
EXPANDED = 512 * MIB
RATIO = 200
RATIO_FROM = MIB
MEMBERS = 10_000
NESTING = 3

# Of the child process that reads: for one file, beyond what it holds before the first.
SECONDS = 120
MEMORY = 1024 * MIB


def check_size(size: int) -> None:
    """Raises FileError where a file of so many bytes is too large to be read."""
    if size > BYTES:
        raise FileError(f"it has {size:,} bytes; the limit is {BYTES:,}.", "Split it into parts.")
