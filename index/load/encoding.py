"""Bytes to text: which encoding a file is in."""

from __future__ import annotations

import codecs
import unicodedata
from collections import Counter
from functools import cache

import jieba
from charset_normalizer import from_bytes

from index.errors import FileError
from index.fold import fold_text

_BOMS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),  # before UTF-16, whose mark it begins with
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_LEGACY = ("gb18030", "big5hkscs")
_SAMPLE = 16 * 1024
_FAMILIAR = 0.75
_PUNCTUATION = frozenset("，。、；：？！“”‘’（）《》〈〉【】「」『』—…·％〇－～．／　①②③④⑤℃㎡")


def decode(data: bytes) -> str:
    """The text of a file in UTF-8, UTF-16, UTF-32, GB18030 or Big5.

    Raises FileError where it is binary or none of these.
    """
    for mark, encoding in _BOMS:
        if data.startswith(mark):
            return _strict(data, encoding)
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError:
        return _readable(_without_mark(data))
    return _readable(_without_mark(data) if "\0" in text else text)


def _without_mark(data: bytes) -> str:
    """The candidate that reads most like Chinese; only UTF-16 may hold zero bytes."""
    candidates = [] if b"\0" in data else list(_LEGACY)
    if len(data) % 2 == 0:
        candidates += ["utf-16-le", "utf-16-be"]
    readings = [text for code in candidates if (text := _attempt(data, code)) is not None]
    best = max(readings, key=_familiarity, default="")
    if not best or _familiarity(best) < _FAMILIAR:
        guess = from_bytes(data[:_SAMPLE]).best()
        raise _unknown(f"it looks most like {guess.encoding}" if guess else "it looks binary")
    return best


def _attempt(data: bytes, encoding: str) -> str | None:
    try:
        return data.decode(encoding)
    except UnicodeDecodeError:
        return None


def _familiarity(text: str) -> float:
    """The share of characters beyond ASCII that are everyday Chinese, with its punctuation.

    Nineteen in twenty characters of running Chinese are among the 2,000 most frequent ones; a
    text read in the wrong encoding takes its characters from anywhere. ASCII text that came
    through UTF-16 has no others and counts as familiar.
    """
    sample = [char for char in text[:_SAMPLE] if not char.isspace()]
    beyond = [char for char in sample if not char.isascii()]
    if not beyond:
        return 1.0
    # A Latin-1 text read as GB18030 has its Han characters inside words: "h\u9598lo".
    if len(beyond) < len(sample) / 5 and not any(char in _PUNCTUATION for char in beyond):
        return 0.0
    common = _common_han()
    return sum(c in _PUNCTUATION or fold_text(c) in common for c in beyond) / len(beyond)


@cache
def _common_han() -> frozenset[str]:
    """The 2,000 characters that jieba's dictionary counts most often."""
    jieba.dt.initialize()
    counts: Counter[str] = Counter()
    for word, count in jieba.dt.FREQ.items():
        for char in word:
            counts[char] += count
    return frozenset(char for char, _ in counts.most_common(2000))


def _strict(data: bytes, encoding: str) -> str:
    try:
        return data.decode(encoding)
    except UnicodeDecodeError as error:
        raise _unknown(f"it begins like {encoding} and breaks at byte {error.start}") from error


def _readable(text: str) -> str:
    controls = sum(unicodedata.category(char) == "Cc" and char not in "\t\n\r\f\v" for char in text)
    if controls > len(text) / 500:
        raise _unknown(f"it has {controls} control characters, as binary files do")
    return text


def _unknown(found: str) -> FileError:
    return FileError(
        f"not a text in a known encoding: {found}.", "Save it as UTF-8 and index it again."
    )
