"""Zip containers (archives, DOCX, XLSX, EPUB), opened only where their sums are sound.

What a container says of its sizes can be believed: Python's zipfile hands out no more bytes of a
member than the container says that it has.
"""

from __future__ import annotations

import struct
import zlib
from io import BytesIO
from zipfile import ZIP_DEFLATED, ZIP_STORED, BadZipFile, ZipFile, ZipInfo

from index.errors import FileError
from index.load import limits

ENCRYPTED = 0x1
_BEGINNINGS = (b"PK\x03\x04", b"PK\x05\x06")
_DIRECTORY_ENTRY = b"PK\x01\x02"
# What zipfile lets through where the bytes are not what they should be.
_BROKEN = (BadZipFile, EOFError, OSError, ValueError, NotImplementedError, struct.error, zlib.error)
_DAMAGED = "Make it again, or open and save it with the program that made it."


def is_container(data: bytes) -> bool:
    return data.startswith(_BEGINNINGS)


def open_container(data: bytes) -> ZipFile:
    """Raises FileError where it is damaged, lists too much, or would expand too far."""
    # zipfile makes an object of every entry before anything can be asked; an entry that lies in a
    # stored member counts too, so this is only an upper bound.
    entries = data.count(_DIRECTORY_ENTRY)
    if entries > 10 * limits.MEMBERS:
        raise _too_many(entries)
    try:
        container = ZipFile(BytesIO(data))
    except _BROKEN as error:
        raise FileError(f"it is a damaged zip container: {error}.", _DAMAGED) from error
    members = container.infolist()
    if len(members) > limits.MEMBERS:
        raise _too_many(len(members))
    expanded = sum(member.file_size for member in members)
    if expanded > limits.EXPANDED:
        raise FileError(
            f"it would expand to {expanded:,} bytes; the limit is {limits.EXPANDED:,}.",
            "Split it into parts.",
        )
    # Zip bombs list the same bytes many times; honest members lie side by side.
    if sum(member.compress_size for member in members) > len(data):
        raise FileError("its members overlap, as those of zip bombs do.", _DAMAGED)
    return container


def check_members(container: ZipFile) -> None:
    """For a format that needs all of its members. Raises FileError as `member_bytes` does."""
    for member in container.infolist():
        _check(member)


def member_bytes(container: ZipFile, member: ZipInfo) -> bytes:
    """Raises FileError where it is encrypted, damaged or too large, or expands like a bomb."""
    _check(member)
    try:
        return container.read(member)
    except _BROKEN as error:
        raise FileError(f"it is damaged: {error}.", _DAMAGED) from error


def _check(member: ZipInfo) -> None:
    size, packed = member.file_size, member.compress_size
    if member.flag_bits & ENCRYPTED:
        raise FileError("it is encrypted.", "Save it without a password.")
    if member.compress_type not in {ZIP_STORED, ZIP_DEFLATED}:
        raise FileError(
            f"it is packed by zip's method {member.compress_type}; only deflate is read.",
            "Pack it with the ordinary method.",
        )
    if size > limits.BYTES:
        raise FileError(
            f"{member.filename} would expand to {size:,} bytes; the limit is {limits.BYTES:,}.",
            "Split it into parts.",
        )
    if size > limits.RATIO_FROM and size > limits.RATIO * packed:
        raise FileError(
            f"{member.filename} would expand {packed:,} bytes to {size:,}, more than "
            f"{limits.RATIO}-fold, as zip bombs do.",
            "Leave it out.",
        )


def _too_many(members: int) -> FileError:
    return FileError(
        f"it lists {members:,} members; the limit is {limits.MEMBERS:,}.", "Split it into parts."
    )
