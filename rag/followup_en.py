"""English questions that lean on an earlier one: And its area? What about Leeds? And in 2015?"""

from __future__ import annotations

import re

from rag.names import Known, Said
from rag.years import written_years

_END = r"[\s?.!]*$"
_KIND = (
    r"(?:zone|district|county|city|town|area|park|company|firm|group|university|school|hospital"
    r"|province|village|region)"
)
_OPENING = (
    r"(?:How|What|Which|Who|Whom|Whose|When|Where|Why|And|But|So|Is|Are|Was|Were|Do|Does|Did|Has"
    r"|Have|Had|Can|Could|In|On|At|For|Of|By|From|To|The|A|An|Also|Then|Or|If|Tell|Please|It|Its"
    r"|They|Their|He|She|His|Her|There|That|This|These|Those|I|Thanks|Thank|Yes|No|Ok|OK|Any)"
)
_WORD = rf"(?!{_OPENING}\b)[A-Z][\w’'&–-]*"
# Names are written large, but for the kind of place behind them; or are an "x zone" or "y county".
_NAME = re.compile(
    rf"(?:\b[Tt]he\s+)?\b{_WORD}(?:\s+(?:(?:of|and|for|de)\s+(?={_WORD}))?(?:{_WORD}|{_KIND}\b))*"
    rf"|(?:(?<=\bin )|(?<=\bof ))(?:the )?(?:[a-z-]+ ){{1,4}}{_KIND}\b"
)
_ACRONYM = re.compile(r"(?:[Tt]he\s+)?(?:[A-Z&]{2,5}|I)")
_NO_PLACE = re.compile(
    r"(?:the )?(?:same|this|that|other|whole|entire|planned|total|which)\b", re.I
)

_OPENS = re.compile(
    r"^\W*(?:(?:what|how) about|what of|and|but|so|then|also|or)\b(?:\s+(?:what|how) about)?[,\s]*",
    re.IGNORECASE,
)
_BEGINS_ASKING = re.compile(
    r"^(?:(?:in|by|at|for|on|from|to|with|of)\s+)?(?:how|what|which|who|whom|whose|when|where|why)\b"
    r"|^(?:is|are|was|were|do|does|did|has|have|had|can|could|will|would)\b",
    re.IGNORECASE,
)
_HAS = r"(?:its|their|his|her)"
_THAT = rf"(?:it|they|them|he|she|him|(?:this|that|the same|the) {_KIND})"
_PRONOUN = re.compile(rf"\b(?:(?P<of>{_HAS})|(?P<that>{_THAT}))\b", re.IGNORECASE)
_NO_PRONOUN = re.compile(
    r"\bIT\b|(?i:\bis it (?:true|possible|known|clear|that)\b|\bit (?:take|takes|took)\b)"
)
_THERE = re.compile(r"(?<!are )(?<!is )(?<!was )(?<!were )\bthere\b(?!\s+(?:is|are|was|were)\b)")
_PERSON = re.compile(r"\b[A-Z][a-z]+ [A-Z][a-z]+\b")
_WHO_IS_NAMED = re.compile(r"(?i:who (?:is|was)) [A-Z]")
_WHO = re.compile(r"\b(?:he|she|him|his|her)\b", re.IGNORECASE)

_YEAR = re.compile(r"\b(?:18|19|20)\d\d\b")
_SHIFTS = (
    (
        re.compile(
            r"(?:in )?the (?:previous year|prior year|year before(?: that)?)"
            r"|a year (?:earlier|before)"
        ),
        -1,
    ),
    (re.compile(r"(?:in )?the (?:next year|following year|year after(?: that)?)|a year later"), 1),
)
_GREW = re.compile(r"\b(?:grow|grew|rise|rose|fall|fell|increase|decrease|change|drop|decline)d?\b")
_PREPOSITION = r"(?:in|for|at|of|from|to|by|on|with)"


def subject(text: str) -> str | None:
    """What a question is about: the longest of its names, the last of equals; acronyms by
    themselves only where there is nothing else."""
    found = [re.sub("[’']s?$", "", m[0]) for m in _NAME.finditer(text) if not _NO_PLACE.match(m[0])]
    names = [name for name in found if not _ACRONYM.fullmatch(name)] or found
    return max(reversed(names), key=len, default=None)


def resolve(question: str, before: Said, known: Known) -> str | None:
    """The question made whole by the one before it; None where it stands alone or cannot be
    understood."""
    opened = _OPENS.sub("", question)
    name = subject(question)
    pronoun = None if _NO_PRONOUN.search(question) else _PRONOUN.search(opened)
    if pronoun and not (name and 0 <= opened.find(name) < pronoun.start()):
        return _instead(opened, pronoun, before)
    there = _THERE.search(opened)
    if there and not name and before.about:
        return f"{opened[: there.start()]}in {before.about}{opened[there.end() :]}"
    if not _BEGINS_ASKING.match(opened):
        return _fragment(re.sub(_END, "", opened), before, leans=opened != question)
    if name or not before.about or not known.tells(before.about, question):
        return None
    joined = "in" if re.match(r"how|where\b", opened, re.IGNORECASE) else "of"
    return f"{re.sub(_END, '', opened)} {joined} {before.about}?"


def _instead(question: str, pronoun: re.Match[str], before: Said) -> str | None:
    """The name in the place of a pronoun; its figure, where that is asked about."""
    name = before.about
    if _WHO.fullmatch(pronoun[0]) and not _WHO_IS_NAMED.search(before.question):
        people = set(_PERSON.findall(before.answer))
        name = people.pop() if len(people) == 1 else name
    if not name:
        return None
    phrase = _noun_phrase(before.question, name)
    if pronoun["that"] and (_GREW.search(question) or _acts(before.question, phrase)):
        name = phrase
    if pronoun["of"]:
        name += "’" if name.endswith("s") else "’s"
    made = f"{question[: pronoun.start()]}{name}{question[pronoun.end() :]}"
    return made if _BEGINS_ASKING.match(question) else f"What about {made}"


def _noun_phrase(text: str, name: str) -> str:
    """The name with what is said to be of it: the area of the zone."""
    match = re.search(
        rf"\b(?:the|an?) (?:[\w’'–-]+ ){{1,6}}(?:of|in|at|for) {re.escape(name)}", text
    )
    if match:
        return match[0]
    asked = re.search(rf"as ((?:[\w’'–-]+ ){{0,5}}[\w’'–-]+){_END}", text)
    return f"the {asked[1]} of {name}" if asked else name


def _acts(text: str, phrase: str) -> bool:
    """Whether a phrase, and not the name in it, is what does something."""
    return bool(re.search(rf"\b(?:do|does|did) {re.escape(phrase)}", text))


def _fragment(core: str, before: Said, *, leans: bool) -> str | None:
    """What is only named takes the place of its like in the question before."""
    for pattern, shift in _SHIFTS:
        if pattern.fullmatch(core.lower()):
            years = written_years(before.question.lower()) or written_years(before.answer)
            return _with_year(before.question, years[0] + shift) if len(years) == 1 else None
    if re.fullmatch(rf"(?:{_PREPOSITION} )?{_YEAR.pattern}", core, re.IGNORECASE):
        return _with_year(before.question, int(core[-4:]))
    opening = re.match(rf"(?:(?:that|those)\s+)?({_PREPOSITION})\s+", core, re.IGNORECASE)
    bare = core[opening.end() :] if opening else core
    name = subject(core)
    if not bare or not before.about or not leans:
        return None
    if name:
        alone = len(name) >= len(bare) - len("the ")
        return before.question.replace(before.about, name) if alone else None
    return _with_matter(before, bare, opening[1].lower() if opening else "")


def _with_year(before: str, year: int) -> str:
    if _YEAR.search(before):
        return _YEAR.sub(str(year), before, count=1)
    return f"{re.sub(_END, '', before)} in {year}?"


def _with_matter(before: Said, matter: str, preposition: str) -> str | None:
    """Another matter of the same name and time."""
    question, about = before.question, re.escape(before.about or "")
    if preposition:
        old = re.search(rf"\b{preposition} (?!{about})[^?]+?(?={_END}| in \d)", question)
        return old and f"{question[: old.start()]}{preposition} {matter}{question[old.end() :]}"
    counted = re.match(
        r"how (?:many|much) (.+?) (?:is|are|was|were|do|does|did|has|have)\b",
        question,
        re.IGNORECASE,
    )
    of = re.search(
        rf"\b(?:is|are|was|were) (.+?) (?:of|in|for|at) {about}", question, re.IGNORECASE
    )
    old = counted or of
    if old:
        return f"{question[: old.start(1)]}{matter}{question[old.end(1) :]}"
    years = _YEAR.findall(question)
    return f"What about {matter} of {before.about}{f' in {years[0]}' if len(years) == 1 else ''}?"
