"""Training examples: groups of windows of one question, of which one holds the answer."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from random import Random

from eval.negatives import Negatives
from eval.reading_data import FOLDS, Example, ReadingSet, cross
from index.records import content_hash
from rag.reader.network import LONGEST_ANSWER
from rag.reader.windows import PairTokenizer, Text, Window

# The part of the groups that comes from files with translations. Other files have shares by a low
# power of their number of questions, so that small ones are heard (Conneau et al. 2020,
# "Unsupervised Cross-lingual Representation Learning at Scale", section 3.1).
_TRANSLATED = 0.35
_EVENING = 0.3

# How often a question in the first language is put to a paragraph in the second, "" being any
# other language, "=" the question's own.
_PAIRS: Mapping[tuple[str, str], float] = {
    ("zh", "zh"): 0.15,
    ("en", "zh"): 0.25,
    ("zh", "en"): 0.12,
    ("en", "en"): 0.16,
    ("", "="): 0.14,
    ("zh", ""): 0.05,
    ("en", ""): 0.05,
    ("", "zh"): 0.05,
    ("", "en"): 0.03,
}

# How often a window has its article's title before it, as retrieved passages do, and how often it
# is cut shorter than it need be, as chunks are.
_TITLED = 0.3
_SHORTENED = 0.25


@dataclass(frozen=True, slots=True)
class Labelled:
    """`gold` are spans of tokens of the window's `ids`, first and last; none where it does not
    answer."""

    window: Window
    gold: tuple[tuple[int, int], ...]


Group = tuple[Labelled, ...]


def training_folds(held_out: int | None) -> tuple[int, ...]:
    return tuple(fold for fold in range(FOLDS) if fold != held_out)


def choose(
    sets: Sequence[ReadingSet], folds: Sequence[int], count: int, random: Random
) -> list[Example]:
    """`count` examples of the folds, each language and file in its share, in random order. No
    example of a share comes again before all of that share have."""
    chosen: list[Example] = []
    shares = list(_shares(sets, folds))
    total = sum(weight for weight, _ in shares)
    due = 0.0
    for weight, examples in shares:
        due += weight / total * count
        number = round(due) - len(chosen)
        while number > 0:
            turn = random.sample(examples, min(number, len(examples)))
            chosen += turn
            number -= len(turn)
    random.shuffle(chosen)
    return chosen


def _shares(
    sets: Sequence[ReadingSet], folds: Sequence[int]
) -> Iterator[tuple[float, list[Example]]]:
    kept = {one.name: [e for e in one.examples if e.paragraph.fold in folds] for one in sets}
    translated = [one for one in sets if sum(one.family == other.family for other in sets) > 1]
    single = [one for one in sets if one not in translated and kept[one.name]]
    evened = sum(len(kept[one.name]) ** _EVENING for one in single)
    for one in single:
        share = (1 - _TRANSLATED) if translated else 1.0
        yield share * len(kept[one.name]) ** _EVENING / evened, kept[one.name]
    pairs = [
        (asked, read, weight)
        for asked in translated
        for read in translated
        if asked.family == read.family
        for weight in [_weight(asked.language, read.language)]
        if weight
    ]
    # What several languages share ("" in the table) is divided among them.
    sizes: dict[tuple[str, str], int] = {}
    for asked, read, _ in pairs:
        key = _pair(asked.language, read.language)
        sizes[key] = sizes.get(key, 0) + 1
    whole = sum(_PAIRS[key] for key in sizes)
    for asked, read, weight in pairs:
        by_id = {example.id: example for example in kept[asked.name]}
        paired = [cross(by_id[e.id], e) for e in kept[read.name] if e.id in by_id]
        if paired:
            size = sizes[_pair(asked.language, read.language)]
            yield (_TRANSLATED if single else 1.0) * weight / whole / size, paired


def _pair(asked: str, read: str) -> tuple[str, str]:
    first = asked if asked in ("zh", "en") else ""
    if asked == read and not first:
        return "", "="
    return first, read if read in ("zh", "en") else ""


def _weight(asked: str, read: str) -> float:
    return _PAIRS.get(_pair(asked, read), 0.0)


class GroupMaker:
    """Makes an example and its negatives, `rivals` on average, into windows of at most `length`
    tokens."""

    def __init__(
        self, tokenizer: PairTokenizer, negatives: Negatives, *, length: int, rivals: float
    ) -> None:
        self._tokenizer = tokenizer
        self._negatives = negatives
        self._length = length
        self._rivals = rivals
        self._texts: dict[str, Text] = {}

    def group(self, example: Example, random: Random) -> Group | None:
        """The window with the answer, then those without. None where the answer is longer than a
        span may be, or nothing can be found that does not answer."""
        right = self._right(example, random)
        if right is None:
            return None
        certain, chance = divmod(self._rivals, 1)
        count = int(certain) + (random.random() < chance)
        wrong = [self._negatives.any(example, random) for _ in range(count)]
        windows = [
            self._cut(negative.question, negative.text, negative.title, random)
            for negative in wrong
            if negative
        ]
        enough = bool(windows) or not count
        return (right, *(Labelled(window, ()) for window in windows)) if enough else None

    def _right(self, example: Example, random: Random) -> Labelled | None:
        text = self._text(example.paragraph.text)
        gold = [text.tokens_at(place.start, place.end) for place in example.places]
        known = [place for place in gold if place and place[1] - place[0] < LONGEST_ANSWER]
        if not known:
            return None
        kept = random.choice(known)
        question, title = example.question, example.paragraph.title
        window = self._cut(question, example.paragraph.text, title, random, kept)
        inside = [window.passage.tokens_at(place.start, place.end) for place in example.places]
        gold_tokens = tuple(
            (window.offset + place[0], window.offset + place[1])
            for place in inside
            if place and place[1] - place[0] < LONGEST_ANSWER
        )
        return Labelled(window, gold_tokens) if gold_tokens else None

    def _cut(
        self,
        question: str,
        content: str,
        title: str,
        random: Random,
        keep: tuple[int, int] | None = None,
    ) -> Window:
        """A stretch of the text, anywhere, that has the tokens from `keep[0]` to `keep[1]`."""
        text = self._text(content)
        context = title if random.random() < _TITLED else ""
        room = self._tokenizer.room(question, context, self._length)
        if random.random() < _SHORTENED:
            room = random.randint(min(room, 48), room)
        needed = keep or (0, 0)
        room = min(max(room, needed[1] - needed[0] + 1), len(text))
        lowest = max(0, needed[1] + 1 - room) if keep else 0
        highest = min(needed[0], len(text) - room) if keep else len(text) - room
        first = random.randint(lowest, max(lowest, highest))
        part = text.part(first, first + room)
        return self._tokenizer.windows(question, part, context, length=self._length + 256)[0]

    def _text(self, content: str) -> Text:
        if content not in self._texts:
            self._texts[content] = self._tokenizer.text(content)
        return self._texts[content]


def make_groups(
    examples: Sequence[Example], maker: GroupMaker, seed: int
) -> tuple[list[Group], int]:
    """The groups, and how many examples made none. Each has random numbers of its own, so that
    it does not depend on the others."""
    groups = []
    for place, example in enumerate(examples):
        random = Random(content_hash(str(seed), str(place), example.id))  # noqa: S311 - no secret
        groups.append(maker.group(example, random))
    made = [group for group in groups if group]
    return made, len(groups) - len(made)


def make_batches(groups: Sequence[Group], size: int, random: Random) -> list[list[Group]]:
    """Batches of `size` groups that are about equally long, in random order."""
    order = list(groups)
    random.shuffle(order)
    batches = []
    pool = size * 32
    for start in range(0, len(order), pool):
        alike = sorted(order[start : start + pool], key=_longest)
        batches += [alike[first : first + size] for first in range(0, len(alike), size)]
    random.shuffle(batches)
    return batches


def _longest(group: Group) -> int:
    return max(len(one.window.ids) for one in group)
