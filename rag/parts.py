"""A question for several facts, taken apart into questions for one each."""

from __future__ import annotations

import re
from collections.abc import Sequence

_ASKS = (
    r"(?:多少|几|谁|哪|什么|怎么|如何|何时|何地|多[大长高久远宽]"
    r"|[甚什]麼|幾|誰|怎麼|何時|多[長遠寬])"
)
_CLAUSES = re.compile(
    r"(?<=[^\d])[,，;；?？、](?=[^\d])"
    r"|(?:,\s*)?\band\b(?=\s+(?:how|what|when|who|where|which)\b)",
    re.IGNORECASE,
)
_ASKING = re.compile(rf"{_ASKS}|\b(?:how|what|when|who|where|which|why)\b", re.IGNORECASE)

# What says that each of several things is asked for by itself, and what stands between them.
_EACH = r"(?:分别|分別|各自|各(?=[是有为為占佔]|多))"
_AND = r"[和与與及跟、]"
_DISTRIBUTED = re.compile(
    rf"^(?P<before>(?:.*的)?)(?P<first>[^的,，和与與及跟、]{{2,}}){_AND}"
    rf"(?P<second>[^的,，和与與及跟、]{{2,}}?)(?P<rest>(?:的[^,，]*)?{_EACH}.*)$"
)
_COMPARED = re.compile(
    rf"^(?P<before>)(?P<first>[^,，]{{2,}}?)[,，]?{_AND}(?P<second>[^,，]{{2,}}?)"
    r"(?P<rest>[,，]?\s*(?:的[^,，]*)?(?:哪[个個一家]|谁|誰|[^,，]*[多少大小高低长長]的那).*)$"
)
_CHOICE = re.compile(
    r"^(?P<before>.*[,:]\s+)(?P<first>[^,:]{2,})\s+or\s+(?P<second>[^,:?]{2,})(?P<rest>\?*)$", re.I
)


def parts_of(question: str, names: Sequence[str]) -> list[str]:
    """Questions for one fact each; the question itself where it asks for one.

    `names` are the words of the question that name what it is about: a later clause that names
    nothing is about what the first one names.
    """
    for pattern in (_DISTRIBUTED, _COMPARED, _CHOICE):
        match = pattern.match(question.strip())
        if match:
            rest = re.sub(_EACH, "", match["rest"])
            return [f"{match['before']}{match[side]}{rest}" for side in ("first", "second")]
    return _clauses(question, names)


def _clauses(question: str, names: Sequence[str]) -> list[str]:
    clauses = [part.strip() for part in _CLAUSES.split(question) if part.strip()]
    asking = [clause for clause in clauses if _ASKING.search(clause)]
    if len(asking) < 2:
        return [question]
    # What asks nothing (an introduction) belongs to the clause behind it.
    parts: list[str] = []
    held = ""
    for clause in clauses:
        if _ASKING.search(clause):
            parts.append(f"{held}{clause}")
            held = ""
        else:
            held += f"{clause}，"
    about = "".join(name for name in names if name in parts[0])
    if held:
        parts = [f"{part}，{held.rstrip('，')}" for part in parts]
    return [part if any(name in part for name in names) else f"{about}{part}" for part in parts]
