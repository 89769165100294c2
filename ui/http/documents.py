"""`/documents`: list, add, show and remove."""

from __future__ import annotations

from asyncio import wrap_future
from typing import Annotated

from fastapi import FastAPI, File, Request, Response, UploadFile
from fastapi.responses import JSONResponse, PlainTextResponse

from index.records import Chunk, Document
from ui import bodies
from ui.http.replies import ERRORS, PLAIN, DocumentReply, DocumentsReply, Info, UploadReply
from ui.http.service import Service
from ui.http.uploads import add_uploads, remove_upload

MAX_FILES = 50

Files = Annotated[
    list[UploadFile],
    File(max_length=MAX_FILES, description="In any format that is read, up to 64 MiB."),
]


def add_documents(app: FastAPI, service: Service) -> None:
    run, change, store = service.questions.run, service.changes.submit, service.store

    def whole(document_id: str) -> tuple[Document, list[Chunk]]:
        return store.document(document_id), store.chunks(document_id)

    @app.get("/documents", response_model=DocumentsReply, responses=ERRORS)
    async def list_documents(request: Request) -> Response:
        """Every document, sorted by source."""
        found = await run(request, store.documents)
        return JSONResponse({"documents": [bodies.info_body(info) for info in found]})

    @app.post("/documents", response_model=UploadReply, responses=ERRORS)
    async def upload(files: Files) -> Response:
        """Add files. What each of them has become stands in `outcomes`, in their order.

        An upload is finished even where the client does not wait for it.
        """
        added = change(add_uploads, store, files)
        outcomes = await wrap_future(added)
        service.cache.drop_stale()
        return JSONResponse({"outcomes": [outcome.model_dump() for outcome in outcomes]})

    @app.get("/documents/{document_id}", response_model=DocumentReply, responses=ERRORS)
    async def show_document(request: Request, document_id: str) -> Response:
        """A document whole, with where its chunks begin and end."""
        document, chunks = await run(request, whole, document_id)
        return JSONResponse(bodies.document_body(document, chunks))

    @app.get(
        "/documents/{document_id}/text", response_class=Response, responses={**ERRORS, **PLAIN}
    )
    async def show_text(request: Request, document_id: str) -> Response:
        """The text that all positions count in, as it was read."""
        document = await run(request, store.document, document_id)
        return PlainTextResponse(document.text)

    @app.delete("/documents/{document_id}", response_model=Info, responses=ERRORS)
    async def remove(document_id: str) -> Response:
        """Remove a document: from the very next answer it is gone. Its file is left alone."""
        removed = await wrap_future(change(remove_upload, store, document_id))
        service.cache.drop_stale()
        return JSONResponse(bodies.info_body(removed))
