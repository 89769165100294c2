"""YAML front matter: what a text file states about itself, between two `---` lines."""

from __future__ import annotations

import re
from collections.abc import Mapping

import yaml

from index.errors import FileError

_FRONT_MATTER = re.compile(r"\A---[ \t]*\n(.*?)^(?:---|\.\.\.)[ \t]*(?:\n|\Z)", re.S | re.M)
_KEYS = ("title", "language", "publisher", "date")


def split_front_matter(text: str) -> tuple[Mapping[str, str], str]:
    """The stated title, language, publisher and date, and the text behind the front matter.

    A text may begin with a `---` line that opens no front matter: what is no YAML mapping
    belongs to the text. Raises FileError where a mapping is begun and not finished properly.
    """
    match = _FRONT_MATTER.match(text)
    if not match or not re.match(r"[\w-]+[ \t]*:", match[1]):
        return {}, text
    try:
        # BaseLoader leaves every scalar as it is written: a date stays text.
        fields = yaml.load(match[1], Loader=yaml.BaseLoader)  # noqa: S506
    except yaml.YAMLError as error:
        line = getattr(getattr(error, "problem_mark", None), "line", 0) + 2
        raise FileError(
            f"its front matter is not valid YAML at line {line}.",
            "Write one `name: value` a line, and quote values that hold a colon.",
        ) from error
    stated = {key: fields[key].strip() for key in _KEYS if isinstance(fields.get(key), str)}
    if str(fields.get("index", "")).lower() in {"false", "no"}:
        stated["index"] = "false"
    return {key: value for key, value in stated.items() if value}, text[match.end() :]
