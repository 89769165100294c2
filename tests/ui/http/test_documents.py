"""Documents in, shown, asked about and out again, by the real store."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
from fastapi.testclient import TestClient

from index.load import limits
from ui.http.uploads import stored_name

TEXT = "# 新湖区\n\n🎉新湖区的桥长88公里。"


def upload(client: TestClient, *files: tuple[str, bytes]) -> Any:
    response = client.post("/documents", files=[("files", file) for file in files])
    assert response.status_code == 200, response.text
    return response.json()["outcomes"]


def cited(client: TestClient, question: str) -> set[str]:
    body = client.post("/ask", json={"question": question}).json()
    return {citation["document_id"] for citation in [*body["citations"], *body["related"]]}


def test_an_upload_is_answered_from_until_it_is_removed(client: TestClient) -> None:
    [outcome] = upload(client, ("新湖区.md", TEXT.encode()))
    added = outcome.pop("document_id")
    assert outcome == {"name": "新湖区.md", "status": "added", "reason": "", "chunks": 1}
    for _ in range(2):  # from the cache, the second time
        assert added in cited(client, "新湖区的桥长多少？")
    shown = client.get(f"/documents/{added}").json()
    text = client.get(f"/documents/{added}/text")
    assert text.text == shown["text"] == "新湖区\n🎉新湖区的桥长88公里。"
    assert text.headers["content-type"] == "text/plain; charset=utf-8"
    assert added in [each["id"] for each in client.get("/documents").json()["documents"]]
    removed = client.delete(f"/documents/{added}")
    assert removed.json()["id"] == added
    assert added not in cited(client, "新湖区的桥长多少？")
    for gone in (f"/documents/{added}", f"/documents/{added}/text"):
        assert client.get(gone).status_code == 404
    assert client.delete(f"/documents/{added}").status_code == 404
    assert added not in [each["id"] for each in client.get("/documents").json()["documents"]]


def test_one_bad_file_stops_no_other(client: TestClient) -> None:
    good, binary, unknown = upload(
        client,
        ("good.txt", "好的文字。".encode()),
        ("bad.txt", bytes(range(256)) * 20),
        ("old.doc", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" * 99),
    )
    assert [each["status"] for each in (good, binary, unknown)] == ["added", "skipped", "skipped"]
    assert binary["reason"]
    assert binary["document_id"] is unknown["document_id"] is None
    client.delete(f"/documents/{good['document_id']}")


HOSTILE = [
    "../../../etc/passwd.md",
    "/etc/cron.d/x.md",
    "..\\..\\x.md",
    "C:\\x.md",
    "a\0b.md",
    "x.md/../../y.md",
    "con.md",
    "~/.ssh/id.md",
    "$(id).md",
    "<script>.md",
]


@pytest.mark.parametrize("name", HOSTILE)
def test_a_name_that_is_a_path_leads_nowhere(client: TestClient, data: Path, name: str) -> None:
    before = sorted(data.parent.rglob("*"))
    [outcome] = upload(client, (name, "一份文件。".encode()))
    source = client.get(f"/documents/{outcome['document_id']}").json()["source"]
    assert re.fullmatch(r"[0-9a-f]{16}-[\w.-]+\.md", source)
    assert ".." not in source
    client.delete(f"/documents/{outcome['document_id']}")
    assert sorted(data.parent.rglob("*")) == before


@pytest.mark.parametrize(
    ("name", "kept"),
    [
        ("年报 2023.PDF", "-年报-2023.PDF"),
        ("C:\\Users\\me\\a.md", "-a.md"),
        ("a.md/../b", "-b"),
        ("..", ""),
        (".md", "-md"),
        ("\u202egnp.exe", "-gnp.exe"),
        ("x" * 99 + ".txt", "-" + "x" * 56 + ".txt"),
        ("", ""),
    ],
)
def test_a_stored_name_is_random_and_ends_as_people_know_it(name: str, kept: str) -> None:
    one, two = stored_name(name), stored_name(name)
    assert one[:16] != two[:16]
    assert (one[16:], two[16:]) == (kept, kept)


def test_too_large_a_file_is_skipped(client: TestClient, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "BYTES", 10)
    [outcome] = upload(client, ("a.txt", b"12345678901"))
    assert outcome["status"] == "skipped"
    assert "11 bytes; the limit is 10" in outcome["reason"]


def test_not_what_is_expected(client: TestClient) -> None:
    assert client.post("/documents").status_code == 422
    assert client.post("/documents", json={"files": ["a"]}).status_code == 422
    assert client.post("/documents", data={"files": "text"}).status_code == 422
    many = [("files", (f"{n}.txt", b"x")) for n in range(51)]
    assert client.post("/documents", files=many).status_code == 422
    broken = {"Content-Type": "multipart/form-data"}
    assert client.post("/documents", content=b"x", headers=broken).status_code == 400


def test_what_stands_in_a_document_is_shown_as_text(client: TestClient) -> None:
    hostile = "<script>alert(1)</script> <img src=x onerror=alert(1)>"
    [outcome] = upload(client, ("x.txt", hostile.encode()))
    shown = client.get(f"/documents/{outcome['document_id']}/text")
    assert shown.text == hostile
    assert shown.headers["content-type"].startswith("text/plain")
    assert shown.headers["x-content-type-options"] == "nosniff"
    assert "sandbox" in shown.headers["content-security-policy"]
    client.delete(f"/documents/{outcome['document_id']}")
