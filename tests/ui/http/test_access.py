"""Who gets in, at every route there is: on this machine by its names, elsewhere with a token."""

from __future__ import annotations

from typing import Any

import pytest
from fastapi.routing import APIRoute
from fastapi.testclient import TestClient
from pydantic import SecretStr
from starlette.testclient import WebSocketDenialResponse

from index.errors import SettingsError
from rag.settings import Settings
from tests.ui.http.conftest import TOKEN, WRITE_TOKEN, bearer, opened
from ui.http.access import READING_POSTS, changes
from ui.http.exposure import check_exposed, is_loopback
from ui.http.keys import COOKIE, session_of

ASK = {"question": "面积？"}
GRADIO = ["/", "/config", "/gradio_api/info", "/gradio_api/heartbeat/x", "/gradio_api/file=x"]


def code(response: Any) -> str:
    return str(response.json()["error"]["code"])


@pytest.mark.parametrize(
    "host", ["localhost", "LOCALHOST", "localhost:7860", "127.0.0.1:1", "127.8.8.8", "[::1]:7860"]
)
def test_this_machine_is_called_by_its_names(local: TestClient, host: str) -> None:
    assert local.post("/ask", json=ASK, headers={"Host": host}).status_code == 200


@pytest.mark.parametrize(
    "host",
    ["evil.test", "127.0.0.1.evil.test", "localhost.evil.test:7860", "192.168.1.2", "[::]"],
)
@pytest.mark.parametrize("path", ["/health", *GRADIO])
def test_a_name_made_to_point_here_is_refused(local: TestClient, host: str, path: str) -> None:
    response = local.get(path, headers={"Host": host})
    assert (response.status_code, code(response)) == (421, "wrong_host")


@pytest.mark.parametrize("host", ["", "a b", "localhost:x", "localhost@evil.test", "localhost/"])
def test_a_host_that_is_none(local: TestClient, host: str) -> None:
    assert local.get("/health", headers={"Host": host}).status_code == 400


def test_two_hosts_are_none(local: TestClient) -> None:
    headers = [("Host", "localhost"), ("Host", "evil.test")]
    assert local.get("/health", headers=headers).status_code == 400


@pytest.mark.parametrize(
    "name", ["X-Forwarded-Host", "X-Original-URL", "X-Rewrite-URL", "Forwarded", "X-Real-IP"]
)
def test_other_headers_rename_nothing(local: TestClient, name: str) -> None:
    headers = {"Host": "evil.test", name: "localhost"}
    assert local.get("/health", headers=headers).status_code == 421


@pytest.mark.parametrize(
    "origin",
    ["https://evil.test", "http://127.0.0.1:3000", "http://localhost:7860", "null", "http://[", ""],
)
def test_the_page_of_another_site_may_send_nothing(local: TestClient, origin: str) -> None:
    for path in ("/ask", "/gradio_api/queue/join", "/gradio_api/upload"):
        response = local.post(path, json=ASK, headers={"Origin": origin})
        assert (response.status_code, code(response)) == (403, "forbidden")
    preflight = {"Origin": origin, "Access-Control-Request-Method": "POST"}
    assert local.options("/ask", headers=preflight).status_code == 403


def test_its_own_page_may(local: TestClient) -> None:
    headers = {"Origin": "http://127.0.0.1:7860", "Sec-Fetch-Site": "same-origin"}
    response = local.post("/ask", json=ASK, headers=headers)
    assert response.status_code == 200
    assert not [name for name in response.headers if name.startswith("access-control")]


@pytest.mark.parametrize("site", ["cross-site", "same-site"])
def test_nor_may_it_embed_but_a_link_may_lead_here(local: TestClient, site: str) -> None:
    embedded = {"Sec-Fetch-Site": site, "Sec-Fetch-Mode": "no-cors", "Sec-Fetch-Dest": "image"}
    framed = {"Sec-Fetch-Site": site, "Sec-Fetch-Mode": "navigate", "Sec-Fetch-Dest": "iframe"}
    followed = {**framed, "Sec-Fetch-Dest": "document"}
    assert local.get("/health", headers=embedded).status_code == 403
    assert local.get("/", headers=framed).status_code == 403
    assert local.get("/", headers=followed).status_code == 200


@pytest.mark.parametrize("headers", [{"Host": "evil.test"}, {"Origin": "https://evil.test"}])
def test_websockets_are_no_way_around(local: TestClient, headers: dict[str, str]) -> None:
    with (
        pytest.raises(WebSocketDenialResponse) as refused,
        local.websocket_connect("/gradio_api/queue/join", headers=headers),
    ):
        pass
    assert refused.value.status_code in (403, 421)


@pytest.mark.parametrize("path", ["/health", "/metrics", "/openapi.json", *GRADIO])
def test_without_a_token_nothing_is_shown(guarded: TestClient, path: str) -> None:
    for headers in (
        {},
        bearer("wrong"),
        {"Authorization": f"Basic {TOKEN}"},
        {"Cookie": "yuanwen="},
    ):
        response = guarded.get(path, headers=headers)
        assert (response.status_code, code(response)) == (401, "unauthorized")
        assert response.headers["www-authenticate"] == "Bearer"


def test_every_route_asks_for_a_token(guarded: TestClient) -> None:
    for route in guarded.app.routes:  # type: ignore[attr-defined]
        if isinstance(route, APIRoute) and route.path not in ("/ready", "/login"):
            for method in route.methods or ():
                assert guarded.request(method, route.path).status_code == 401, route.path


def test_a_websocket_needs_one_too(guarded: TestClient) -> None:
    with pytest.raises(WebSocketDenialResponse), guarded.websocket_connect("/x"):
        pass


@pytest.mark.parametrize("token", [TOKEN, WRITE_TOKEN])
def test_a_token_lets_in(guarded: TestClient, token: str) -> None:
    assert guarded.get("/health", headers=bearer(token)).status_code == 200
    assert guarded.post("/ask", json=ASK, headers=bearer(token)).status_code == 200
    assert guarded.get("/", headers=bearer(token)).status_code == 200
    assert guarded.get("/health", headers={"Authorization": f"bearer  {token}"}).status_code == 200


def test_two_authorizations_are_none(guarded: TestClient) -> None:
    headers = [("Authorization", "Bearer no"), ("Authorization", f"Bearer {TOKEN}")]
    assert guarded.get("/health", headers=headers).status_code == 401


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("POST", "/documents"),
        ("DELETE", "/documents/x"),
        ("PUT", "/ask"),
        ("POST", "/gradio_api/upload"),
        ("POST", "/gradio_api/process_recording"),
        ("POST", "/anything/new"),
    ],
)
def test_reading_is_not_changing(guarded: TestClient, method: str, path: str) -> None:
    response = guarded.request(method, path, headers=bearer(TOKEN))
    assert (response.status_code, code(response)) == (403, "forbidden")
    assert guarded.request(method, path, headers=bearer(WRITE_TOKEN)).status_code != 403


@pytest.mark.parametrize("path", ["//documents", "/documents/", "/./documents", "/DOCUMENTS"])
def test_another_way_to_write_a_path_changes_nothing(guarded: TestClient, path: str) -> None:
    assert guarded.post(path, headers=bearer(TOKEN)).status_code == 403


def test_whatever_is_not_listed_counts_as_a_change() -> None:
    assert changes({"method": "POST", "path": "/new"})
    assert changes({"method": "DELETE", "path": "/ask"})
    assert not any(changes({"method": "POST", "path": path}) for path in READING_POSTS)
    assert not changes({"method": "GET", "path": "/new"})
    assert not changes({"path": "/websocket"})


def test_a_browser_is_shown_where_to_log_in(guarded: TestClient) -> None:
    page = guarded.get("/", headers={"Accept": "text/html"})
    assert page.status_code == 401
    assert 'name="token"' in page.text
    wrong = guarded.post("/login", data={"token": "<b>wrong"})
    assert wrong.status_code == 401
    assert "<b>wrong" not in wrong.text
    assert "set-cookie" not in wrong.headers


def test_the_cookie_of_the_login(guarded: TestClient) -> None:
    logged_in = guarded.post("/login", data={"token": TOKEN})
    assert (logged_in.status_code, logged_in.headers["location"]) == (303, "/")
    cookie = logged_in.headers["set-cookie"]
    guarded.cookies.clear()
    assert {"HttpOnly", "SameSite=strict"} <= {part.strip() for part in cookie.split(";")}
    assert TOKEN not in cookie
    held = {"Cookie": cookie.partition(";")[0]}
    assert guarded.get("/", headers=held).status_code == 200
    assert guarded.post("/documents", headers=held).status_code == 403
    elsewhere = {**held, "Origin": "https://evil.test"}
    assert guarded.post("/ask", json=ASK, headers=elsewhere).status_code == 403
    for forged in (session_of("another-token-0123"), TOKEN, '"', "é".encode().decode("latin-1")):
        headers = {"Cookie": f"{COOKIE}={forged}".encode("latin-1")}
        assert guarded.get("/health", headers=headers).status_code == 401  # type: ignore[arg-type]


def test_a_cookie_over_https_stays_there(guarded: TestClient) -> None:
    response = guarded.post("https://example.test/login", data={"token": TOKEN})
    guarded.cookies.clear()
    assert "Secure" in response.headers["set-cookie"]


def test_who_asks_too_often_waits() -> None:
    settings = Settings(token=SecretStr(TOKEN), rate_limit=3)
    for client in opened(settings, "http://localhost"):
        statuses = [client.get("/health", headers=bearer(TOKEN)).status_code for _ in range(4)]
        assert statuses == [200, 200, 200, 429]
        refused = client.get("/health", headers=bearer(TOKEN))
        assert code(refused) == "too_many_requests"
        assert 1 <= int(refused.headers["retry-after"]) <= 20


def test_guessing_at_the_token_soon_waits() -> None:
    for client in opened(Settings(token=SecretStr(TOKEN)), "http://localhost"):
        tries = [client.get("/health", headers=bearer(f"guess-{n}")) for n in range(11)]
        assert [each.status_code for each in tries] == [401] * 10 + [429]
    for client in opened(Settings(token=SecretStr(TOKEN)), "http://localhost"):
        tries = [client.post("/login", data={"token": f"guess-{n}"}) for n in range(11)]
        assert [each.status_code for each in tries] == [401] * 10 + [429]


def test_on_this_machine_nobody_waits(local: TestClient) -> None:
    assert {local.get("/health").status_code for _ in range(700)} == {200}


@pytest.mark.parametrize("host", ["127.0.0.1", "127.9.9.9", "::1", "[::1]", "localhost"])
def test_what_is_this_machine_alone(host: str) -> None:
    assert is_loopback(host)
    check_exposed(Settings(host=host))


@pytest.mark.parametrize("host", ["", "::", "192.168.1.2", "example.test", "127.1"])
def test_serving_others_takes_a_token(host: str) -> None:
    with pytest.raises(SettingsError, match="no token") as error:
        check_exposed(Settings(host=host, write_token=SecretStr(WRITE_TOKEN)))
    assert "YUANWEN_TOKEN" in error.value.hint
    check_exposed(Settings(host=host, token=SecretStr(TOKEN)))


@pytest.mark.parametrize("path", ["/health", "/", "/nowhere", "/login"])
def test_headers_that_every_response_has(guarded: TestClient, local: TestClient, path: str) -> None:
    for client in (guarded, local):
        headers = client.get(path, headers={"Accept": "text/html"}).headers
        assert headers["x-content-type-options"] == "nosniff"
        assert headers["x-frame-options"] == "DENY"
        assert headers["referrer-policy"] == "same-origin"
        policy = headers["content-security-policy"]
        assert "frame-ancestors 'none'" in policy
        page = headers["content-type"].startswith("text/html")
        assert policy.startswith("default-src 'self'" if page else "default-src 'none'")
