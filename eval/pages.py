"""Tables as a Markdown page, and as an HTML page that needs no other file."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from html import escape

_STYLE = """
body { font: 15px/1.5 system-ui, sans-serif; margin: 2rem auto; max-width: 72rem; padding: 0 1rem }
table { border-collapse: collapse; margin-bottom: 1rem }
td, th { border-bottom: 1px solid #ddd; padding: .2rem .8rem .2rem 0; text-align: left }
.plots { display: flex; flex-wrap: wrap; gap: 1rem }
figure { margin: 0 } svg { max-width: 100%; height: auto }
"""


@dataclass(frozen=True, slots=True)
class Table:
    title: str
    header: Sequence[str]
    rows: Sequence[Sequence[str]]
    note: str = ""


def markdown_page(title: str, tables: Sequence[Table]) -> str:
    """GitHub's Markdown."""
    return "\n".join([f"# {title}\n", *map(_markdown_table, tables)])


def html_page(title: str, tables: Sequence[Table], plots: Mapping[str, str]) -> str:
    """`plots` maps captions to inline SVG."""
    figures = "".join(
        f"<figure>{svg}<figcaption>{escape(caption)}</figcaption></figure>\n"
        for caption, svg in plots.items()
    )
    return (
        '<!doctype html>\n<html lang="en">\n<head><meta charset="utf-8">'
        f"<title>{escape(title)}</title><style>{_STYLE}</style></head>\n"
        f'<body>\n<h1>{escape(title)}</h1>\n<div class="plots">\n{figures}</div>\n'
        f"{''.join(map(_html_table, tables))}</body>\n</html>\n"
    )


def _markdown_table(table: Table) -> str:
    lines = [f"## {table.title}\n", *([f"{table.note}\n"] if table.note else [])]
    rows = [table.header, ["---"] * len(table.header), *table.rows]
    lines += ["| " + " | ".join(map(_markdown_cell, row)) + " |" for row in rows]
    return "\n".join(lines) + "\n"


def _markdown_cell(text: str) -> str:
    return text.replace("|", "\\|").replace("\n", " ")


def _html_table(table: Table) -> str:
    def row(cells: Sequence[str], tag: str) -> str:
        return "<tr>" + "".join(f"<{tag}>{escape(cell)}</{tag}>" for cell in cells) + "</tr>\n"

    note = f"<p>{escape(table.note)}</p>\n" if table.note else ""
    body = "".join(row(cells, "td") for cells in table.rows)
    return (
        f"<h2>{escape(table.title)}</h2>\n{note}<table>\n{row(table.header, 'th')}{body}</table>\n"
    )
