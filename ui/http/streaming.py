"""An answer as server-sent events."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from fastapi.responses import StreamingResponse

from rag.answer import Answer, ask_body

DONE = "data: [DONE]\n\n"


def event(body: Mapping[str, Any], name: str = "") -> str:
    """One line of data, whatever the body holds: JSON escapes line ends."""
    data = f"data: {json.dumps(body, ensure_ascii=False)}\n\n"
    return f"event: {name}\n{data}" if name else data


def answer_events(answer: Answer) -> Iterator[str]:
    """The answer piece by piece, then its whole body, then the end."""
    for segment in answer.segments:
        yield event({"text": segment.marked}, "token")
    yield event(ask_body(answer), "answer")
    yield DONE


def stream(events: Iterable[str]) -> StreamingResponse:
    """It ends early where the client goes away. Proxies are asked to pass each event on."""

    async def sent() -> Any:
        for each in events:
            yield each

    return StreamingResponse(
        sent(), media_type="text/event-stream", headers={"X-Accel-Buffering": "no"}
    )
