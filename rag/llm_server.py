"""llama.cpp's server for one file, as a child that does not outlive whoever started it.

Run as `python -m rag.llm_server FILE`: prints its address when it is ready, and ends with its
standard input, which closes with the parent, however that ends. (PR_SET_PDEATHSIG is no way: it
follows the thread that started the child, and a server's threads come and go.)
"""

from __future__ import annotations

import atexit
import contextlib
import os
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path
from queue import Empty, Queue
from secrets import token_hex
from threading import Lock, Thread

from index.errors import ModelError, NotFoundError, UsageError

_CONTEXT = 4_096
# In seconds, to read some gigabytes from a disk.
_STARTING = 120.0
_ENDING = 3.0


class ModelServer:
    """A child for a file. Threads may share one; it is started when it is first needed, and again
    after it has died or was stopped."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._lock = Lock()
        self._child: subprocess.Popen[str] | None = None
        self._address: tuple[str, str] = ("", "")
        atexit.register(self.stop)

    def address(self) -> tuple[str, str]:
        """The base URL of the running server, and its key. Raises NotFoundError for a file that is
        not there, UsageError where the binding is not installed, ModelError where it does not
        start."""
        with self._lock:
            if self._child is None or self._child.poll() is not None:
                self._start()
            return self._address

    @property
    def pid(self) -> int | None:
        return self._child.pid if self._child else None

    def stop(self) -> None:
        """End the child, one that hangs too."""
        child, self._child = self._child, None
        if child is None:
            return
        child.kill()
        with contextlib.suppress(subprocess.TimeoutExpired):
            child.wait(_ENDING)
        for stream in (child.stdin, child.stdout):
            if stream:
                with contextlib.suppress(OSError):
                    stream.close()

    def _start(self) -> None:
        if not self._path.is_file():
            raise NotFoundError(f"There is no file {self._path}.", "Check llm.model_path.")
        if find_spec("xllamacpp") is None:
            raise UsageError(
                "llm.model_path needs the package xllamacpp, which is not installed.",
                "pip install 'yuanwen[llm]'",
            )
        self.stop()
        command = [sys.executable, "-m", "rag.llm_server", str(self._path)]
        child = subprocess.Popen(  # noqa: S603
            command,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
            cwd=Path(__file__).parents[1],
        )
        self._child = child
        lines: Queue[str] = Queue()
        Thread(target=_first_line, args=(child, lines), daemon=True).start()
        with contextlib.suppress(Empty):
            url, _, key = lines.get(timeout=_STARTING).partition(" ")
            self._address = url, key
            if key:
                return
        self.stop()
        raise ModelError(
            f"llama.cpp did not start with {self._path}.",
            "Is it a GGUF file of a chat model, and is there memory enough for it?",
        )


def _first_line(child: subprocess.Popen[str], lines: Queue[str]) -> None:
    if child.stdout:
        lines.put(child.stdout.readline().strip())


def main(path: str) -> None:
    import xllamacpp  # noqa: PLC0415 - only the child has it

    # llama.cpp writes on standard output too, which is for the address alone.
    told = os.fdopen(os.dup(1), "w")
    os.dup2(2, 1)
    key = token_hex()  # else whatever runs on this machine, pages in a browser too, could ask it
    params = xllamacpp.CommonParams()
    params.model.path = path
    params.hostnames, params.port, params.api_keys = ["127.0.0.1"], 0, [key]
    params.n_ctx, params.n_parallel = _CONTEXT, 1
    # The prompt takes all cores, the answer leaves one alone: on two that are busy with other work,
    # two threads that wait for each other at every token are half as fast as one. They wait asleep,
    # for by default they spin (docs/experiments.md).
    cores = os.cpu_count() or 1
    params.cpuparams.n_threads, params.cpuparams_batch.n_threads = max(1, cores - 1), cores
    params.cpuparams.poll = params.cpuparams_batch.poll = 0
    params.cache_ram_mib = 0  # else it keeps prompts that were asked, up to 8 GiB of them
    server = xllamacpp.Server(params)
    print(f"{server.listening_address}/v1 {key}", file=told, flush=True)
    sys.stdin.buffer.read()
    os._exit(0)  # llama.cpp's threads would keep it alive


if __name__ == "__main__":
    main(sys.argv[1])
