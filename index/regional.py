"""Words that Taiwan and Hong Kong use for what the mainland calls otherwise: 軟體, 软件."""

from __future__ import annotations

from functools import cache

import opencc

from index.fold import fold_text, is_han

# OpenCC's conversions with phrases, from Simplified words and from Traditional ones.
_FROM_SIMPLIFIED = ("s2twp", "s2hkp")
_FROM_TRADITIONAL = ("tw2sp", "hk2sp")


@cache
def regional(term: str) -> tuple[str, ...]:
    """What a folded Han term is called elsewhere, folded; nothing for most."""
    if len(term) < 2 or not is_han(term):
        return ()
    traditional = _converter("s2t").convert(term)
    found = [_converter(name).convert(term) for name in _FROM_SIMPLIFIED]
    found += [_converter(name).convert(traditional) for name in _FROM_TRADITIONAL]
    return tuple(dict.fromkeys(other for other in map(fold_text, found) if other != term))


@cache
def _converter(name: str) -> opencc.OpenCC:
    return opencc.OpenCC(name)
