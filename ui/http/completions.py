"""OpenAI's `GET /v1/models` and `POST /v1/chat/completions`, for clients that speak that.

A model is a generator. Instructions are ignored: what answers are the documents. The answer's
citations, and whether it is a refusal, stand in fields of their own beside OpenAI's.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from secrets import token_hex
from time import time
from typing import Any, Literal

from fastapi import FastAPI, Request, Response
from fastapi.responses import JSONResponse
from pydantic import BaseModel, ConfigDict, Field

from index.errors import NotFoundError, UsageError
from rag.answer import Answer, Segment, citation_body
from rag.generate import GENERATORS
from rag.pipeline import Question, Turn
from ui.http.replies import ERRORS
from ui.http.schemas import MAX_ANSWER, MAX_HISTORY, MAX_QUESTION
from ui.http.service import Service
from ui.http.streaming import DONE, event, stream
from ui.http.telling import hear

MAX_MESSAGES = 1_000


class Lenient(BaseModel):
    """Clients send many settings of a language model's, which have no meaning here."""

    model_config = ConfigDict(extra="ignore")


class TextPart(Lenient):
    type: Literal["text"]
    text: str = Field(max_length=MAX_ANSWER)


class Message(Lenient):
    role: Literal["system", "developer", "user", "assistant", "tool", "function"]
    content: str | list[TextPart] | None = Field(default=None, max_length=MAX_ANSWER)

    @property
    def text(self) -> str:
        if isinstance(self.content, list):
            return "\n".join(part.text for part in self.content)
        return self.content or ""


class CompletionBody(Lenient):
    model: str
    messages: list[Message] = Field(min_length=1, max_length=MAX_MESSAGES)
    stream: bool = False

    model_config = ConfigDict(
        extra="ignore",
        json_schema_extra={
            "examples": [
                {
                    "model": "extractive",
                    "messages": [{"role": "user", "content": "驿城区的规划面积是多少？"}],
                }
            ]
        },
    )

    def asked(self) -> Question:
        """The last message is the question, the turns before it the history.

        Raises NotFoundError for an unknown model, UsageError where no question comes last.
        """
        if self.model not in GENERATORS:
            raise NotFoundError(
                f"There is no model {self.model!r}.", f"The models are: {', '.join(GENERATORS)}."
            )
        *before, last = self.messages
        if last.role != "user":
            raise UsageError(f"The last message is the {last.role}'s.", "End with the user's.")
        if len(last.text) > MAX_QUESTION:
            raise UsageError(
                f"The question has {len(last.text):,} characters.", f"At most: {MAX_QUESTION:,}."
            )
        return Question(last.text, history=turns(before), generator=self.model)


def turns(messages: Sequence[Message]) -> tuple[Turn, ...]:
    """Each answer with the question that it follows; the latest `MAX_HISTORY` of them."""
    found = []
    question = ""
    for message in messages:
        if message.role == "user":
            question = message.text
        elif message.role == "assistant" and question:
            found.append(Turn(question[:MAX_QUESTION], message.text))
            question = ""
    return tuple(found[-MAX_HISTORY:])


def add_completions(app: FastAPI, service: Service) -> None:
    started = int(time())

    @app.get("/v1/models", responses=ERRORS)
    async def models() -> Response:
        """The generators, as OpenAI lists models."""
        data = [
            {"id": name, "object": "model", "created": started, "owned_by": "yuanwen"}
            for name in GENERATORS
        ]
        return JSONResponse({"object": "list", "data": data})

    @app.post("/v1/chat/completions", responses=ERRORS)
    async def complete(request: Request, body: CompletionBody) -> Response:
        """The last message answered from the documents, with `citations` beside `choices`."""
        question = body.asked()
        if body.stream:
            told = await hear(request, service.questions, service.ask, question)
            return stream(chunks(body.model, told))
        answer = await service.questions.run(request, service.ask, question)
        message = {"role": "assistant", "content": answer.text, "refusal": None}
        choice = {"index": 0, "message": message, "finish_reason": "stop", "logprobs": None}
        return JSONResponse(
            {**_head(body.model, "chat.completion"), "choices": [choice], **_own(answer)}
        )


async def chunks(model: str, told: AsyncIterator[Segment | Answer]) -> AsyncIterator[str]:
    """As events: the role with the first piece, what is not OpenAI's with the last chunk."""
    head = _head(model, "chat.completion.chunk")
    role = {"role": "assistant"}
    async for each in told:
        if isinstance(each, Segment):
            delta = {**role, "content": each.marked}
            yield event({**head, "choices": [{"index": 0, "delta": delta, "finish_reason": None}]})
            role = {}
        else:
            last = {"index": 0, "delta": {}, "finish_reason": "stop"}
            yield event({**head, "choices": [last], **_own(each)})
    yield DONE


def _head(model: str, kind: str) -> dict[str, Any]:
    return {
        "id": f"chatcmpl-{token_hex(12)}",
        "object": kind,
        "created": int(time()),
        "model": model,
    }


def _own(answer: Answer) -> dict[str, Any]:
    return {
        "citations": [citation_body(citation) for citation in answer.citations],
        "abstained": answer.abstained,
        "reason": answer.reason,
        "confidence": answer.confidence,
    }
