"""What goes over the pipes between child.py and sandbox.py: a length in decimal on a line of its
own, then that many bytes. It stands apart so that the parent loads nothing of what reads files.
"""

from __future__ import annotations

from typing import IO


def read_frame(pipe: IO[bytes]) -> bytes:
    """What the other side wrote; nothing where it has closed the pipe or stopped midway."""
    size = int(pipe.readline() or 0)
    frame = pipe.read(size)
    return frame if len(frame) == size else b""


def write_frame(pipe: IO[bytes], frame: bytes) -> None:
    pipe.write(b"%d\n" % len(frame))
    pipe.write(frame)
    pipe.flush()
