"""`GET` /health, /ready and /metrics."""

from __future__ import annotations

from fastapi import FastAPI, Response
from fastapi.responses import JSONResponse

from ui.bodies import error_body
from ui.http.faults import RETRY_SECONDS
from ui.http.metrics import CONTENT_TYPE
from ui.http.replies import ERRORS, PLAIN, Health, Ready
from ui.http.service import Service


def add_status(app: FastAPI, service: Service) -> None:
    @app.get("/health", responses=ERRORS)
    def health() -> Health:
        """It is up, and the index can be read."""
        return Health(documents=len(service.store.documents()))

    @app.get("/ready", response_model=Ready, responses=ERRORS)
    def ready() -> Response:
        """Are the encoder, the reader and the index in memory? It needs no token."""
        if service.ready:
            return JSONResponse(Ready().model_dump())
        return JSONResponse(
            error_body("not_ready", service.problem, "Ask again soon, or see the server's log."),
            status_code=503,
            headers={"Retry-After": str(RETRY_SECONDS)},
        )

    @app.get("/metrics", response_class=Response, responses={**ERRORS, **PLAIN})
    def metrics() -> Response:
        """For Prometheus: counts and times, and nothing of what was asked."""
        return Response(service.metrics.text(), media_type=CONTENT_TYPE)
