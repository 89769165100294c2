"""The SDK's own client against `yuanwen mcp`, as an assistant starts it."""

from __future__ import annotations

import asyncio
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

from mcp import Client, StdioServerParameters
from mcp.types import CallToolResult, TextContent

from tests.ui.conftest import ROOT
from tests.ui.fakes import DOCUMENT, QUOTE, FakePipeline
from ui.mcp_server import make_server


def text_of(result: CallToolResult) -> str:
    return "".join(part.text for part in result.content if isinstance(part, TextContent))


def test_tools_of_a_real_process(data: Path) -> None:
    environment = {
        **{name: value for name, value in os.environ.items() if not name.startswith("YUANWEN_")},
        "YUANWEN_ENCODER": "hash",
        "YUANWEN_READER": "light",
        "YUANWEN_THRESHOLD": "0",
    }
    command = ["-m", "ui.cli", "mcp", "--data", str(data)]
    server = StdioServerParameters(
        command=sys.executable, args=command, env=environment, cwd=str(ROOT)
    )

    async def talk() -> None:
        async with Client(server) as client:
            tools = {tool.name for tool in (await client.list_tools()).tools}
            assert tools == {"ask", "search", "get_document"}
            question = {"question": "大善县的人口是多少？"}
            answer: Any = (await client.call_tool("ask", question)).structured_content
            [citation] = answer["citations"]
            assert citation["quote"] == "大善县的人口是45万人。"
            found: Any = (await client.call_tool("search", question)).structured_content
            assert citation["document_id"] in {hit["document_id"] for hit in found["hits"]}
            named = {"document_id": citation["document_id"]}
            shown: Any = (await client.call_tool("get_document", named)).structured_content
            start, end = citation["start"], citation["end"]
            assert shown["text"][start:end] == citation["quote"]

    asyncio.run(talk())


def test_what_cannot_be_done_is_told(pipeline: FakePipeline) -> None:
    async def talk() -> None:
        async with Client(make_server(pipeline.typed)) as client:
            refused: list[tuple[str, dict[str, Any], str]] = [
                ("get_document", {"document_id": "nothing"}, "There is no document 'nothing'."),
                ("ask", {"question": " "}, "The question is empty."),
                ("ask", {"question": "长" * 2_001}, "2000"),
                ("search", {"question": "q", "top_k": 51}, "50"),
            ]
            for tool, arguments, said in refused:
                result = await client.call_tool(tool, arguments)
                assert result.is_error
                assert said in text_of(result)
            pipeline.error = RuntimeError("secret")
            failed = await client.call_tool("ask", {"question": "q"})
            assert failed.is_error
            assert "secret" not in text_of(failed)

    asyncio.run(talk())


def test_a_document_is_whole(pipeline: FakePipeline) -> None:
    async def talk() -> None:
        async with Client(make_server(pipeline.typed)) as client:
            result = await client.call_tool("get_document", {"document_id": DOCUMENT.id})
            shown: Any = result.structured_content
            assert QUOTE in shown["text"]

    asyncio.run(talk())


def test_without_the_package_the_message_names_it(data: Path) -> None:
    hidden = "import sys; sys.modules['mcp'] = None; from ui.cli import main; main()"
    result = subprocess.run(
        [sys.executable, "-c", hidden, "mcp", "--data", str(data)],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert result.returncode == 2
    assert "pip install 'yuanwen[mcp]'" in result.stderr
