import pytest

from index.records import Span
from rag.evidence import Sentence, Weighed, sentences
from rag.fits import echoes, fits, nearness
from tests.rag.makers import analyse, make_inquiry, make_match


def sentence_of(question: str, text: str) -> Sentence:
    [found] = sentences(analyse(question), make_match(text, start=5), [])
    return found


def place(text: str, words: str) -> Span:
    start = 5 + text.index(words)
    return Span(start, start + len(words))


@pytest.mark.parametrize(
    ("question", "text", "words", "fitting"),
    [
        ("青禾区投资多少？", "引进企业300家，投资6.5亿元。", "6.5亿元", True),
        ("青禾区投资多少？", "引进企业300家，投资6.5亿元。", "300家", False),
        ("How many schools?", "It has 40 schools and 12 parks.", "40", True),
        ("How many schools?", "It has 12 parks.", "12", False),
        # Nothing is known of what would answer.
        ("为什么投资？", "引进企业300家。", "300家", True),
    ],
)
def test_words_of_the_kind_that_is_asked_for(
    question: str, text: str, words: str, fitting: bool
) -> None:
    assert fits(analyse(question), sentence_of(question, text), place(text, words)) == fitting


CONCEPTS: list[Weighed] = [({"学校": 1.0}, 1.0), ({"白露": 1.0}, 1.0)]


def near(text: str, words: str) -> float:
    return nearness(CONCEPTS, sentence_of("？", text), place(text, words))


def test_words_right_before_count_fully_and_far_ones_less() -> None:
    text = "学校12所，除此以外还新建了公园34座。"
    assert near(text, "12所") == pytest.approx(0.5)
    assert 0 < near(text, "34座") < 0.3


def test_words_behind_are_half_as_near() -> None:
    assert near("学校一二三12", "12") == pytest.approx(near("12一学校", "12"), abs=0.1)


def test_nothing_is_near_without_words() -> None:
    assert near("公园34座。", "34座") == 0.0
    assert nearness([], sentence_of("？", "公园34座。"), Span(5, 6)) == 0.0


def test_words_that_say_the_question_again() -> None:
    inquiry = make_inquiry("白露区在哪里？", [({"bailu": 1.0, "白露": 1.0}, 1.0)], [])
    assert echoes(inquiry, "白露区")
    assert echoes(inquiry, "Bailu")
    assert not echoes(inquiry, "青禾区")
