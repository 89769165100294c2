"""Questions and passages as the tokens that the reading network sees, and the way back.

A window is `<s> query: QUESTION </s></s> passage: CONTEXT PASSAGE </s>`: the encoder's prefixes in
its form of a pair. A passage that does not fit is cut into windows that overlap. Only tokens of the
passage itself have places in the text, so that nothing else can ever be quoted.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import index.offline  # noqa: F401 - before anything of Hugging Face, which reads the environment

# isort: split
from tokenizers import Regex, Tokenizer
from tokenizers.pre_tokenizers import Metaspace, Split
from tokenizers.pre_tokenizers import Sequence as Steps

from index.errors import ReaderError
from index.fold import simplify

# In tokens. Retrieved chunks are below 384 but for a few; longer windows were not trained on.
WINDOW = 384
OVERLAP = 128
_QUESTION = 64
_CONTEXT = 48

# Answers begin and end at numbers, marks and words like 的, but the vocabulary has pieces that run
# across: 时代的, 」（, 2014). Uncut, one Chinese answer in 22 of the public sets is not made of
# whole tokens.
_BOUNDARIES = r"▁?\d+|[的与和年月日]|[^\w\s▁]"


@dataclass(frozen=True, slots=True)
class Text:
    """A text's tokens with the characters [starts[i], ends[i]) of each, without space around."""

    ids: tuple[int, ...]
    starts: tuple[int, ...]
    ends: tuple[int, ...]

    def __len__(self) -> int:
        return len(self.ids)

    def part(self, first: int, last: int) -> Text:
        """Tokens [first, last), with the characters that they have in the whole text."""
        return Text(self.ids[first:last], self.starts[first:last], self.ends[first:last])

    def tokens_at(self, start: int, end: int) -> tuple[int, int] | None:
        """First and last of the tokens that have a part in [start, end) of the text; None where
        they do not have all of it."""
        found = [
            token
            for token, (left, right) in enumerate(zip(self.starts, self.ends, strict=True))
            if left < right and left < end and right > start
        ]
        if not found or self.starts[found[0]] > start or self.ends[found[-1]] < end:
            return None
        return found[0], found[-1]


@dataclass(frozen=True, slots=True)
class Window:
    """`ids` are a network's input; the tokens of `passage` begin at `offset` in them."""

    ids: tuple[int, ...]
    offset: int
    passage: Text


def plain(text: str) -> str:
    """In Simplified, as the encoder reads it, and of the same length, so that places agree.

    Lone surrogates, which JSON can bring and no tokenizer takes, become `?`.
    """
    storable = text.encode("utf-8", "replace").decode("utf-8")
    simplified = simplify(storable)
    if len(simplified) == len(text):
        return simplified
    # No phrase of OpenCC's changes its length; should one ever, characters by themselves do not.
    return "".join(map(_plain_character, storable))


@lru_cache(maxsize=1 << 16)
def _plain_character(character: str) -> str:
    simplified = simplify(character)
    return simplified if len(simplified) == 1 else character


class PairTokenizer:
    """The packaged encoder's tokenizer, which cuts at numbers and marks besides."""

    def __init__(self, folder: Path) -> None:
        """Raises ReaderError where the folder has no such tokenizer."""
        path = folder / "tokenizer.json"
        try:
            self._tokenizer = Tokenizer.from_file(str(path))
        except Exception as error:  # The library raises Exception itself.
            raise ReaderError(
                f"{path} is no tokenizer that can be read: {error}",
                "The reader needs the packaged encoder multilingual-e5-small.",
            ) from error
        self._tokenizer.no_padding()
        self._tokenizer.no_truncation()
        self._tokenizer.pre_tokenizer = Steps(
            [Metaspace(prepend_scheme="first"), Split(Regex(_BOUNDARIES), "isolated")]
        )
        self.pad = self._special("<pad>")
        self._bos, self._eos = self._special("<s>"), self._special("</s>")
        self._query, self._passage = self.text("query:").ids, self.text("passage:").ids

    def text(self, text: str) -> Text:
        """Tokens of a text alone, without markers."""
        content = plain(text)
        encoded = self._tokenizer.encode(content, add_special_tokens=False)
        starts, ends = [], []
        for start, end in encoded.offsets:
            left, right = start, end
            while left < right and content[left].isspace():
                left += 1
            while left < right and content[right - 1].isspace():
                right -= 1
            starts.append(left)
            ends.append(right)
        return Text(tuple(encoded.ids), tuple(starts), tuple(ends))

    def windows(
        self,
        question: str,
        passage: Text,
        context: str = "",
        *,
        length: int = WINDOW,
        overlap: int = OVERLAP,
    ) -> list[Window]:
        """At least one; neighbours have about `overlap` tokens of the passage in common."""
        before = self._before(question, context)
        room = _room(before, length)
        return [
            Window(
                (*before, *passage.ids[first:last], self._eos),
                len(before),
                passage.part(first, last),
            )
            for first, last in _cuts(len(passage), room, min(overlap, room // 2))
        ]

    def room(self, question: str, context: str = "", length: int = WINDOW) -> int:
        """How many tokens of a passage have room in one window."""
        return _room(self._before(question, context), length)

    def _before(self, question: str, context: str) -> tuple[int, ...]:
        asked = self.text(question).ids[:_QUESTION]
        around = self.text(context).ids[:_CONTEXT] if context else ()
        return (
            *(self._bos, *self._query, *asked, self._eos),
            *(self._eos, *self._passage, *around),
        )

    def _special(self, token: str) -> int:
        found = self._tokenizer.token_to_id(token)
        if found is None:
            raise ReaderError(
                f"the tokenizer has no {token}",
                "The reader needs the packaged encoder multilingual-e5-small.",
            )
        return int(found)


def _room(before: Sequence[int], length: int) -> int:
    return max(length - len(before) - 1, 16)


def _cuts(tokens: int, room: int, overlap: int) -> list[tuple[int, int]]:
    """As few windows as reach, evenly spread, so that the last is no crumb."""
    if tokens <= room:
        return [(0, tokens)]
    count = -(-(tokens - overlap) // (room - overlap))
    step = (tokens - room) / (count - 1)
    firsts = [round(step * number) for number in range(count)]
    return [(first, first + room) for first in firsts]
