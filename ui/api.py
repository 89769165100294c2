"""The HTTP door: `POST` /ask, /search and /verify, `GET /health`, and the chat mounted at `/`."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from typing import Annotated, Any, Literal

from fastapi import FastAPI, Request, Response
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse, StreamingResponse
from fastapi.routing import APIRoute
from pydantic import BaseModel, ConfigDict, Discriminator, Field, Tag
from starlette.exceptions import HTTPException

from index import errors
from index.records import Filters
from rag.answer import Answer, ask_body, search_body
from rag.pipeline import Pipeline, Question, Turn
from rag.settings import Settings
from ui.bodies import error_body, yuanwen_error_body
from ui.chat import mount_chat
from ui.checked import check, checked_body
from ui.saved import SavedBody

MAX_QUESTION = 2_000
MAX_ANSWER = 20_000
MAX_HISTORY = 20
MAX_DOCUMENTS = 1_000
MAX_ANSWERS = 100

STATUSES: Mapping[type[errors.YuanwenError], int] = {
    errors.YuanwenError: 500,
    errors.UsageError: 400,
    errors.NotFoundError: 404,
    errors.SettingsError: 400,
    errors.FileError: 422,
    errors.EncoderError: 503,
    errors.ReaderError: 503,
    errors.ModelError: 503,
    errors.StoreError: 503,
    errors.StaleIndexError: 503,
    errors.BusyError: 503,
}
CODES = {400: "bad_request", 404: "not_found", 405: "method_not_allowed"}
METHODS = {"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"}

Text = Annotated[str, Field(max_length=MAX_QUESTION)]


class Body(BaseModel):
    model_config = ConfigDict(extra="forbid")


class TurnBody(Body):
    question: Text
    answer: str = Field(max_length=MAX_ANSWER)


# Not checked here: `Filters` says better what is wrong with a date, to every door alike.
Date = Annotated[str, Field(max_length=MAX_QUESTION, description="YYYY, YYYY-MM or YYYY-MM-DD")]


class FiltersBody(Body):
    documents: list[Text] = Field(default=[], max_length=MAX_DOCUMENTS)
    source_prefix: Text = ""
    date_from: Date = ""
    date_to: Date = ""
    language: Text = ""


class SearchBody(Body):
    question: Text
    top_k: Annotated[int, Field(ge=1, strict=True)] | None = None
    history: list[TurnBody] = Field(default=[], max_length=MAX_HISTORY)
    filters: FiltersBody = FiltersBody()

    def asked(self, generator: str | None = None) -> Question:
        filters = self.filters.model_dump()
        return Question(
            self.question,
            top_k=self.top_k,
            history=tuple(Turn(turn.question, turn.answer) for turn in self.history),
            filters=Filters(**{**filters, "documents": tuple(self.filters.documents)}),
            generator=generator,
        )


class AskBody(SearchBody):
    generator: Text | None = None
    stream: bool = False


class SavedBodies(Body):
    answers: list[SavedBody] = Field(max_length=MAX_ANSWERS)


ONE, SEVERAL = "one answer", "several answers"


def _one_or_several(body: Any) -> str:
    return SEVERAL if isinstance(body, dict) and "answers" in body else ONE


VerifyBody = Annotated[
    Annotated[SavedBody, Tag(ONE)] | Annotated[SavedBodies, Tag(SEVERAL)],
    Discriminator(_one_or_several),
]


class Health(BaseModel):
    status: Literal["ok"] = "ok"
    documents: int


def create_app(pipeline: Pipeline, settings: Settings) -> FastAPI:
    """The API and the chat on one app, without FastAPI's own pages: their scripts are on a CDN."""
    app = FastAPI(title="Yuanwen 原文", docs_url=None, redoc_url=None)

    @app.post("/ask")
    def ask(body: AskBody) -> Response:
        answer = pipeline.ask(body.asked(body.generator))
        if body.stream:
            return StreamingResponse(answer_events(answer), media_type="text/event-stream")
        return JSONResponse(ask_body(answer))

    @app.post("/search")
    def search(body: SearchBody) -> Response:
        return JSONResponse(search_body(pipeline.search(body.asked())))

    @app.post("/verify")
    def verify(body: VerifyBody) -> Response:
        """Check saved answers against the stored text: one body of /ask, or several in `answers`.

        Each citation, those of `related` too, is `ok` where its quote, highlights and short
        answers stand where they should; `moved` where they stand elsewhere in the same document,
        with the nearest place; else `stale`, with the reason, and null for a place.
        """
        answers = [body] if isinstance(body, SavedBody) else body.answers
        return JSONResponse(checked_body(check(pipeline.store, answers)))

    @app.get("/health")
    def health() -> Health:
        return Health(documents=len(pipeline.store.documents()))

    for kind, handler in HANDLERS.items():
        app.add_exception_handler(kind, handler)
    _answer_other_methods(app)
    mount_chat(app, pipeline, not_found=_http_error)
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


def _answer_other_methods(app: FastAPI) -> None:
    """Else a wrong method would fall through to the chat, which is mounted at / and says 404."""
    allowed: dict[str, set[str]] = {}
    for route in app.routes:
        if isinstance(route, APIRoute):
            allowed.setdefault(route.path, set()).update(route.methods or ())
    for path, methods in allowed.items():
        refuse = _refusing({"Allow": ", ".join(sorted(methods))})
        app.add_route(path, refuse, methods=sorted(METHODS - methods), include_in_schema=False)


def _refusing(headers: dict[str, str]) -> Callable[[Request], Response]:
    def refuse(request: Request) -> Response:
        raise HTTPException(405, headers=headers)

    return refuse


def _yuanwen_error(request: Request, error: errors.YuanwenError) -> Response:
    return JSONResponse(yuanwen_error_body(error), status_code=STATUSES[type(error)])


def _invalid(request: Request, error: RequestValidationError) -> Response:
    """The first fault only; `!a` because a client's key may hold what UTF-8 cannot."""
    first = error.errors()[0]
    where = ".".join(str(part) for part in first["loc"] if part not in ("body", ONE, SEVERAL))
    message = f"{where!a}: {first['msg']}." if where else f"The body: {first['msg']}."
    return JSONResponse(
        error_body("invalid_request", message, "GET /openapi.json describes every field."),
        status_code=422,
    )


def _http_error(request: Request, error: HTTPException) -> Response:
    message = f"{request.method} {request.url.path}: {error.detail}."
    return JSONResponse(
        error_body(CODES.get(error.status_code, "http_error"), message),
        status_code=error.status_code,
        headers=error.headers,
    )


def _bug(request: Request, error: Exception) -> Response:
    """The traceback goes to the log, never to the client."""
    message = f"An error inside Yuanwen: {type(error).__name__}."
    return JSONResponse(
        error_body("internal", message, "The server's log has the details."), status_code=500
    )


HANDLERS: Mapping[type[Exception], Callable[..., Response]] = {
    errors.YuanwenError: _yuanwen_error,
    RequestValidationError: _invalid,
    HTTPException: _http_error,
    Exception: _bug,
}
