"""How running text looks, one paragraph by itself."""

from __future__ import annotations

import re

from index.chunk import size

# In Chinese characters: a paragraph of prose has this many, and more where it is broken off
# before its end.
_PROSE, _BROKEN = 40, 60
_CLOSING = "”’」』）)】》\"'"
_ENDS = "。！？!?….．｡"
_SENTENCE_WITHIN = re.compile(r"[。！？｡]|[.!?][”\"')]?\s")


def ends_sentence(text: str) -> bool:
    """Its last mark, closing quotes and brackets left aside, is one that ends a sentence."""
    return text.rstrip(_CLOSING)[-1:] in _ENDS and bool(text)


def has_sentence(text: str) -> bool:
    """A sentence ends within it, with more behind."""
    return _SENTENCE_WITHIN.search(text, 0, len(text.rstrip(_CLOSING + _ENDS))) is not None


def is_prose(text: str) -> bool:
    """A paragraph of whole sentences, or a long one that begins with a whole sentence."""
    long = size(text)
    return long >= _PROSE and (ends_sentence(text) or (long >= _BROKEN and has_sentence(text)))
