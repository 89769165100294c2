"""`yuanwen eval`."""
# ruff: noqa: PLC0415 - heavy parts are imported by the command itself, to start fast

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Annotated, get_args

import typer

from index.errors import UsageError
from index.records import Ingredient
from rag.settings import load_settings
from ui import options, terminal
from ui.app import command

INGREDIENTS = ", ".join(get_args(Ingredient))


@command("eval")
def eval_command(
    sets: Annotated[
        list[str] | None, typer.Argument(metavar="SET…", help="Names or files of sets.")
    ] = None,
    *,
    docs: Annotated[
        Path | None, typer.Option("--docs", help="The documents to ask, if not the set's own.")
    ] = None,
    questions: Annotated[
        Path | None, typer.Option("--questions", help="A SQuAD file whose questions are asked.")
    ] = None,
    always_answer: Annotated[bool, typer.Option("--always-answer", help="Refuse nothing.")] = False,
    limit: Annotated[
        int | None, typer.Option("--limit", min=1, help="Ask a sample of this size.")
    ] = None,
    seed: Annotated[int, typer.Option("--seed", help="Which sample.")] = 0,
    withhold: Annotated[
        float,
        typer.Option("--withhold", help="Leave out this share of a SQuAD file's articles."),
    ] = 0.0,
    fold: Annotated[
        int | None,
        typer.Option("--fold", min=0, max=2, help="Ask only about this fold of the articles."),
    ] = None,
    other_script: Annotated[
        bool,
        typer.Option("--other-script", help="Ask Chinese questions in the other script."),
    ] = False,
    without_history: Annotated[
        bool, typer.Option("--without-history", help="Ask follow-ups by themselves, to compare.")
    ] = False,
    fit: Annotated[
        bool, typer.Option("--fit", help="Fit the confidence on these sets instead.")
    ] = False,
    check: Annotated[
        bool, typer.Option("--check", help="Have the expected scores drifted? Takes no sets.")
    ] = False,
    legs: Annotated[
        bool,
        typer.Option("--legs", help="Is the hybrid worse than one of its legs? Searches only."),
    ] = False,
    compare: Annotated[
        bool,
        typer.Option("--compare", help="Test two folders of reports, given for sets, in pairs."),
    ] = False,
    ablations: Annotated[
        bool,
        typer.Option("--ablations", help="What is each ingredient worth? Searches only."),
    ] = False,
    retriever: Annotated[
        str | None, typer.Option("--retriever", help="hybrid, bm25, dense or rrf.")
    ] = None,
    without: Annotated[
        str | None,
        typer.Option("--without", metavar="NAMES", help=f"Leave out some of: {INGREDIENTS}."),
    ] = None,
    reader: options.Reader = None,
    out: Annotated[Path | None, typer.Option("--out", help="Write the reports here.")] = None,
    data: options.Data = None,
) -> None:
    """Measure how good the answers are, with error bars."""
    from eval.check import check as check_expected
    from eval.command import evaluate
    from eval.compare import compare as compare_reports
    from eval.datasets import Choices
    from eval.versus import ablate, compare_legs

    sets = sets or []
    settings = load_settings(data=data, retriever=retriever, without=without, reader=reader)
    modes = {"--fit": fit, "--check": check, "--legs": legs, "--ablations": ablations,
             "--compare": compare}  # fmt: skip
    options = {"--docs": docs, "--questions": questions, "--limit": limit, "--withhold": withhold,
               "--fold": None if fold is None else str(fold),
               "--other-script": other_script, "--without-history": without_history,
               "--always-answer": always_answer, "--out": out,
               "--retriever": retriever, "--without": without, "--reader": reader}  # fmt: skip
    _check_options([name for name, given in modes.items() if given], options)
    if compare:
        if len(sets) != 2:
            raise UsageError(
                f"--compare was given {len(sets)} folders.", "Name two: yuanwen eval --compare A B"
            )
        compare_reports(Path(sets[0]), Path(sets[1]), terminal.console())
        return
    if bool(sets) == check:
        raise UsageError(
            "Either name sets to evaluate, or give --check.", "For example: yuanwen eval corpus"
        )
    choices = Choices(docs, questions, limit, seed, withhold, other_script, without_history, fold)
    if check:
        fine = check_expected(settings, terminal.console())
    elif legs:
        fine = compare_legs(sets, settings, choices, terminal.console())
    elif ablations:
        fine = ablate(sets, settings, choices, terminal.console())
    else:
        fine = evaluate(
            sets,
            settings,
            choices,
            always_answer=always_answer,
            fit_confidence=fit,
            out=out,
            console=terminal.console(),
        )
    if not fine:
        raise typer.Exit(1)


# What has no meaning in a mode.
_WITHOUT_MEANING = {
    "--fit": ("--out", "--always-answer"),
    "--legs": ("--out", "--always-answer", "--reader"),
    "--ablations": ("--out", "--always-answer", "--reader"),
}


def _check_options(modes: Sequence[str], options: Mapping[str, object]) -> None:
    """Raises UsageError for what would be ignored."""
    if len(modes) > 1:
        raise UsageError(f"{' and '.join(modes)} are different things.", "Give one of them.")
    for mode in modes:
        ignored = [name for name in _WITHOUT_MEANING.get(mode, options) if options[name]]
        if ignored:
            raise UsageError(f"{mode} has no use for {', '.join(ignored)}.", "Leave it out.")
