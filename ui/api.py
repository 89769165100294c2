"""The HTTP door: `POST` /ask, /search and /verify, `GET /health`, and the chat mounted at `/`."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator, Iterator, Mapping
from contextlib import asynccontextmanager
from typing import Any, Literal

from fastapi import FastAPI, Request, Response
from fastapi.responses import JSONResponse, StreamingResponse
from pydantic import BaseModel

from rag.answer import Answer, ask_body, search_body
from rag.pipeline import Pipeline
from rag.settings import Settings
from ui.chat import mount_chat
from ui.checked import check, checked_body
from ui.http import faults
from ui.http.access import Access
from ui.http.headers import SecurityHeaders
from ui.http.limits import BodyLimit
from ui.http.login import add_login
from ui.http.schemas import AskBody, SearchBody, VerifyBody
from ui.http.workers import Workers
from ui.saved import SavedBody

# Two cores: while one question is in the network, another is prepared.
THREADS, WAITING = 2, 32


class Health(BaseModel):
    status: Literal["ok"] = "ok"
    documents: int


def create_app(pipeline: Pipeline, settings: Settings) -> FastAPI:
    """The API and the chat on one app, without FastAPI's own pages: their scripts are on a CDN."""
    workers = Workers(THREADS, WAITING)

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        yield
        workers.close()

    app = FastAPI(title="Yuanwen 原文", docs_url=None, redoc_url=None, lifespan=lifespan)

    @app.post("/ask")
    async def ask(request: Request, body: AskBody) -> Response:
        answer = await workers.run(request, pipeline.ask, body.asked(body.generator))
        if body.stream:
            return StreamingResponse(answer_events(answer), media_type="text/event-stream")
        return JSONResponse(ask_body(answer))

    @app.post("/search")
    async def search(request: Request, body: SearchBody) -> Response:
        return JSONResponse(search_body(await workers.run(request, pipeline.search, body.asked())))

    @app.post("/verify")
    async def verify(request: Request, body: VerifyBody) -> Response:
        """Check saved answers against the stored text: one body of /ask, or several in `answers`.

        Each citation, those of `related` too, is `ok` where its quote, highlights and short
        answers stand where they should; `moved` where they stand elsewhere in the same document,
        with the nearest place; else `stale`, with the reason, and null for a place.
        """
        answers = [body] if isinstance(body, SavedBody) else body.answers
        return JSONResponse(
            checked_body(await workers.run(request, check, pipeline.store, answers))
        )

    @app.get("/health")
    def health() -> Health:
        return Health(documents=len(pipeline.store.documents()))

    add_login(app, settings)
    faults.install(app)
    mount_chat(app, pipeline, not_found=faults.http_error)
    # The last one added is the first that a request passes.
    app.add_middleware(BodyLimit)
    app.add_middleware(Access, settings=settings)
    app.add_middleware(SecurityHeaders)
    return app


def answer_events(answer: Answer) -> Iterator[str]:
    """Server-sent events: the answer piece by piece, then its whole body, then the end."""
    for segment in answer.segments:
        markers = "".join(f"[{n}]" for n in segment.citations)
        yield f"event: token\ndata: {_json({'text': segment.text + markers})}\n\n"
    yield f"event: answer\ndata: {_json(ask_body(answer))}\n\n"
    yield "data: [DONE]\n\n"


def _json(body: Mapping[str, Any]) -> str:
    return json.dumps(body, ensure_ascii=False)
