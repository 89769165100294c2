"""An answer as server-sent events."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator, Mapping
from typing import Any

from fastapi.responses import StreamingResponse

from index.errors import YuanwenError
from rag.answer import Answer, Segment, ask_body
from ui.bodies import yuanwen_error_body

DONE = "data: [DONE]\n\n"


def event(body: Mapping[str, Any], name: str = "") -> str:
    """One line of data, whatever the body holds: JSON escapes line ends."""
    data = f"data: {json.dumps(body, ensure_ascii=False)}\n\n"
    return f"event: {name}\n{data}" if name else data


async def answer_events(told: AsyncIterator[Segment | Answer]) -> AsyncIterator[str]:
    """The answer piece by piece, then its whole body, then the end."""
    async for each in told:
        if isinstance(each, Segment):
            yield event({"text": each.marked}, "token")
        else:
            yield event(ask_body(each), "answer")
    yield DONE


def stream(events: AsyncIterator[str]) -> StreamingResponse:
    """It ends early where the client goes away. Proxies are asked to pass each event on."""

    async def sent() -> AsyncIterator[str]:
        try:
            async for each in events:
                yield each
        except YuanwenError as error:  # the status has been sent
            yield event(yuanwen_error_body(error), "error")

    return StreamingResponse(
        sent(), media_type="text/event-stream", headers={"X-Accel-Buffering": "no"}
    )
