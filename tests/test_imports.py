"""The rooms import in one direction: index ← rag ← eval ← ui. Nothing imports ui or tests."""

import ast
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
MAY_IMPORT = {
    "index": {"index"},
    "rag": {"index", "rag"},
    "eval": {"index", "rag", "eval"},
    "ui": {"index", "rag", "eval", "ui"},
}
ROOMS = {*MAY_IMPORT, "tests"}
FILES = sorted(path for room in MAY_IMPORT for path in (ROOT / room).rglob("*.py"))


def imported(path: Path) -> set[str]:
    """The top-level packages that a file imports, anywhere in it."""
    found: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found |= {alias.name.split(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and not node.level:
            found.add((node.module or "").split(".")[0])
    return found


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.relative_to(ROOT).as_posix())
def test_a_file_imports_only_from_rooms_below_its_own(path: Path) -> None:
    room = path.relative_to(ROOT).parts[0]
    assert imported(path) & ROOMS <= MAY_IMPORT[room]


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.relative_to(ROOT).as_posix())
def test_a_package_file_only_re_exports(path: Path) -> None:
    if path.name == "__init__.py":
        body = ast.parse(path.read_text(encoding="utf-8")).body
        assert all(isinstance(node, ast.Import | ast.ImportFrom) for node in body)


def test_every_room_was_found() -> None:
    assert {path.relative_to(ROOT).parts[0] for path in FILES} == set(MAY_IMPORT)
