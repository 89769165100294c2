"""Every error of the HTTP door in its one shape, whatever raised it: one table of statuses."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from fastapi import FastAPI, Request, Response
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from fastapi.routing import APIRoute
from starlette.exceptions import HTTPException

from index import errors
from ui.bodies import error_body, yuanwen_error_body
from ui.http.schemas import ONE, SEVERAL

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
    errors.OverloadError: 503,
}
# What HTTP itself refuses, by status.
CODES: Mapping[int, str] = {
    400: "bad_request",
    401: "unauthorized",
    403: "forbidden",
    404: "not_found",
    405: "method_not_allowed",
    408: "too_slow",
    413: "too_large",
    415: "unsupported_media_type",
    421: "wrong_host",
    429: "too_many_requests",
    499: "client_gone",
}
METHODS = {"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"}
RETRY_SECONDS = 1
BUG_HINT = "The server's log has the details."
# A tag of `Discriminator` is part of where a field stands, and says nothing to a client.
TAGS = {ONE, SEVERAL}


def fault(
    status: int, message: str, hint: str = "", headers: Mapping[str, str] | None = None
) -> Response:
    """A refusal that no exception of Yuanwen's stands behind."""
    body = error_body(CODES.get(status, "http_error"), message, hint)
    return JSONResponse(body, status_code=status, headers=headers)


def install(app: FastAPI) -> None:
    """Call it when every route is there, and before the chat is mounted at `/`."""
    for kind, handler in HANDLERS.items():
        app.add_exception_handler(kind, handler)
    _answer_other_methods(app)


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
    status = STATUSES[type(error)]
    headers = {"Retry-After": str(RETRY_SECONDS)} if status == 503 else None
    return JSONResponse(yuanwen_error_body(error), status_code=status, headers=headers)


def _invalid(request: Request, error: RequestValidationError) -> Response:
    message = first_fault(error.errors())
    return JSONResponse(
        error_body("invalid_request", message, "GET /openapi.json describes every field."),
        status_code=422,
    )


def first_fault(found: Sequence[Any]) -> str:
    """What is wrong with a body, the first of pydantic's errors only; `!a` because a client's key
    may hold what UTF-8 cannot."""
    first = found[0]
    where = ".".join(str(part) for part in first["loc"] if part not in ("body", *TAGS))
    return f"{where!a}: {first['msg']}." if where else f"The body: {first['msg']}."


def http_error(request: Request, error: HTTPException) -> Response:
    message = f"{request.method} {request.url.path}: {error.detail}."
    return fault(error.status_code, message, headers=error.headers)


def bug(request: Request, error: Exception) -> Response:
    """The traceback goes to the log, never to the client."""
    return JSONResponse(error_body("internal", bug_message(error), BUG_HINT), status_code=500)


def bug_message(error: Exception) -> str:
    return f"An error inside Yuanwen: {type(error).__name__}."


HANDLERS: Mapping[type[Exception], Callable[..., Response]] = {
    errors.YuanwenError: _yuanwen_error,
    RequestValidationError: _invalid,
    HTTPException: http_error,
    Exception: bug,
}
