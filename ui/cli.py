"""`yuanwen`: the terminal's door.

Exit status 0 (an abstention too), 1 (a runtime failure, a skipped file, a moved or
stale citation), 2 (bad usage).
"""
# ruff: noqa: PLC0415 - heavy parts are imported by the commands that use them, to start fast

from __future__ import annotations

import sys
from io import TextIOWrapper
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from index.errors import NotFoundError, UsageError
from index.records import Filters
from rag.settings import load_settings
from ui import bodies, cli_eval, cli_index, options, terminal  # noqa: F401 - each adds commands
from ui.app import app as app  # noqa: PLC0414 - whoever wants the commands imports it from here
from ui.app import command
from ui.opened import opened_pipeline, opened_store
from ui.progress import counting, waiting

if TYPE_CHECKING:
    from rag.pipeline import Question


def main() -> None:
    """The entry point. A stream that cannot encode a character escapes it instead of failing."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")
    app(prog_name="yuanwen")


def question_of(
    text: str, top_k: int | None, filters: Filters, generator: str | None = None
) -> Question:
    """Bytes that the locale could not decode arrive as surrogates, which no encoder takes."""
    from rag.pipeline import Question

    readable = text.encode("utf-8", "surrogateescape").decode("utf-8", "replace")
    return Question(readable, top_k=top_k, filters=filters, generator=generator)


@command("index")
def index_command(
    paths: Annotated[list[Path], typer.Argument(metavar="PATH…", help="Files and folders.")],
    prune: Annotated[
        bool, typer.Option("--prune", help="Remove documents gone from beneath these paths.")
    ] = False,
    data: options.Data = None,
    as_json: options.Json = False,
) -> None:
    """Add or update documents; what has not changed is left alone."""
    settings = load_settings(data=data)
    _check_paths(paths)
    with opened_store(settings, write=True) as store, counting() as report:
        outcomes = store.add(paths, prune=prune, progress=report)
    if as_json:
        terminal.show_json([bodies.outcome_body(outcome) for outcome in outcomes])
    else:
        terminal.show_outcomes(outcomes)
    if any(outcome.status == "skipped" for outcome in outcomes):
        raise typer.Exit(1)


def _check_paths(paths: list[Path]) -> None:
    """Before the encoder is loaded and an index is created."""
    for path in paths:
        if not path.exists():
            raise NotFoundError(f"There is no file or folder {path}.", "Check the path.")


@command("ask")
def ask_command(
    question: options.QuestionText,
    *,
    top_k: options.TopK = None,
    documents: options.Documents = None,
    source: options.Source = "",
    date_from: options.DateFrom = "",
    date_to: options.DateTo = "",
    language: options.Language = "",
    generator: Annotated[
        str | None, typer.Option("--generator", help="What writes the answer.")
    ] = None,
    data: options.Data = None,
    as_json: options.Json = False,
) -> None:
    """Answer a question with numbered quotes."""
    from rag.answer import ask_body

    settings = load_settings(data=data)
    filters = Filters(tuple(documents or ()), source, date_from, date_to, language)
    asked = question_of(question, top_k, filters, generator)
    with opened_pipeline(settings) as pipeline:
        answer = pipeline.ask(asked)
    if as_json:
        terminal.show_json(ask_body(answer))
    else:
        terminal.show(terminal.answer_text(answer))
        terminal.show_warnings(answer.warnings)


@command("search")
def search_command(
    question: options.QuestionText,
    *,
    top_k: options.TopK = None,
    documents: options.Documents = None,
    source: options.Source = "",
    date_from: options.DateFrom = "",
    date_to: options.DateTo = "",
    language: options.Language = "",
    data: options.Data = None,
    as_json: options.Json = False,
) -> None:
    """Show hits only, with the scores of both legs."""
    from rag.answer import search_body

    settings = load_settings(data=data)
    filters = Filters(tuple(documents or ()), source, date_from, date_to, language)
    asked = question_of(question, top_k, filters)
    with opened_pipeline(settings) as pipeline:
        found = pipeline.search(asked)
    if as_json:
        terminal.show_json(search_body(found))
    else:
        terminal.show(terminal.hits_text(found.hits))
        terminal.show_warnings(found.warnings)


@command("list")
def list_command(data: options.Data = None, as_json: options.Json = False) -> None:
    """List the documents of the collection."""
    with opened_store(load_settings(data=data)) as store:
        documents = store.documents()
    if as_json:
        terminal.show_json([bodies.info_body(info) for info in documents])
    else:
        terminal.show_documents(documents)


@command("show")
def show_command(
    document_id: options.DocumentId, data: options.Data = None, as_json: options.Json = False
) -> None:
    """Show a document's particulars and its text, with where each chunk begins."""
    with opened_store(load_settings(data=data)) as store:
        document, chunks = store.document(document_id), store.chunks(document_id)
    if as_json:
        terminal.show_json(bodies.document_body(document, chunks))
    else:
        terminal.show(terminal.document_text(document, chunks))


@command("remove")
def remove_command(
    document_id: options.DocumentId, data: options.Data = None, as_json: options.Json = False
) -> None:
    """Remove a document from the collection; its file is left alone."""
    settings = load_settings(data=data)
    with opened_store(settings) as store:
        store.document(document_id)  # else a wrong folder would become an empty index
    with opened_store(settings, write=True) as store:
        removed = store.remove(document_id)
    if as_json:
        terminal.show_json(bodies.info_body(removed))
    else:
        terminal.show(terminal.literal(f"removed {removed.source}"))


@command("verify")
def verify_command(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="- reads standard input.")],
    data: options.Data = None,
    as_json: options.Json = False,
) -> None:
    """Re-check the citations of saved answers: ok, moved or stale.

    FILE holds what `yuanwen ask --json` prints, several of it one after another or in an array,
    or is the answers.jsonl of `yuanwen eval --out`.
    """
    from ui import checked, saved

    answers = saved.read_answers(*_read(file))
    with opened_store(load_settings(data=data)) as store:
        citations = checked.check(store, answers)
    if as_json:
        terminal.show_json(checked.checked_body(citations))
    else:
        checked.show_checked(citations)
    if any(each.verdict.status != "ok" for each in citations):
        raise typer.Exit(1)


def _read(file: Path) -> tuple[bytes, str]:
    """What is in it, and what to call it."""
    if str(file) == "-":
        return sys.stdin.buffer.read(), "standard input"
    try:
        return file.read_bytes(), str(file)
    except FileNotFoundError as error:
        raise NotFoundError(f"There is no file {file}.", "Check the path.") from error
    except OSError as error:
        raise UsageError(f"{file} cannot be read: {error.strerror}.", "Name a file.") from error


@command("serve")
def serve_command(
    host: Annotated[str | None, typer.Option("--host", help="Address to listen on.")] = None,
    port: Annotated[
        int | None, typer.Option("--port", min=0, max=65535, help="0 takes a free one.")
    ] = None,
    data: options.Data = None,
) -> None:
    """Serve the chat and the HTTP API."""
    from ui.http.exposure import check_exposed

    settings = load_settings(data=data, host=host, port=port)
    check_exposed(settings)
    with waiting("Starting…"):
        from ui.server import serve

    serve(settings)


@command("mcp")
def mcp_command(data: options.Data = None) -> None:
    """Serve the collection to assistants by the Model Context Protocol, over stdio."""
    from ui.mcp_server import serve_mcp

    with opened_pipeline(load_settings(data=data)) as pipeline:
        serve_mcp(pipeline)


if __name__ == "__main__":
    main()
