"""One writer at a time: a lock on a file, which the system releases when its holder dies."""

from __future__ import annotations

import json
import os
import socket
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path

from filelock import FileLock, Timeout

from index.errors import BusyError, StoreError

LOCK = "writer.lock"
# Who holds it stands in a file of its own: Windows lets nobody read a file that is locked.
HOLDER = "writer.json"

_WAIT_SECONDS = 5.0


@contextmanager
def writing(folder: Path, wait: float = _WAIT_SECONDS) -> Iterator[None]:
    """Be the one writer of the index in a folder, which is made if need be.

    Raises BusyError, which says who holds the lock, where nobody lets go of it within `wait`
    seconds, and StoreError where the folder cannot be written to.
    """
    # A lock of another kind, which filelock falls back to, would outlive its holder.
    lock = FileLock(folder / LOCK, timeout=wait, fallback_to_soft=False)
    try:
        folder.mkdir(parents=True, exist_ok=True)
        lock.acquire()
        (folder / HOLDER).write_text(json.dumps(_myself()), "utf-8")
    except Timeout as error:
        raise BusyError(
            f"The index in {folder} is being written to by {_holder(folder)}.",
            "Wait until it has finished, or stop it.",
        ) from error
    except OSError as error:
        lock.release()
        raise StoreError(
            f"The index in {folder} cannot be written to: {error.strerror}.",
            "Check the folder's permissions and the room on its disk, or name another with --data.",
        ) from error
    try:
        yield
    finally:
        (folder / HOLDER).unlink(missing_ok=True)
        lock.release()


def _myself() -> dict[str, str | int]:
    return {
        "pid": os.getpid(),
        "host": socket.gethostname(),
        "command": " ".join([Path(sys.argv[0]).name, *sys.argv[1:]]),
        "since": datetime.now().astimezone().isoformat(timespec="seconds"),
    }


def _holder(folder: Path) -> str:
    """Who holds the lock, as far as that is to be read in this very moment."""
    try:
        found = json.loads((folder / HOLDER).read_text("utf-8"))
        return (
            f"process {found['pid']} on {found['host']} "
            f"(`{found['command']}`, since {found['since']})"
        )
    except (OSError, ValueError, LookupError, TypeError):
        return "another process"
