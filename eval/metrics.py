"""Scores of one question: how high the right hit stands, whether the quotes are the right ones, and
how near the words come to the gold.

Each function returns a number in [0, 1].
"""

from __future__ import annotations

import re
import string
from collections import Counter
from collections.abc import Callable, Collection, Hashable, Iterable, Sequence
from math import log2

import numpy as np
from scipy.optimize import linear_sum_assignment

from eval.normalise import Gold, held
from index.fold import fold_text, is_han

# A document's id, start and end.
Place = tuple[str, int, int]


# Ranking


def relevance(hits: Iterable[tuple[str, float]], relevant: Collection[str]) -> list[bool]:
    """The ranking as flags of relevance, best first, from (unit, score) pairs.

    A unit that comes several times stands where its best score does. Ties count against the
    system: among equal scores the relevant unit is taken to come last, as a user with bad luck
    would meet it.
    """
    best: dict[str, float] = {}
    for unit, score in hits:
        best[unit] = max(score, best.get(unit, score))
    order = sorted(best, key=lambda unit: (-best[unit], unit in relevant))
    return [unit in relevant for unit in order]


def recall_at(k: int, flags: Sequence[bool]) -> float:
    """1 where any of the first k is relevant: the top-k accuracy of open retrieval.

    Karpukhin et al. 2020, "Dense Passage Retrieval", section 5. For a question with one relevant
    unit, as in SQuAD sets, this is recall@k as information retrieval defines it.
    """
    return float(any(flags[:k]))


def reciprocal_rank(flags: Sequence[bool], depth: int = 10) -> float:
    """1 / rank of the first relevant one, 0 beyond `depth`; its mean is MRR (Voorhees 1999)."""
    return next((1 / rank for rank, flag in enumerate(flags[:depth], 1) if flag), 0.0)


def ndcg(flags: Sequence[bool], relevant: int, depth: int = 10) -> float:
    """Normalised discounted cumulative gain with gains of 0 and 1 (Järvelin & Kekäläinen 2002).

    DCG = Σ flag_i / log2(i + 1), divided by that of a ranking with all `relevant` units on top.
    """
    ideal = sum(1 / log2(rank + 1) for rank in range(1, min(relevant, depth) + 1))
    gain = sum(1 / log2(rank + 1) for rank, flag in enumerate(flags[:depth], 1) if flag)
    return gain / ideal if ideal else 0.0


# Citations: precision and recall of Gao et al. 2023, "Enabling Large Language Models to Generate
# Text with Citations", section 3; the gold answer decides here instead of an entailment model


def citation_precision(quotes: Sequence[str], gold: Gold) -> float:
    """The share of the quotes that hold a gold answer; 0 where nothing is quoted."""
    return sum(held([quote], gold) > 0 for quote in quotes) / len(quotes) if quotes else 0.0


def citation_recall(cited: Sequence[Place], gold: Sequence[Sequence[Place]]) -> float:
    """The share of the gold facts of which a whole gold span lies within a cited one.

    `gold` lists for each fact the places where it stands. Other than the text that a quote holds,
    a place tells a number that answers from the same number elsewhere.
    """
    covered = [any(_covers(c, place) for c in cited for place in fact) for fact in gold]
    return sum(covered) / len(covered) if covered else 0.0


def _covers(cited: Place, gold: Place) -> bool:
    return cited[0] == gold[0] and cited[1] <= gold[1] and gold[2] <= cited[2]


# Words: Chinese as CMRC 2018 scores it, everything else as SQuAD does

# The marks that cmrc2018_evaluate.py takes out (its list's "……" never equals one character).
_CMRC_MARKS = frozenset("-:_*^/\\~`+=，。：？！“”；’《》·、「」（）－～『』")
# Stands for nltk.word_tokenize, which the script applies between Han characters.
_WORD = re.compile(r"\d+(?:[.,]\d+)*|[^\W\d]+|[^\w\s]")
_ARTICLES = re.compile(r"\b(a|an|the)\b")
_ASCII_MARKS = str.maketrans("", "", string.punctuation)


def mixed_segmentation(text: str) -> list[str]:
    """Han characters one by one, Latin words and numbers whole, CMRC's punctuation removed.

    `mixed_segmentation(…, rm_punc=True)` of cmrc2018_evaluate.py (Cui et al. 2019), but that
    each token is folded, so that a quote in the other script is no error.
    """
    kept = (char for char in text.lower().strip() if char not in _CMRC_MARKS)
    spaced = "".join(f" {char} " if is_han(char) else char for char in kept)
    return [fold_text(token) for token in _WORD.findall(spaced)]


def cmrc_exact(prediction: str, gold: str) -> float:
    """`calc_em_score` of cmrc2018_evaluate.py: equal without the marks, after folding."""
    return float(_without_marks(prediction) == _without_marks(gold))


def cmrc_f1(prediction: str, gold: str) -> float:
    """`calc_f1_score` of cmrc2018_evaluate.py, for one gold answer.

    With L the length of the longest run of tokens that both share, precision = L / |prediction|,
    recall = L / |gold|, F1 their harmonic mean.
    """
    ours, theirs = mixed_segmentation(prediction), mixed_segmentation(gold)
    return _f1(_longest_common_run(ours, theirs), len(ours), len(theirs))


def squad_tokens(text: str) -> list[str]:
    """`normalize_answer` of SQuAD's evaluate-v1.1.py, split: no case, punctuation or articles."""
    return _ARTICLES.sub(" ", text.lower().translate(_ASCII_MARKS)).split()


def squad_exact(prediction: str, gold: str) -> float:
    """`exact_match_score` of SQuAD's evaluate-v1.1.py (Rajpurkar et al. 2016)."""
    return float(squad_tokens(prediction) == squad_tokens(gold))


def squad_f1(prediction: str, gold: str) -> float:
    """`f1_score` of SQuAD's evaluate-v1.1.py: F1 of the two bags of tokens."""
    ours, theirs = squad_tokens(prediction), squad_tokens(gold)
    return _f1((Counter(ours) & Counter(theirs)).total(), len(ours), len(theirs))


def exact_match(predictions: Sequence[str], gold: Gold) -> float:
    """1 where the predicted spans and the gold facts pair off, each pair exactly equal."""
    return float(_paired_off(predictions, gold, cmrc_exact, squad_exact) == 1)


def f1(predictions: Sequence[str], gold: Gold) -> float:
    """CMRC's F1 where gold or prediction holds Han characters, else SQuAD's; of the best wording.

    A question for one fact has one prediction. Where several facts are asked for, spans and
    facts are paired so that the sum of F1 is greatest, and the sum is divided by the larger of
    the two numbers, as DROP does (Dua et al. 2019, section 5).
    """
    return _paired_off(predictions, gold, cmrc_f1, squad_f1)


Comparison = Callable[[str, str], float]


def _paired_off(
    predictions: Sequence[str], gold: Gold, chinese: Comparison, other: Comparison
) -> float:
    if not predictions or not gold:
        return 0.0
    scores = np.array([[_best(p, fact, chinese, other) for fact in gold] for p in predictions])
    rows, columns = linear_sum_assignment(scores, maximize=True)
    return float(scores[rows, columns].sum() / max(scores.shape))


def _best(
    prediction: str, wordings: Sequence[str], chinese: Comparison, other: Comparison
) -> float:
    return max(
        (chinese if has_han(wording + prediction) else other)(prediction, wording)
        for wording in wordings
    )


def has_han(text: str) -> bool:
    return any(map(is_han, text))


def _without_marks(text: str) -> str:
    return fold_text("".join(char for char in text.lower().strip() if char not in _CMRC_MARKS))


def _longest_common_run(a: Sequence[Hashable], b: Sequence[Hashable]) -> int:
    """`find_lcs` of cmrc2018_evaluate.py: the longest common substring, by dynamic programming."""
    longest = 0
    previous = [0] * (len(b) + 1)
    for left in a:
        current = [0] * (len(b) + 1)
        for j, right in enumerate(b):
            if left == right:
                current[j + 1] = previous[j] + 1
        longest = max(longest, *current)
        previous = current
    return longest


def _f1(common: int, ours: int, theirs: int) -> float:
    return 2 * common / (ours + theirs) if common else 0.0
