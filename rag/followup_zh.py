"""Chinese questions that lean on an earlier one: 那投资额呢, 它的面积是多少, 再往前一年.

Everything is in Simplified characters here.
"""

from __future__ import annotations

import re

from index.fold import count_han
from index.records import Span
from rag.names import PERIOD, PLACE_END, TIME, YEAR, Known, Said
from rag.years import written_years

_COUNT = r"(?:多少|几(?![乎十百千万亿]))"
_ASK = (
    rf"(?:{_COUNT}|谁|哪(?!怕)[里儿]?|什么时[候间]|何时|为什么|为何|什么|怎么样?|怎样|如何|何地"
    r"|多[大长高久远宽重])"
)
_COUNTER = r"[个家名位项次场条座所套处张件种类款批期辆台栋间届班包户天分吨元成]?"
_ASKS = re.compile(rf"{_ASK}|吗[?？\s]*$")
_END = r"[\s?？。!！]*$"
# What asks at the end of a question, with the verb before it; and what asks before a noun.
_TAIL = re.compile(
    r"(?:分别|各)?(?:是|为|有|达到?|得|完成|占|排|叫|做到)?了?(?:增长了?|下降了?)?(?:第|百分之)?"
    rf"{_ASK}[\u4e00-\u9fff%]{{0,3}}{_END}"
)
_COUNTED = re.compile(rf"(?:共?有)?(?:{_COUNT}|哪些){_COUNTER}")
_OPENS = re.compile(
    r"^[\s,，]*(?:(?:那么|那(?![里边儿个些年天时位家所座种间县区市]|$)|还有|以及|另外|然后|至于"
    r"|换成|如果是|要是|请问)[,，\s]*)+"
)
_LEANS = re.compile(rf"(?:的情况|怎么样|如何)?呢{_END}")

# 企业呢，有多少家: what is asked about, and then what is asked.
_TOPIC = re.compile(r"^([^,，?？]{2,20})呢[,，?？]\s*(.+)$")
_OTHERS = re.compile("其[他它余]|别的|另[一外]|所有|每[个家]|各")

# What asks about the figure that was asked for before.
_OF_FIGURE = re.compile(
    r"(?:[比较跟同与][^,，]{1,6}?)?(?:同比|环比|增[长速幅减]|上升|下降|[升涨降跌]幅|提高|[占排]|名列|位[居列]"
    r"|在?全[市省国县区]|(?:完成了?)?(?:年度|全年|年)?目标的?完成)"
)
_SHIFTS = (
    (re.compile(r"再?(?:往前|[前上])(?:推|数)?一?年"), -1),
    (re.compile(r"再?(?:往后|[后下])(?:推|数)?一?年|次年|第二年"), 1),
)
_KIND = r"(?:园区|新区|地区|[区县市镇]|公司|企业|机构|单位|学校|医院)"
# A district of some kind: not behind a bare 那, which also stands before names.
_DISTRICT = r"[\u4e00-\u9fff]{1,2}区"
_PRONOUN = re.compile(
    r"其中(?:的|有)?|(?<![其吉排])[它他她]们?(?![人乡山国日方])"
    r"|(?<![尤极与])其(?![他它她余实次中间])"
    rf"|(?<![应活本])(?:该|[这那此](?:一?[个家座所])?){_KIND}(?!长|委书)|[这那]里|[这那]边|当地"
    rf"|(?:(?<![应活本])该|[这那]一?个){_DISTRICT}(?!长|委书)"
)
# Whose matter is asked for, behind the name of a place: 青禾区去年|某厂|的产值.
_OWNER = re.compile(r"的*([^的,，]{2,8})的+[^的]")
_PERSON = re.compile(r"[他她](?!们)")
# What asks for a name cannot be about the one that was named before.
_ASKS_NAME = re.compile(
    rf"(?:哪|什么)(?:一?[个家座所])?(?:{_KIND}|{_DISTRICT})|哪[个家](?!月)|[《“「『\"]"
)


def subject(text: str, known: Known) -> str | None:
    """What a question is about: a name that a title has; else another one, else its topic."""
    spans = known.names(text)
    if spans:
        return text[spans[0].start : spans[0].end]
    topic = re.match(rf"([\u4e00-\u9fff]{{2,12}}?)(?:的|{TIME.pattern})", text)
    return topic[1] if topic and not _ASKS.search(topic[1]) else None


def resolve(question: str, before: Said, known: Known) -> str | None:
    """The question made whole by the one before it; None where it stands alone or cannot be
    understood."""
    question = _TOPIC.sub(r"\1\2", question)
    named = known.names(question)
    pronoun = _PRONOUN.search(question)
    if pronoun and not any(span.start < pronoun.start() for span in named):
        return _instead(question, pronoun, before, known)
    opened = _OPENS.sub("", question)
    core = re.sub(_END, "", _LEANS.sub("", opened)).strip()
    leans = opened != question or bool(_LEANS.search(opened))
    if not _ASKS.search(core):
        return _fragment(core, before, known, leans=leans)
    rest = re.sub("(?:共?有|是|为)$", "", _TAIL.sub("", core)).removesuffix("的")
    if rest and _lacks_matter(rest, known, counted=bool(_COUNTED.search(core))):
        return _fragment(rest, before, known, leans=True)
    if named or _ASKS_NAME.search(question) or count_han(_ASKS.sub("", core)) < 2:
        return None
    if _OF_FIGURE.match(opened):
        return _joined(_stem(before.question), opened)
    return _joined(before.about, opened) if _about_it(question, before, known) else None


def _about_it(text: str, before: Said, known: Known) -> bool:
    """Whether what was spoken of is known to have to do with a text that names nothing."""
    return before.about is not None and known.tells(before.about, text)


def _joined(name: str | None, rest: str) -> str | None:
    return f"{name}{rest}" if name else None


def _instead(question: str, pronoun: re.Match[str], before: Said, known: Known) -> str | None:
    """The name in the place of a pronoun."""
    name = before.about
    if _PERSON.fullmatch(pronoun[0]):
        name = _person(before.question, known) or _person(before.answer, known) or name
    rest = question[pronoun.end() :]
    if not name or count_han(_LEANS.sub("", rest)) < 1:
        return None
    return f"{question[: pronoun.start()]}{name}{'的' if pronoun[0] == '其' else ''}{rest}"


def _person(text: str, known: Known) -> str | None:
    """The only person that a text names."""
    tagged = known.tokenizer.tagged(text)
    people = {word for word, flag in tagged if flag.startswith("nr") and len(word) in (2, 3)}
    whole = {word for word in people if not known.titled(word) and not PLACE_END.search(word)}
    return whole.pop() if len(whole) == 1 else None


def _lacks_matter(text: str, known: Known, *, counted: bool) -> bool:
    """Whether what is left of a question without what asks is a time, or a name that titles have
    and of which something is counted: 青禾区有多少."""
    bare = TIME.sub("", text).strip("的在, ，、")
    return not bare or (counted and bool(known.titled(bare)) and _is_name(bare, known))


def _is_name(text: str, known: Known) -> bool:
    spans = known.names(text)
    return bool(spans) and spans[0].start == 0 and spans[0].end >= len(text.removesuffix("的"))


def _fragment(core: str, before: Said, known: Known, *, leans: bool) -> str | None:
    """What is only named takes the place of its like in the question before."""
    for pattern, shift in _SHIFTS:
        if pattern.fullmatch(core.removesuffix("的")):
            return _with_shifted_year(before, shift, known)
    times = [match[0] for match in TIME.finditer(core)]
    rest = TIME.sub("", core).strip("的在, ，、")
    whole = before.question
    for time in times:
        whole = _with_time(whole, time, known)
    if not rest:
        return whole if times else None
    if (
        len(rest) < 2
        or _OTHERS.match(rest)
        or not (leans or (count_han(rest) < 9 and _about_it(rest, before, known)))
    ):
        return None
    if _OF_FIGURE.match(rest):
        return _joined(_stem(whole), f"{rest}是多少？")
    if core.endswith("的") or _is_name(rest, known):
        return _with_name(whole, rest, known) if leans else None
    return None if known.titled(rest) else _with_matter(whole, rest, before.about, known)


def _with_shifted_year(before: Said, shift: int, known: Known) -> str | None:
    """The year before or after the only one that the question names, or else its answer."""
    years = written_years(before.question) or written_years(before.answer)
    if len(years) != 1:
        return None
    return _with_time(before.question, f"{years[0] + shift}年", known)


def _with_time(before: str, time: str, known: Known) -> str:
    """In the place of a time of its kind; without one, behind the name."""
    year, period = YEAR.search(before), PERIOD.search(before)
    old = year if YEAR.fullmatch(time) else period
    if old:
        return f"{before[: old.start()]}{time}{before[old.end() :]}"
    names = known.titled(before)
    at = year.end() if year else names[0].end if names else 0
    if YEAR.fullmatch(time) and period:
        at = period.start()
    return f"{before[:at]}{time}{before[at:]}"


def _with_name(before: str, name: str, known: Known) -> str:
    titled = known.titled(before)
    others = known.proper(before)
    if not known.titled(name) and not PLACE_END.search(name):
        at = titled[0].end if titled else 0
        owner = _OWNER.search(TIME.sub(lambda time: "的" * len(time[0]), before), at)
        places = others or [Span(*owner.span(1))] if owner else others
        return _replaced(before, places[0] if places else Span(at, at), name)
    old = titled or others
    return _replaced(before, old[0], name) if old else f"{name}{before}"


def _with_matter(before: str, matter: str, about: str | None, known: Known) -> str | None:
    """Another matter of the same name and time."""
    if matter in before:
        return None
    if not count_han(before):  # it was English
        return _joined(about, f" {matter}？")
    names = known.titled(before) or known.proper(before)[:1]
    times = [Span(*match.span()) for match in TIME.finditer(before)]
    tail = _TAIL.search(before)
    counted = _COUNTED.search(before)
    if tail:
        start = max((s.end for s in (*names, *times) if s.end <= tail.start()), default=0)
        old = _trimmed(before, Span(start, tail.start()))
        # 的目标, 的总额 are asked for of the other too.
        short = re.search(r"的[^的]{1,2}$", before[old.start : old.end])
        if short and "的" not in matter:
            old = Span(old.start, old.start + short.start())
        if old.end - old.start > 1:
            return _replaced(before, old, matter)
    if counted:
        length = _nouns(before[counted.end() :], known)
        if length:
            return _replaced(before, Span(counted.end(), counted.end() + length), matter)
    if not about:
        return None
    return f"{about}{''.join(before[t.start : t.end] for t in times)}{matter}是多少？"


def _trimmed(text: str, span: Span) -> Span:
    start, end = span.start, span.end
    while start < end and text[start] in "的在,， ":
        start += 1
    return Span(start, end)


def _nouns(text: str, known: Known) -> int:
    """How long the noun is that a text begins with."""
    length = 0
    for word, flag in known.tokenizer.tagged(text):
        if not flag.startswith(("n", "j", "b", "a", "l", "x", "eng", "vn")):
            break
        length += len(word)
    return length


def _stem(before: str) -> str | None:
    """What a question asks about, without what asks."""
    stem = _TAIL.sub("", before)
    if stem == before:
        stem = re.sub(_END, "", _COUNTED.sub("", before, count=1))
    return stem if stem != before and count_han(stem) > 1 else None


def _replaced(text: str, span: Span, new: str) -> str:
    return f"{text[: span.start]}{new}{text[span.end :]}"
