"""The bodies that clients send, each field with its limit."""

from __future__ import annotations

from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Discriminator, Field, Tag

from index.records import Filters
from rag.pipeline import Question, Turn
from ui.saved import SavedBody

MAX_QUESTION = 2_000
MAX_ANSWER = 20_000
MAX_HISTORY = 20
MAX_DOCUMENTS = 1_000
MAX_ANSWERS = 100

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
