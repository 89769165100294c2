"""The browser's door: a page that asks, and shows every answer beside the text it stands in."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any, Protocol, cast

import gradio as gr
from fastapi import FastAPI, Response
from starlette.routing import Mount

from index.errors import YuanwenError
from rag.answer import Answer
from rag.pipeline import Pipeline, Question, Turn
from ui.examples import example_questions
from ui.render import Exchange, conversation_html, note_html

Conversation = tuple[Exchange, ...]
Handler = Callable[..., Response]

TITLE = "原文 Yuanwen"
EMPTY = "请输入问题。 Please type a question."
TOO_LONG = "问题太长了。 The question is too long."
MAX_QUESTION = 2_000
REMEMBERED = 20

_HERE = Path(__file__).parent
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
_INTRO = """<header class="yw-intro"><h1>{title}</h1>
<p lang="zh-Hans">向文件提问：每个回答都逐字引自原文，并标出它在哪里。</p>
<p lang="en">Ask the documents: every answer is quoted word for word, and shown where it stands.</p>
</header>"""


class Answering(Protocol):
    """The pipeline, or the server's queue before it."""

    def ask(self, question: Question) -> Answer: ...


def respond(
    pipeline: Answering, question: str, conversation: Conversation
) -> Iterator[tuple[str, Conversation, str, str]]:
    """Yield (page, conversation, text box, note): at once with the question, then the answer.

    The conversation goes in and out, so that no two people share one.
    """
    text = question.strip()
    fault = "" if text else EMPTY
    if len(text) > MAX_QUESTION:
        fault = TOO_LONG
    if fault:
        yield conversation_html(conversation), conversation, text, note_html(fault)
        return
    yield conversation_html((*conversation, Exchange(text))), conversation, "", ""
    replied = (*conversation, _reply(pipeline, text, conversation))
    yield conversation_html(replied), replied, "", ""


def _reply(pipeline: Answering, text: str, conversation: Conversation) -> Exchange:
    history = tuple(Turn(each.question, each.answer.text) for each in conversation if each.answer)
    try:
        return Exchange(text, pipeline.ask(Question(text, history=history[-REMEMBERED:])))
    except YuanwenError as error:
        return Exchange(text, problem=f"{error.message} {error.hint}".strip())


def build_chat(pipeline: Answering, examples: Sequence[str]) -> gr.Blocks:
    def ask(question: str, conversation: Conversation) -> Iterator[Any]:
        yield from respond(pipeline, question, conversation)

    chat = gr.Blocks(title=TITLE, analytics_enabled=False, fill_width=True)
    with chat:
        conversation = gr.State(())
        gr.HTML(_INTRO.format(title=TITLE), apply_default_css=False)
        page = gr.HTML(
            elem_id="yw-conversation",
            html_template='<div role="log">${value}</div>',
            apply_default_css=False,
            js_on_load=(_HERE / "chat.js").read_text("utf-8"),
        )
        with gr.Column(elem_id="yw-composer"):
            box = gr.Textbox(
                placeholder="输入问题 / Ask a question",
                label="问题 Question",
                show_label=False,
                lines=1,
                max_lines=5,
                max_length=MAX_QUESTION,
                submit_btn="提问 Ask",
                autofocus=True,
            )
            note = gr.HTML(
                elem_id="yw-note",
                html_template='<div role="status">${value}</div>',
                apply_default_css=False,
            )
        with gr.Row(elem_id="yw-examples"):
            buttons = [gr.Button(example, size="sm") for example in examples]
        for source, event in [(box, box.submit), *((each, each.click) for each in buttons)]:
            event(
                ask,
                inputs=[source, conversation],
                outputs=[page, conversation, box, note],
                show_progress="hidden",
                api_visibility="private",
                concurrency_limit=None,
            )
    return chat


def mount_chat(
    app: FastAPI, answering: Answering, pipeline: Pipeline, *, not_found: Handler
) -> None:
    """Mount the chat at `/`, behind every route that the app already has, and keep Gradio's app
    as `app.state.chat`. What is asked goes to `answering`; the examples are the pipeline's.

    In an event loop, since Gradio without one makes some of its own and never closes them.
    """

    async def mount() -> None:
        gr.mount_gradio_app(
            app,
            build_chat(answering, example_questions(pipeline)),
            path="/",
            theme=gr.themes.Base(font=_FONTS, neutral_hue="stone").set(
                body_background_fill="#faf8f4", body_background_fill_dark="#191715"
            ),
            css_paths=[_HERE / "chat.css"],
            app_kwargs={"exception_handlers": {404: not_found}},
            footer_links=[],
            run_history=False,
            ssr_mode=False,
            show_error=False,
        )

    asyncio.run(mount())
    app.state.chat = cast("Mount", app.routes[-1]).app
