"""The options and arguments that several commands of the terminal share."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

Data = Annotated[Path | None, typer.Option("--data", help="The folder that holds the index.")]
Json = Annotated[bool, typer.Option("--json", help="Print JSON, for programs.")]
TopK = Annotated[int | None, typer.Option("--top-k", min=1, help="How many hits to consider.")]
Reader = Annotated[
    str | None,
    typer.Option("--reader", help="trained, light, or a .safetensors file with weights."),
]
QuestionText = Annotated[str, typer.Argument(metavar="QUESTION")]
DocumentId = Annotated[str, typer.Argument(metavar="ID", help="As `yuanwen list` shows it.")]

# The filters; what they mean, and which dates are none, stands at index.records.Filters.
Documents = Annotated[
    list[str] | None,
    typer.Option("--document", metavar="ID", help="Only this document; repeat it for several."),
]
Source = Annotated[
    str, typer.Option("--source", metavar="PREFIX", help="Only documents whose source begins so.")
]
DateFrom = Annotated[
    str, typer.Option("--from", metavar="DATE", help="Only documents dated then or later.")
]
DateTo = Annotated[
    str, typer.Option("--to", metavar="DATE", help="Only documents dated then or earlier.")
]
Language = Annotated[
    str, typer.Option("--language", metavar="CODE", help="Only documents in it: zh, zh-Hant, en…")
]
