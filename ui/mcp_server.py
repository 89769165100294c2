"""`yuanwen mcp`: the collection for assistants, by the Model Context Protocol over stdio.

Whoever starts it reads what it reads, so it has no tokens; it changes nothing.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Annotated, ParamSpec, TypeVar

from pydantic import Field

from index.errors import UsageError, YuanwenError
from rag.answer import ask_body, search_body
from rag.pipeline import Pipeline, Question
from ui.bodies import document_body
from ui.http.replies import AskReply, DocumentReply, SearchReply
from ui.http.schemas import MAX_QUESTION

try:
    from mcp.server.mcpserver import MCPServer
    from mcp.server.mcpserver.exceptions import ToolError
except ModuleNotFoundError as error:
    raise UsageError(
        f"`yuanwen mcp` needs the package mcp, version 2 or later ({error}).",
        "Install it: pip install 'yuanwen[mcp]'",
    ) from error

Parameters = ParamSpec("Parameters")
Result = TypeVar("Result")
Asked = Annotated[str, Field(min_length=1, max_length=MAX_QUESTION)]
TopK = Annotated[int, Field(ge=1, le=50, description="How many passages to consider")]

INSTRUCTIONS = """Answers from a collection of documents, in their own words. Every citation's
`quote` is exactly the document's text at [start, end), in Unicode code points: quote it as it is.
When `abstained` is true the documents do not say; `related` is what stands nearby."""


def serve_mcp(pipeline: Pipeline) -> None:
    """Until standard input ends. Nothing but the protocol goes to standard output."""
    make_server(pipeline).run("stdio")


def make_server(pipeline: Pipeline) -> MCPServer:
    server: MCPServer = MCPServer("yuanwen", instructions=INSTRUCTIONS, log_level="WARNING")

    @server.tool()
    @_telling
    def ask(question: Asked, top_k: TopK = 5) -> AskReply:
        """Answer a question with verified quotes from the documents, or refuse and say why."""
        return AskReply(**ask_body(pipeline.ask(Question(question, top_k=top_k))))

    @server.tool()
    @_telling
    def search(question: Asked, top_k: TopK = 5) -> SearchReply:
        """The passages that fit a question best, without an answer."""
        return SearchReply(**search_body(pipeline.search(Question(question, top_k=top_k))))

    @server.tool()
    @_telling
    def get_document(document_id: str) -> DocumentReply:
        """A whole document by the id that a citation or a hit names."""
        document, chunks = pipeline.store.document(document_id), pipeline.store.chunks(document_id)
        return DocumentReply(**document_body(document, chunks))

    return server


def _telling(tool: Callable[Parameters, Result]) -> Callable[Parameters, Result]:
    """What Yuanwen raises on purpose reaches the assistant; a bug only the log."""

    @wraps(tool)
    def run(*args: Parameters.args, **kwargs: Parameters.kwargs) -> Result:
        try:
            return tool(*args, **kwargs)
        except YuanwenError as error:
            raise ToolError(f"{error.message} {error.hint}".strip()) from error

    return run
