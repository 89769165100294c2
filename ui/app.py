"""The terminal's application, and how a command of it is registered."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import ParamSpec

import typer

from index.errors import UsageError, YuanwenError
from ui import bodies, terminal

Parameters = ParamSpec("Parameters")

app = typer.Typer(
    help="Questions about your own documents, answered in the documents' own words.",
    pretty_exceptions_enable=False,
    add_completion=False,
    no_args_is_help=True,
)


def command(
    name: str,
) -> Callable[[Callable[Parameters, None]], Callable[Parameters, None]]:
    """Register a command; what Yuanwen raises on purpose becomes a message and a status."""

    def register(function: Callable[Parameters, None]) -> Callable[Parameters, None]:
        @wraps(function)
        def run(*args: Parameters.args, **kwargs: Parameters.kwargs) -> None:
            try:
                function(*args, **kwargs)
            except YuanwenError as error:
                if kwargs.get("as_json"):
                    terminal.show_json(bodies.yuanwen_error_body(error))
                else:
                    terminal.show(terminal.error_text(error), stderr=True)
                raise typer.Exit(2 if isinstance(error, UsageError) else 1) from error

        app.command(name)(run)
        return run

    return register
