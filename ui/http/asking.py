"""`POST` /ask, /search and /verify."""

from __future__ import annotations

from typing import Annotated

from fastapi import Body, FastAPI, Request, Response
from fastapi.responses import JSONResponse

from rag.answer import ask_body, search_body
from ui.checked import check, checked_body
from ui.http.replies import (
    ERRORS,
    EVENTS,
    EXAMPLE_QUESTION,
    AskReply,
    Responses,
    SearchReply,
    VerifyReply,
)
from ui.http.schemas import AskBody, SearchBody, VerifyBody
from ui.http.service import Service
from ui.http.streaming import answer_events, stream
from ui.http.telling import hear
from ui.saved import SavedBody

_STREAMED: Responses = {200: {"content": {"text/event-stream": {"example": EVENTS}}}}
_EXAMPLE = Body(examples=[EXAMPLE_QUESTION])


def add_asking(app: FastAPI, service: Service) -> None:
    run, pipeline = service.questions.run, service.pipeline

    @app.post("/ask", response_model=AskReply, responses={**ERRORS, **_STREAMED})
    async def ask(request: Request, body: Annotated[AskBody, _EXAMPLE]) -> Response:
        """Answer in the documents' own words, each quote checked; or refuse, and say why.

        With `"stream": true` the answer comes as server-sent events: `token` with a piece of the
        text, each as soon as it is final, `answer` with the whole body, then `[DONE]`; or `error`
        where it fails after it has begun.
        """
        question = body.asked(body.generator)
        if body.stream:
            told = await hear(request, service.questions, service.ask, question)
            return stream(answer_events(told))
        return JSONResponse(ask_body(await run(request, service.ask, question)))

    @app.post("/search", response_model=SearchReply, responses=ERRORS)
    async def search(request: Request, body: Annotated[SearchBody, _EXAMPLE]) -> Response:
        """The passages that fit best, with the scores of both legs."""
        return JSONResponse(search_body(await run(request, pipeline.search, body.asked())))

    @app.post("/verify", response_model=VerifyReply, responses=ERRORS)
    async def verify(request: Request, body: VerifyBody) -> Response:
        """Check saved answers against the stored text: one body of /ask, or several in `answers`.

        Each citation, those of `related` too, is `ok` where its quote, highlights and short
        answers stand where they should; `moved` where they stand elsewhere in the same document,
        with the nearest place; else `stale`, with the reason, and null for a place.
        """
        answers = [body] if isinstance(body, SavedBody) else body.answers
        return JSONResponse(checked_body(await run(request, check, service.store, answers)))
