"""Progress on stderr, for people only: nothing is drawn where stderr is no terminal."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from rich.progress import BarColumn, Progress, TaskProgressColumn, TextColumn, TimeRemainingColumn

from ui.terminal import console, literal

Report = Callable[[int, int, str], None]

LOADING = "Loading the encoder (made once, the first time)…"


@contextmanager
def waiting(message: str) -> Iterator[None]:
    """Say what takes so long, as long as it takes."""
    err = console(stderr=True)
    if not err.is_terminal:
        yield
        return
    with err.status(literal(message)):
        yield


@contextmanager
def counting() -> Iterator[Report]:
    """Yield `report(done, all, what)`, which draws a bar and estimates how long it will take."""
    err = console(stderr=True)
    columns = (
        BarColumn(),
        TaskProgressColumn(),
        TimeRemainingColumn(),
        TextColumn("{task.description}", markup=False),
    )
    with Progress(*columns, console=err, transient=True, disable=not err.is_terminal) as bar:
        task = bar.add_task("", total=None)

        def report(done: int, every: int, what: str) -> None:
            bar.update(task, completed=done, total=every, description=literal(what).plain)

        yield report
