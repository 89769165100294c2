"""The description of the API: true of what is sent, with examples that work, and kept to."""

from __future__ import annotations

from collections import Counter
from typing import Any

import pytest
import schemathesis
from fastapi.testclient import TestClient
from hypothesis import HealthCheck, given, settings
from hypothesis.strategies import sampled_from
from pydantic import BaseModel
from schemathesis import APIOperation, Case, GenerationMode
from schemathesis.core.result import Ok
from schemathesis.specs.openapi.checks import response_schema_conformance

from rag.answer import ask_body
from tests.ui import fakes
from ui.http import replies

SENT: dict[str, type[BaseModel]] = {
    "/documents": replies.DocumentsReply,
    "/health": replies.Health,
    "/ready": replies.Ready,
}


def described(client: TestClient) -> dict[str, Any]:
    body: dict[str, Any] = client.get("/openapi.json").json()
    return body


def test_every_route_says_what_it_returns_and_how_it_fails(client: TestClient) -> None:
    for path, methods in described(client)["paths"].items():
        for method, operation in methods.items():
            assert operation["description"], (method, path)
            responses = operation["responses"]
            assert responses["200"]["content"], (method, path)
            error = responses["4XX"]["content"]["application/json"]["schema"]
            assert error == {"$ref": "#/components/schemas/ErrorBody"}, (method, path)


def test_what_is_asked_comes_with_an_example_that_works(client: TestClient) -> None:
    asking = described(client)["paths"]
    schemas = described(client)["components"]["schemas"]
    for path in ("/ask", "/search", "/v1/chat/completions"):
        content = asking[path]["post"]["requestBody"]["content"]["application/json"]
        schema = content["schema"]
        reference = schema.get("$ref", "").rpartition("/")[2]
        [example] = schema.get("examples") or schemas[reference]["examples"]
        assert client.post(path, json=example).status_code == 200


@pytest.mark.parametrize(
    "answer", [fakes.answered(), fakes.refused(), fakes.chatted(), fakes.doubted()]
)
def test_replies_are_what_they_are_said_to_be(answer: Any) -> None:
    body = ask_body(answer)
    reply = replies.AskReply.model_validate(body, strict=True)
    assert reply.model_dump(exclude_unset=True) == body


def test_replies_of_the_other_routes(client: TestClient) -> None:
    for path, model in SENT.items():
        if (response := client.get(path)).status_code == 200:
            assert (
                model.model_validate(response.json(), strict=True).model_dump() == response.json()
            )
    document = client.get("/documents").json()["documents"][0]["id"]
    replies.DocumentReply.model_validate(client.get(f"/documents/{document}").json(), strict=True)
    asked = client.post("/ask", json={"question": "人口？"}).json()
    replies.SearchReply.model_validate(client.post("/search", json={"question": "人口？"}).json())
    replies.VerifyReply.model_validate(client.post("/verify", json=asked).json(), strict=True)
    replies.ErrorBody.model_validate(client.get("/documents/none").json(), strict=True)


def hostile_requests(served: tuple[str, int], requests: int) -> int:
    """Send as many, half of them as described and half not; how many there were in the end.

    None may be answered by a server's error but 503, and none may take 30 seconds.
    """
    host, port = served
    url = f"http://{host}:{port}"
    schema = schemathesis.openapi.from_url(f"{url}/openapi.json")
    operations = [each.ok() for each in schema.get_all_operations() if isinstance(each, Ok)]
    as_described = sampled_from(operations).flatmap(APIOperation.as_strategy)
    otherwise = sampled_from([each for each in operations if each.body or each.path_parameters])
    statuses: Counter[int] = Counter()

    @settings(
        max_examples=requests,
        derandomize=True,
        database=None,
        deadline=None,
        suppress_health_check=list(HealthCheck),
    )
    @given(as_described | otherwise.flatmap(lambda each: each.as_strategy(GenerationMode.NEGATIVE)))
    def send(case: Case[Any]) -> None:
        response = case.call(base_url=url, timeout=30)
        statuses[response.status_code] += 1
        assert response.status_code < 500 or response.status_code == 503, response.text
        if response.status_code >= 400:
            replies.ErrorBody.model_validate_json(response.content)
        else:
            case.validate_response(response, checks=[response_schema_conformance])

    send()
    assert statuses[200]
    return statuses.total()


def test_two_hundred_hostile_requests(served: tuple[str, int]) -> None:
    assert hostile_requests(served, 200) >= 200


@pytest.mark.soak
def test_five_thousand_hostile_requests(served: tuple[str, int]) -> None:
    assert hostile_requests(served, 5_000) >= 5_000
