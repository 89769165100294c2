"""What a report's numbers came from: the code, and the hashes of the data."""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Iterable
from hashlib import sha256
from pathlib import Path

from index.records import DocumentInfo, content_hash


def commit_of(folder: Path) -> str | None:
    """The commit checked out in `folder`, with "-dirty" where files differ from it.

    None where the folder is not the top of a repository: an installed package has no commit, and
    that of a project around it would be a wrong one.
    """
    git = shutil.which("git")
    if git is None or not (folder / ".git").exists():
        return None
    described = subprocess.run(  # noqa: S603
        [git, "-C", str(folder), "describe", "--always", "--dirty", "--abbrev=40", "--exclude=*"],
        capture_output=True,
        text=True,
        check=False,
    )
    return described.stdout.strip() or None


def file_hash(path: Path) -> str:
    """Hex SHA-256 of a file's bytes."""
    return sha256(path.read_bytes()).hexdigest()


def documents_hash(documents: Iterable[DocumentInfo]) -> str:
    """One hash of every document's source and canonical text, in the order of the sources."""
    rows = sorted((document.source, document.sha256) for document in documents)
    return content_hash(*(part for row in rows for part in row))
