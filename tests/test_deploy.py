"""The files that put it into service name settings, routes and commands that exist."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from rag.settings import Settings
from ui.http.access import OPEN

ROOT = Path(__file__).parents[1]
FILES = ["Dockerfile", "deploy/yuanwen.service", "docs/serving.md"]


@pytest.mark.parametrize("name", FILES)
def test_settings_that_are_named_exist(name: str) -> None:
    named = set(re.findall(r"YUANWEN_([A-Z_]+)", (ROOT / name).read_text("utf-8")))
    assert named
    assert {each.lower() for each in named} <= Settings.model_fields.keys()


def test_a_container_is_no_root_and_is_asked_what_needs_no_token() -> None:
    lines = (ROOT / "Dockerfile").read_text("utf-8").splitlines()
    assert "USER yuanwen" in lines
    assert lines.index("USER yuanwen") < lines.index('ENTRYPOINT ["yuanwen"]')
    [asked] = re.findall(r"127\.0\.0\.1:7860(/\w+)", "\n".join(lines))
    assert asked in OPEN


def test_a_container_gets_what_the_package_is_made_of() -> None:
    ignored = (ROOT / ".dockerignore").read_text("utf-8").split()
    for name in ("index", "rag", "eval", "ui", "corpus", "pyproject.toml", "constraints.txt"):
        assert f"!{name}" in ignored
