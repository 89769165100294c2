"""Zip archives: their members one after another, unpacked in memory and never to the disk."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from stat import S_ISLNK
from zipfile import ZipFile, ZipInfo

from index.errors import FileError
from index.load import limits
from index.load.containers import is_container, member_bytes, open_container
from index.load.kinds import ARCHIVE, kind_of_container

_UTF8_NAME = 0x800
_NAME_ENCODINGS = ("utf-8", "gb18030")

# What systems and programs put beside the documents: dot files, Office's locks, macOS's forks.
HIDDEN = (".", "~$", "__MACOSX")

Part = tuple[str, bytes | FileError]


@dataclass
class _Budget:
    """What all archives within one file may still spend; `names` are the sources given out."""

    bytes: int
    members: int
    names: set[str] = field(default_factory=set)

    @property
    def spent(self) -> bool:
        return self.members < 0 or self.bytes < 0


def parts_of(data: bytes, source: str) -> Iterator[Part]:
    """The sources that a file's bytes hold, each with its own bytes or why they cannot be had.

    An archive holds one a member, `archive.zip/inner/name.md`, archives in it included; anything
    else holds itself. Hidden members are left out, as hidden files are. Of an archive one member
    is in memory at a time.
    """
    try:
        limits.check_size(len(data))
    except FileError as error:
        yield source, error
    else:
        yield from _parts(data, source, 1, _Budget(limits.EXPANDED, limits.MEMBERS))


def _parts(data: bytes, source: str, depth: int, budget: _Budget) -> Iterator[Part]:
    if not is_container(data):
        yield source, data
        return
    try:
        container = open_container(data)
        if kind_of_container(container) != ARCHIVE:
            yield source, data
            return
        if depth > limits.NESTING:
            raise FileError(
                f"it is an archive {depth} archives deep; the limit is {limits.NESTING}.",
                "Unpack the outer ones.",
            )
    except FileError as error:
        yield source, error
        return
    with container:
        for member in container.infolist():
            yield from _member(container, member, source, depth, budget)
            if budget.spent:
                return


def _member(
    container: ZipFile, member: ZipInfo, source: str, depth: int, budget: _Budget
) -> Iterator[Part]:
    steps = _name(member).replace("\\", "/").split("/")
    # As it is shown: without what would lead elsewhere.
    shown = [step for step in steps if step not in {"", ".", ".."}]
    if member.is_dir() or not shown or any(step.startswith(HIDDEN) for step in shown):
        return
    inner = "/".join([source, *shown])
    try:
        _check(member, steps, budget, inner)
        data = member_bytes(container, member)
    except FileError as error:
        yield inner, error
    else:
        yield from _parts(data, inner, depth + 1, budget)


def _check(member: ZipInfo, steps: list[str], budget: _Budget, inner: str) -> None:
    if ".." in steps or steps[0] == "" or steps[0].endswith(":"):
        raise FileError(
            f"its name in the archive leads out of it: {member.filename!r}.",
            "Pack it under a plain name.",
        )
    if S_ISLNK(member.external_attr >> 16):
        raise FileError("it is a link.", "Pack the file itself.")
    if inner in budget.names:
        raise FileError("the archive has another member of that name.", "Pack it once.")
    budget.names.add(inner)
    budget.members -= 1
    budget.bytes -= member.file_size
    if budget.spent:
        raise FileError(
            f"with it the archive holds more than {limits.MEMBERS:,} members or "
            f"{limits.EXPANDED:,} bytes, archives in it included; the rest is left out.",
            "Split it into parts.",
        )


def _name(member: ZipInfo) -> str:
    """Zip knows cp437 and UTF-8, but Chinese Windows writes names in its own encoding."""
    name = member.orig_filename.partition("\0")[0]
    if member.flag_bits & _UTF8_NAME:
        return name
    for encoding in _NAME_ENCODINGS:
        try:
            return name.encode("cp437").decode(encoding)
        except UnicodeDecodeError:
            continue
    return name
