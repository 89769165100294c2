"""The browser's door: a page that asks, and shows every answer beside the text it stands in.

Gradio serves the page, ui/page/page.html, and carries what is asked and what comes of it: its
script triggers the events below and gets what they yield, and calls the server's functions.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator
from dataclasses import asdict
from pathlib import Path
from typing import Any, cast

import gradio as gr
from fastapi import FastAPI, Response
from fastapi.staticfiles import StaticFiles
from starlette.routing import Mount

from rag.pipeline import Pipeline
from ui.examples import Examples
from ui.http.service import Asking
from ui.turns import answered, restored

Handler = Callable[..., Response]

TITLE = "原文 Yuanwen"

_PAGE = Path(__file__).parent / "page"
# Not as Gradio's `css`: it rewrites selectors, and takes those with a comma in brackets apart.
_STYLES = "".join(
    f'<link rel="stylesheet" href="page/{name}.css">' for name in ("page", "turn", "windows")
)
_FONTS = (
    "-apple-system",
    "Segoe UI",
    "Roboto",
    "PingFang SC",
    "Microsoft YaHei",
    "Noto Sans CJK SC",
    "system-ui",
    "sans-serif",
)


def build_chat(asking: Asking, pipeline: Pipeline) -> gr.Blocks:
    examples = Examples(pipeline)

    def ask(event: gr.EventData) -> Iterator[Any]:
        for update in answered(asking.stream, pipeline.store, examples, event._data):
            yield {"sent": event._data.get("sent"), **asdict(update)}

    def restore(sent: Any) -> list[dict[str, Any]]:
        return [asdict(update) for update in restored(asking.ask, pipeline.store, sent)]

    def suggest(_: Any) -> list[str]:
        return examples.of_collection()

    chat = gr.Blocks(title=TITLE, analytics_enabled=False, fill_width=True)
    with chat:
        page = gr.HTML(
            elem_id="yuanwen",
            html_template=(_PAGE / "page.html").read_text("utf-8"),
            js_on_load=(_PAGE / "bridge.js").read_text("utf-8"),
            apply_default_css=False,
            server_functions=[restore, suggest],
        )
        asked = page.ask(
            ask,
            outputs=page,
            show_progress="hidden",
            api_visibility="private",
            concurrency_limit=None,
            trigger_mode="multiple",
        )
        page.halt(None, cancels=asked, api_visibility="private")
    return chat


def mount_chat(app: FastAPI, asking: Asking, pipeline: Pipeline, *, not_found: Handler) -> None:
    """Mount the chat at `/`, behind every route that the app already has, and keep Gradio's app
    as `app.state.chat`. What is asked goes to `asking`; documents and examples are the
    pipeline's.

    In an event loop, since Gradio without one makes some of its own and never closes them.
    """
    app.mount("/page", StaticFiles(directory=_PAGE))

    async def mount() -> None:
        gr.mount_gradio_app(
            app,
            build_chat(asking, pipeline),
            path="/",
            theme=gr.themes.Base(font=_FONTS, neutral_hue="stone").set(
                body_background_fill="#faf8f4", body_background_fill_dark="#191715"
            ),
            head=_STYLES,
            app_kwargs={"exception_handlers": {404: not_found}},
            footer_links=[],
            run_history=False,
            ssr_mode=False,
            show_error=False,
        )

    asyncio.run(mount())
    app.state.chat = cast("Mount", app.routes[-1]).app
