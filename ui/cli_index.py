"""`yuanwen doctor`, `rebuild`, `export` and `import`: keeping an index."""
# ruff: noqa: PLC0415 - heavy parts are imported by the commands that use them, to start fast

from __future__ import annotations

from collections import Counter
from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer

from index.errors import UsageError
from rag.settings import load_settings
from ui import bodies, options, terminal
from ui.app import command
from ui.opened import opened_store
from ui.progress import LOADING, counting, waiting


@command("doctor")
def doctor_command(data: options.Data = None, as_json: options.Json = False) -> None:
    """Check that everything in the index holds; say what mends what does not."""
    from index.doctor import examine
    from index.encoder import load_encoder
    from index.identity import identity_of
    from index.tokens import load_tokenizer

    settings = load_settings(data=data)
    encoder = load_encoder(settings.encoder, settings.cache)
    with waiting("Checking…"):
        faults = examine(settings.data, identity_of(encoder, load_tokenizer(settings.data)))
    if as_json:
        terminal.show_json([asdict(fault) for fault in faults])
    elif faults:
        terminal.show(*map(terminal.fault_text, faults))
    else:
        terminal.show(terminal.literal("All is well."))
    if faults:
        raise typer.Exit(1)


@command("rebuild")
def rebuild_command(
    *,
    rechunk: Annotated[
        bool, typer.Option("--rechunk", help="Only if the vectors of unchanged texts can be kept.")
    ] = False,
    reencode: Annotated[bool, typer.Option("--reencode", help="All vectors too.")] = False,
    data: options.Data = None,
    as_json: options.Json = False,
) -> None:
    """Make all that is derived from the stored texts again.

    Chunks and terms are always made anew; vectors where another encoder made them, or the text
    that they stand for has changed. An interrupted run goes on where it was.
    """
    from index.encoder import load_encoder
    from index.rebuild import Mode, rebuild

    if rechunk and reencode:
        raise UsageError("--rechunk keeps vectors and --reencode none.", "Give one of them.")
    settings = load_settings(data=data)
    with waiting(LOADING):
        encoder = load_encoder(settings.encoder, settings.cache)
    mode: Mode = "rechunk" if rechunk else "reencode" if reencode else "as needed"
    with counting() as report:
        documents = rebuild(settings.data, encoder, mode=mode, progress=report)
    _tell("rebuilt", documents, as_json=as_json)


@command("export")
def export_command(
    file: Annotated[Path, typer.Argument(metavar="FILE.jsonl")],
    data: options.Data = None,
    as_json: options.Json = False,
) -> None:
    """Write every document, with its text and all that is known of it, to a file."""
    from index.exchange import export_documents

    documents = export_documents(load_settings(data=data).data, file)
    _tell("exported", documents, as_json=as_json)


def _tell(done: str, documents: int, *, as_json: bool) -> None:
    if as_json:
        terminal.show_json({"documents": documents})
    else:
        terminal.show(terminal.literal(f"{done} {documents} documents"))


@command("import")
def import_command(
    file: Annotated[Path, typer.Argument(metavar="FILE.jsonl")],
    data: options.Data = None,
    as_json: options.Json = False,
) -> None:
    """Add or update the documents that `yuanwen export` wrote to a file: all of them, or none."""
    from index.exchange import read_export

    documents = read_export(file)
    settings = load_settings(data=data)
    with opened_store(settings, write=True) as store, counting() as report:
        outcomes = store.restore(documents, report)
    if as_json:
        terminal.show_json([bodies.outcome_body(outcome) for outcome in outcomes])
    else:
        counts = Counter(outcome.status for outcome in outcomes)
        text = ", ".join(f"{number} {status}" for status, number in sorted(counts.items()))
        terminal.show(terminal.literal(text or "no documents"))
