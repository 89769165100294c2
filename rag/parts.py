"""A question for several facts, taken apart into questions for one each.

A wrong part is worse than a missing one: it asks for what nobody asked. So whatever can be read in
two ways stays whole.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from index.fold import count_han, is_han

# Words that ask; 几 does so neither in 几乎 and 几百 nor in 近几年.
_ASKS = (
    r"(?:多少|(?<![近这這那前后後去来來十好])[几幾](?![乎十百千万萬亿億])|谁|誰|哪(?!怕)[里裡儿兒]?"
    r"|(?<![无無])[什甚][么麼][时時]?[候间間]?|[为為][什甚][么麼]|怎[么麼][样樣]?"
    r"|(?<!论)(?<!論)如何|[为為]何|何[时時地处處]|多[大长長高久远遠宽寬])"
)
# In English they also relate ("the year when ..."), unless a clause begins with them.
_BEGINS = (
    r"(?:(?:and|so|please|tell me|do you know|in|on|at|from|to|by|for|of)\s+)*"
    r"(?:how|what|who|whom|whose|which"
    r"|(?:when|where|why)\s+(?:is|are|was|were|do|does|did|has|have|had|can|could|will|would)\b)"
)
_ASKING = re.compile(rf"{_ASKS}|^\W*{_BEGINS}\b|\bhow (?:many|much)\b", re.IGNORECASE)

# Where a clause ends: not at a comma within a number, nor at one before a relative clause.
_ENDS = re.compile(
    r"(?<=[;；?？])"
    r"|(?:(?<!\d)[,，、]|[,，、](?!\d))(?!\s*(?:and|who|whom|whose|which|when|where)\b)"
    r"|(?:,\s*)?\band\b(?=\s+(?:how|what|when|who|where|which)\b)",
    re.IGNORECASE,
)
# What is left of a clause without its asking words, and says nothing by itself.
_LITTLE = re.compile(rf"{_ASKS}|[有是在的了呢吗嗎么麼个個家所位座条條名]")

_AND = r"(?:以及|[和与與及跟、])"
_OR = r"(?:\s+or\s+|还是|還是)"
# What says that each of several things is asked for by itself.
_EACH = r"(?:分别(?![的时以])|分別(?![的時以])|各自|各(?=[是有为為占佔几幾]|多))"
_DATE = r"(?:\d+年)?(?:\d+月)?(?:\d+[日号號])?(?<=[年月日号號])"
# What all of the things share: it ends with 的, 在, a comma or a date.
_BEFORE = r"(?P<before>(?:.*(?:(?P<of>的)|[在,，]|\d[年月日号號]))?\s*)"
# The words between (到, 给 and so on) would belong to one of the things alone.
_THINGS = r"(?P<things>[^的在从從到对對向给給由把被,，;；?？]{5,60}?)"
# In 青禾区的学校和医院的面积 the first 的 may belong to one thing or to both.
_OF = r"(?(of)|(?:的[^的,，]{0,20})?)"
_MORE = r"(?:[^,，?？]{0,20}(?:更|较|較)|[^,，?？]{0,12}[大小多少高低长長短早晚快慢远遠近]\W*$)"
_WHICH = r"(?:哪一?[个個家]|谁|誰)"
_LARGER = rf"(?:{_WHICH}{_MORE}|(?:which|who)\b[^,:]{{0,60}}\b(?:more|less|fewer|\w+er)\b)"

# Questions for several things, and what stands between these.
_SEVERAL = (
    (
        re.compile(
            rf"^(?P<before>.*?)(?P<things>{_DATE}(?:{_AND}{_DATE})+)"
            rf"(?P<rest>[^,，]{{0,30}}{_EACH}.*)$"
        ),
        _AND,
    ),
    (re.compile(rf"^{_BEFORE}{_THINGS}(?P<rest>{_OF}{_EACH}.*)$"), _AND),
    (
        re.compile(rf"^{_BEFORE}{_THINGS}(?:相比)?[,，]?\s*(?P<rest>{_OF}{_WHICH}{_MORE}.*)$"),
        _AND,
    ),
    (
        re.compile(
            rf"^(?P<before>{_LARGER}[^,，:：]{{0,60}}[,，:：]\s*)"
            r"(?P<things>(?-i:(?=[A-Z\d\u4e00-\u9fff]|the\s))[^,，:：?？]{5,60}?)(?P<rest>\s*[?？]*)$",
            re.IGNORECASE,
        ),
        _OR,
    ),
)

# What several things have in common cannot be asked of each.
_TOGETHER = re.compile(
    r"之[间間]|相[距差隔]|合[作办辦资資建]|共同|[联聯]合|加起[来來]|\bbetween\b", re.IGNORECASE
)
_QUOTED = re.compile(
    r"《[^《》]*》|“[^“”]*”|「[^「」]*」|『[^『』]*』|\"[^\"]*\"|（[^（）]*）|\([^()]*\)"
)
# What a clause that names nothing takes over from the first beside the names.
_WHEN = re.compile(r"\d{4}年(?:\d+月(?:\d+[日号號])?)?|\bin \d{4}\b")
_NOW = re.compile(r"\d{4}|今|去年|明年|前年|现在|現在|目前|\bnow\b|\byear\b", re.IGNORECASE)


# In characters.
_SHORT = 3

_DIVIDES = re.compile(rf"{_ENDS.pattern}|{_AND}|{_ASKING.pattern}", re.IGNORECASE)


def parts_of(question: str, names: Sequence[str]) -> list[str]:
    """Questions for one fact each; the question itself where it asks for one.

    `names` are the words of the question that name what it is about: a later clause that names
    nothing is about what the first one names.
    """
    if any(_DIVIDES.search(quoted[1:-1]) for quoted in _QUOTED.findall(question)):
        return [question]
    names = [name for name in dict.fromkeys(names) if name]
    parts = _clauses(question) or _things(question.strip(), names)
    return _completed(parts, names) or [question]


def _clauses(question: str) -> list[str]:
    """The clauses that ask, if several do. What a sentence says before it asks belongs to all that
    it asks, and what it says later to the clause before that."""
    cuts = [end.span() for end in _ENDS.finditer(question)]
    starts = [0, *(end for _, end in cuts)]
    ends = [*(start for start, _ in cuts), len(question)]
    parts: list[str] = []
    opening, begun, asked = 0, 0, False
    said = ""
    for start, end in zip(starts, ends, strict=True):
        clause = question[start:end]
        if asked and question[:start].endswith(tuple(";；?？")):
            opening, asked, said = start, False, ""
        if _ASKING.search(clause):
            if _is_bare(clause):
                return []
            said = said if asked else question[opening:start].lstrip()
            begun, asked = start, True
            parts.append(f"{said}{clause.strip()}")
        elif asked:
            parts[-1] = f"{said}{question[begun:end].strip()}"
    added = question[opening:].strip(" ;；,，?？")
    if not asked and re.search(r"\w", added):
        parts = [f"{part}，{added}" for part in parts]
    return parts if len(parts) > 1 else []


def _is_bare(clause: str) -> bool:
    """Whether it only asks, as in "How much and when ...", and leaves the matter to another."""
    words = re.findall(r"[a-z0-9]+", clause, re.IGNORECASE)
    return len(words) < 3 and count_han(_LITTLE.sub("", clause)) < 2


def _things(question: str, names: Sequence[str]) -> list[str]:
    """The question once for each of the things that it asks about, if there are several."""
    if _TOGETHER.search(question):
        return []
    for pattern, between in _SEVERAL:
        match = pattern.match(question)
        if not match or _ASKING.search(match["things"]):
            continue
        before, rest = match["before"], match["rest"]
        if between == _AND and (_ASKING.search(before) or not re.search(_ASKS, rest)):
            continue
        things = re.split(f"({between})", match["things"], flags=re.IGNORECASE)
        items, marks = [thing.strip() for thing in things[::2]], things[1::2]
        # A second 和 may be part of a name.
        if len(items) < 2 or any(mark != "、" for mark in marks[:-1]):
            continue
        cut = _length(items[0], items[-1], names) if between == _AND else len(items[-1])
        items[-1], tail = items[-1][:cut], items[-1][cut:]
        named = {_runs(names, item) for item in items} - {0}
        # A short thing that is named less may be another thing of the first one's place.
        if min(map(len, items)) > (1 if len(named) < 2 else _SHORT):
            return [f"{before}{item}{tail}{re.sub(_EACH, '', rest)}" for item in items]
    return []


def _runs(names: Sequence[str], item: str) -> int:
    """How often a thing is named, names side by side as one."""
    return len(re.findall(f"(?:{'|'.join(map(re.escape, names))})+", item)) if names else 0


def _length(first: str, last: str, names: Sequence[str]) -> int:
    """How much of the last thing is the thing: behind it may stand what is asked of all, as in
    青禾区和白露区面积. 0 where that cannot be said."""
    if first.endswith(tuple(names)):
        return max((last.index(name) + len(name) for name in names if name in last), default=0)
    # Things of one kind often end alike.
    end = last.find(first[-1:], 1) + 1
    return end if end > 1 and len(last) - end > 1 and not re.search(r"\d", last) else len(last)


def _completed(parts: Sequence[str], names: Sequence[str]) -> list[str]:
    """Each with what it is about; none where the first does not say it, but a later one does."""
    about = [name for name in names if parts and name in parts[0]]
    if not about and any(name in part for name in names for part in parts):
        return []
    whole = [name for name in about if not any(name in other != name for other in about)]
    subject = "".join(sorted(whole, key=parts[0].index)) if parts else ""
    when = _WHEN.search(parts[0]) if parts else None
    completed = []
    for part in parts:
        if any(name in part for name in names):
            completed.append(part)
            continue
        lead = subject + (when[0] if when and not _NOW.search(part) else "")
        completed.append(f"{lead}{'' if not lead or is_han(lead[-1]) else '，'}{part}")
    return completed
