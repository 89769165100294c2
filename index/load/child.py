"""The process that reads files: what is untrusted is parsed here, and what it can use is bounded.

For a source and a file's bytes, each in a frame, it answers in JSON, which is all that its parent
takes from it: {"document": …}, null where the file asks not to be indexed, or
{"error": [message, hint]}.
"""

from __future__ import annotations

import json
import os
import signal
import sys
from dataclasses import fields
from operator import attrgetter
from typing import Any

from index.errors import FileError
from index.load import limits
from index.load.frames import read_frame, write_frame
from index.load.reading import make_document
from index.records import Block, Document

if sys.platform != "win32":
    import resource

_block_values = attrgetter(*(field.name for field in fields(Block)))


def main() -> None:
    """Answer until the parent closes the pipe, or dies."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for the parent, which ends this one
    # A library that prints must not write between the frames.
    answers = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)
    _limit_memory()
    while source := read_frame(sys.stdin.buffer):
        data = read_frame(sys.stdin.buffer)
        answer = json.dumps(
            _answer(data, source.decode("utf-8", "surrogatepass")), ensure_ascii=False
        )
        write_frame(answers, answer.encode("utf-8", "surrogatepass"))


def _answer(data: bytes, source: str) -> dict[str, Any]:
    try:
        document = make_document(data, source)
    except FileError as error:
        return {"error": [error.message, error.hint]}
    except MemoryError:
        return {"error": [f"reading it takes more than {limits.MEMORY:,} bytes.", "Split it."]}
    except RecursionError:
        return {"error": ["its parts are nested too deeply.", "Save it as plain text."]}
    except Exception as error:
        # A file can be broken in more ways than its library knows.
        what = f"{type(error).__name__}: {error}".rstrip(": ")
        found = f"it is damaged, or made in a way that is not known: {what}."
        return {"error": [found, "Open and save it with the program that made it."]}
    return {"document": document and _as_json(document)}


def _as_json(document: Document) -> dict[str, Any]:
    """dataclasses.asdict is too slow for a hundred thousand blocks."""
    values = {field.name: getattr(document, field.name) for field in fields(document)}
    return {**values, "blocks": list(map(_block_values, document.blocks))}


def _limit_memory() -> None:
    """Beyond what is mapped by now; where a system knows no such limit, time alone is one."""
    if sys.platform == "linux":
        with open("/proc/self/statm", encoding="ascii") as sizes:  # noqa: PTH123
            mapped = int(sizes.read().split()[0]) * resource.getpagesize()
        resource.setrlimit(resource.RLIMIT_AS, (mapped + limits.MEMORY,) * 2)
