"""The HTTP door: every route of the API, and the chat mounted at `/`, behind one line of guards."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from fastapi import FastAPI

from rag.pipeline import Pipeline
from rag.settings import Settings
from ui.chat import mount_chat
from ui.http import faults
from ui.http.access import Access
from ui.http.asking import add_asking
from ui.http.completions import add_completions
from ui.http.documents import add_documents
from ui.http.headers import SecurityHeaders
from ui.http.limits import BodyLimit
from ui.http.login import add_login
from ui.http.record import Record
from ui.http.service import Asking, Service
from ui.http.status import add_status


def create_app(pipeline: Pipeline, settings: Settings) -> FastAPI:
    """The API and the chat on one app, without FastAPI's own pages: their scripts are on a CDN."""
    service = Service(pipeline, settings)

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        service.questions.submit(service.warm)
        yield
        service.close()

    app = FastAPI(
        title="Yuanwen 原文",
        description="Questions about your own documents, answered in the documents' own words.",
        docs_url=None,
        redoc_url=None,
        lifespan=lifespan,
    )
    add_asking(app, service)
    add_documents(app, service)
    add_completions(app, service)
    add_status(app, service)
    add_login(app, settings)
    faults.install(app)
    mount_chat(app, Asking(service), pipeline, not_found=faults.http_error)
    # The last one added is the first that a request passes.
    app.add_middleware(BodyLimit)
    app.add_middleware(Access, settings=settings)
    app.add_middleware(Record, metrics=service.metrics)
    app.add_middleware(SecurityHeaders)
    return app
