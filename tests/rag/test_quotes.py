import pytest

from rag.choose import Chosen
from rag.draft import Passage, Quote
from rag.evidence import Weighed
from rag.quotes import evidence, quotes_of
from tests.rag.makers import make_finding, make_match, make_passage

QINGHE: Weighed = ({"青禾区": 1.0}, 2.0)


def passage(text: str, *, document: str = "d", start: int = 0) -> Passage:
    return make_passage(make_match(text, document=document, start=start))


def quoted(text: str, words: str, *named: Weighed, start: int = 0) -> str:
    """What is quoted of a text for the words in it."""
    one = passage(text, start=start)
    return one.match.chunk.words_at(evidence(make_finding(one, words), named))


def chosen(of: Passage, words: str, *, answers: bool = True) -> Chosen:
    return Chosen(make_finding(of, words), answers)


def highlighted(quote: Quote) -> list[str]:
    return [quote.text[h.start - quote.start : h.end - quote.start] for h in quote.highlights]


@pytest.mark.parametrize("start", [0, 100])
@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ("300家", "😀引进企业300家。"),
        ("修了路", "又修了路！"),
        ("种完？", "树没种完？"),
        ("又修了路！", "又修了路！"),
        ("300家。又修了路", "😀引进企业300家。又修了路！"),
        ("企业300家。又修了路！树没", "😀引进企业300家。又修了路！树没种完？"),
    ],
)
def test_whole_sentences_are_quoted(words: str, expected: str, start: int) -> None:
    assert quoted("😀引进企业300家。又修了路！树没种完？", words, start=start) == expected


@pytest.mark.parametrize(
    "sentence",
    [
        "该区引进企业300家。",
        "該區引進企業300家。",
        "其企业有300家。",
        "同时引进企业300家。",
        "It has 300家。",
        "They have 300家。",
    ],
)
def test_a_sentence_that_leans_on_the_one_before_brings_it(sentence: str) -> None:
    text = f"下雨了。青禾区在山里。{sentence}"
    assert quoted(text, "300家", start=9) == f"青禾区在山里。{sentence}"


@pytest.mark.parametrize("sentence", ["引进企业300家。", "Items are 300家。", "Theirs is 300家。"])
def test_a_sentence_that_stands_by_itself_brings_none(sentence: str) -> None:
    assert quoted(f"青禾区在山里。{sentence}", "300家") == sentence


def test_a_sentence_brings_the_one_before_where_the_subject_is_named_there() -> None:
    text = "青禾区在山里。引进企业300家。"
    assert quoted(text, "300家", QINGHE) == text
    assert quoted(text, "300家") == "引进企业300家。"
    both = "青禾区在山里。青禾区引进企业300家。"
    assert quoted(both, "300家", QINGHE) == "青禾区引进企业300家。"
    neither = "下雨了。引进企业300家。"
    assert quoted(neither, "300家", QINGHE) == "引进企业300家。"


def test_the_subject_is_known_in_either_script() -> None:
    text = "青禾區在山裡。引進企業300家。"
    assert quoted(text, "300家", QINGHE) == text


def test_only_the_sentence_right_before_is_brought() -> None:
    text = "青禾区在山里。下雨了。其企业有300家。"
    assert quoted(text, "300家", QINGHE) == "下雨了。其企业有300家。"


def test_the_first_sentence_has_none_before() -> None:
    assert quoted("该区引进企业300家。又修了路。", "300家", QINGHE) == "该区引进企业300家。"


def test_a_long_sentence_is_not_brought_for_its_subject() -> None:
    text = f"青禾区{'在山里' * 100}。该区引进企业300家。"
    assert quoted(text, "300家", QINGHE) == "该区引进企业300家。"


def test_a_quote_is_the_text_at_its_place_with_the_answer_highlighted() -> None:
    one = passage("下雨了。引进企业300家。", start=50)
    [quote] = quotes_of([chosen(one, "300家")], [])
    assert (quote.document_id, quote.start, quote.end) == ("d", 54, 63)
    assert quote.text == "引进企业300家。"
    assert highlighted(quote) == ["300家"]


def test_nothing_chosen_is_nothing_quoted() -> None:
    assert quotes_of([], [QINGHE]) == []


def test_quotes_keep_the_order_in_which_they_were_chosen() -> None:
    one, other = passage("甲一。下雨了。甲二。"), passage("乙一。", document="e")
    each = [chosen(one, "二"), chosen(other, "乙"), chosen(one, "一")]
    assert [quote.text for quote in quotes_of(each, [])] == ["甲二。", "乙一。", "甲一。"]


@pytest.mark.parametrize("order", [("300家", "6.5亿元"), ("6.5亿元", "300家")])
@pytest.mark.parametrize("between", ["", "\n", " \n\u3000"])
def test_sentences_that_touch_become_one_quote(order: tuple[str, str], between: str) -> None:
    text = f"引进企业300家。{between}投资6.5亿元。"
    one = passage(text, start=7)
    [quote] = quotes_of([chosen(one, words) for words in order], [])
    assert (quote.text, quote.start, quote.end) == (text, 7, 7 + len(text))
    assert highlighted(quote) == ["300家", "6.5亿元"]


def test_quotes_that_overlap_become_one() -> None:
    one = passage("青禾区在山里。该区引进企业300家。")
    [quote] = quotes_of([chosen(one, "300家"), chosen(one, "山里")], [])
    assert quote.text == one.match.chunk.text
    assert highlighted(quote) == ["山里", "300家"]


def test_a_quote_that_joins_two_others_makes_them_one() -> None:
    one = passage("甲是一。乙是二。丙是三。")
    each = [chosen(one, words) for words in ("一", "三", "二")]
    assert [quote.text for quote in quotes_of(each, [])] == ["甲是一。乙是二。丙是三。"]


def test_sentences_apart_stay_two_quotes() -> None:
    one = passage("引进企业300家。下雨了。投资6.5亿元。")
    quotes = quotes_of([chosen(one, "300家"), chosen(one, "6.5亿元")], [])
    assert [quote.text for quote in quotes] == ["引进企业300家。", "投资6.5亿元。"]


def test_the_same_words_of_two_documents_stay_two_quotes() -> None:
    text = "引进企业300家。"
    each = [chosen(passage(text, document=name), "300家") for name in "de"]
    assert [quote.document_id for quote in quotes_of(each, [])] == ["d", "e"]


def test_of_highlights_that_overlap_the_first_is_kept() -> None:
    one = passage("引进企业约300余家，投资6.5亿元。")
    for first, second in (("300余家", "约300余家"), ("约300余家", "300余家")):
        each = [chosen(one, first), chosen(one, second), chosen(one, "6.5亿元")]
        [quote] = quotes_of(each, [])
        assert highlighted(quote) == [first, "6.5亿元"]


def test_the_same_words_twice_are_highlighted_once() -> None:
    one = passage("引进企业300家。")
    [quote] = quotes_of([chosen(one, "300家")] * 2, [])
    assert highlighted(quote) == ["300家"]


def test_a_whole_sentence_is_no_short_answer() -> None:
    one = passage("下雨了。引进企业300家。")
    [quote] = quotes_of([chosen(one, "引进企业300家。")], [])
    assert (quote.text, quote.highlights) == ("引进企业300家。", ())


def test_what_does_not_answer_is_not_highlighted() -> None:
    one = passage("引进企业300家。投资6.5亿元。")
    [quote] = quotes_of([chosen(one, "300家"), chosen(one, "6.5亿元", answers=False)], [])
    assert quote.text == one.match.chunk.text
    assert highlighted(quote) == ["300家"]


def long(document: str, length: int) -> Passage:
    return passage(f"{'长' * (length - 3)}一二。", document=document)


def test_what_would_be_too_much_altogether_is_left_out() -> None:
    each = [long("d", 300), long("e", 300), long("f", 20)]
    quotes = quotes_of([chosen(one, "一") for one in each], [])
    assert [quote.document_id for quote in quotes] == ["d", "f"]


def test_the_first_is_quoted_however_long_it_is() -> None:
    each = [long("d", 1000), long("e", 20)]
    [quote] = quotes_of([chosen(one, "一") for one in each], [])
    assert (quote.document_id, len(quote.text)) == ("d", 1000)


def test_sentences_that_touch_are_too_much_together_like_any_others() -> None:
    one = passage(f"{'长' * 250}一。{'长' * 250}二。")
    [quote] = quotes_of([chosen(one, "一"), chosen(one, "二")], [])
    assert len(quote.text) == 252
