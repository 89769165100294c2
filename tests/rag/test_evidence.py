import pytest

from rag.evidence import (
    Sentence,
    Weighed,
    coverage,
    features,
    found_instead,
    sentences,
    support,
    unsupported,
)
from tests.rag.makers import analyse, make_inquiry, make_match, make_passage

QINGHE: Weighed = ({"青禾区": 1.0}, 2.0)
BAILU: Weighed = ({"白露区": 1.0}, 2.0)
INVESTED: Weighed = ({"投资": 1.0}, 1.0)
TITLES = ["青禾区", "白露区"]


def test_support_is_the_closeness_of_the_best_term() -> None:
    river = {"河流": 0.5, "水系": 0.25, "river": 1.0}
    assert support(river, "a river bank") == 1
    assert support(river, "两条河流和水系") == 0.5
    assert support(river, "水系") == 0.25
    assert support(river, "山") == 0


@pytest.mark.parametrize(
    ("term", "text", "share"),
    [
        ("青禾园区", "青禾区的园区", 2 / 3),
        ("青禾园区", "青禾园区", 1),
        ("青禾园区", "白露", 0),
        ("青禾", "青山禾田", 0),  # a short word is there or not
        ("park", "par ark", 0),
    ],
)
def test_a_longer_han_word_is_supported_in_part(term: str, text: str, share: float) -> None:
    assert support({term: 1.0}, text) == pytest.approx(share)


def test_coverage_weighs_by_rarity() -> None:
    assert coverage([QINGHE, INVESTED], "青禾区投资") == 1
    assert coverage([QINGHE, INVESTED], "青禾区修路") == pytest.approx(2 / 3)
    assert coverage([QINGHE, INVESTED], "投资") == pytest.approx(1 / 3)
    assert coverage([], "投资") == coverage([({"投资": 1.0}, 0.0)], "投资") == 0


def test_words_in_a_title_name_and_the_others_matter() -> None:
    inquiry = make_inquiry("青禾区投资多少？", [QINGHE, INVESTED], TITLES)
    assert (inquiry.named, inquiry.matter) == ([QINGHE], [INVESTED])
    untitled = make_inquiry("青禾区投资多少？", [QINGHE, INVESTED], [])
    assert (untitled.named, untitled.matter) == ([], [QINGHE, INVESTED])


def test_a_word_that_a_title_has_only_in_part_names_nothing() -> None:
    park: Weighed = ({"青禾园区": 1.0}, 2.0)
    assert make_inquiry("青禾园区？", [park], TITLES).named == []


def test_sentences_come_best_first_with_what_they_cover() -> None:
    match = make_match(
        "下雨了一整天。修了一條路。投資8億元。", start=7, context="青禾區", cosines=[0.4, 0.5, 0.6]
    )
    ranked = sentences(analyse("青禾区投资多少？"), match, [QINGHE, INVESTED])
    assert [sentence.text for sentence in ranked] == [
        "投資8億元。",
        "修了一條路。",
        "下雨了一整天。",
    ]
    best = ranked[0]
    assert best.chunk == match.chunk
    assert (best.span.start, best.span.end) == (20, 26)
    assert (best.folded, best.coverage, best.fits) == ("投资8亿元。", 1, True)
    [span] = best.spans
    assert best.text[span.start : span.end] == "8億元"
    # The headings hold the name.
    assert [sentence.coverage for sentence in ranked[1:]] == [pytest.approx(2 / 3)] * 2
    scores = [sentence.score for sentence in ranked]
    assert scores == sorted(scores, reverse=True)


def test_words_that_a_sentence_covers_count_beside_its_cosine() -> None:
    match = make_match("下雨了一整天。投资了不止一处。", cosines=[0.61, 0.6])
    asked = analyse("投资什么？")
    assert sentences(asked, match, [INVESTED])[0].text == "投资了不止一处。"
    assert sentences(asked, match, [])[0].text == "下雨了一整天。"


def test_equal_sentences_are_in_order_of_their_positions() -> None:
    ranked = sentences(analyse("什么？"), make_match("一样长。一样长。一样长。", start=3), [])
    assert [sentence.span.start for sentence in ranked] == [3, 7, 11]


def test_a_passage_without_words_has_no_sentences() -> None:
    assert sentences(analyse("什么？"), make_match(" \n"), [INVESTED]) == []


@pytest.mark.parametrize(
    ("text", "context", "date", "missing"),
    [
        ("投资6亿元。", "青禾区", None, ("2021",)),
        ("2020年投资6亿元。", "青禾区", "2020-05", ("2021",)),
        ("2020年投资6亿元。", "青禾区 › 2021年", None, ("2021",)),
        ("去年投资6亿元。", "青禾区", "2021-05", ("2021",)),
        ("去年投资6亿元。", "青禾区", "2022-05", ()),
        ("２０２１年投资6亿元。", "青禾区", None, ()),
        ("2020年投资5亿元，2021年投资6亿元。", "青禾区", None, ()),
        ("投资6亿元。", "青禾区 › 2021年", None, ()),
        ("投资6亿元。", "青禾区", "2021-05-01", ()),
    ],
)
def test_a_year_stands_near_the_quote(
    text: str, context: str, date: str | None, missing: tuple[str, ...]
) -> None:
    inquiry = make_inquiry("青禾区2021年投资多少？", [QINGHE, INVESTED], TITLES)
    passage = make_passage(make_match(text, context=context), date=date)
    document = f"青禾区\n{text}\n另一处说到2021年。"
    assert unsupported(inquiry, passage, text, document) == missing


def test_a_year_elsewhere_in_the_chunk_counts_only_for_a_quote_without_one() -> None:
    inquiry = make_inquiry("青禾区2021年投资多少？", [QINGHE, INVESTED], TITLES)
    text = "2021年修了路。投资6亿元。2020年投资5亿元。"
    passage = make_passage(make_match(text, context="青禾区"))
    document = f"青禾区\n{text}"
    assert unsupported(inquiry, passage, "投资6亿元。", document) == ()
    assert unsupported(inquiry, passage, "2020年投资5亿元。", document) == ("2021",)


def test_every_year_that_is_missing_is_told_in_the_order_of_the_question() -> None:
    inquiry = make_inquiry("2022年、2020年和2021年投资多少？", [INVESTED], TITLES)
    quote = "2020年投资6亿元。"
    passage = make_passage(make_match(quote))
    assert unsupported(inquiry, passage, quote, quote) == ("2022", "2021")


def test_the_figures_of_a_sibling_are_not_quoted() -> None:
    inquiry = make_inquiry("青禾区投资多少？", [QINGHE, INVESTED], TITLES)
    quote = "投资8亿元。"
    passage = make_passage(make_match(quote, context="白露区"))
    assert unsupported(inquiry, passage, quote, "白露区\n投资8亿元。") == ("青禾区",)
    assert unsupported(inquiry, passage, quote, "白露区\n和青禾区投资8亿元。") == ()


def test_a_document_without_a_title_may_speak_of_anything() -> None:
    inquiry = make_inquiry("青禾区投资多少？", [QINGHE, INVESTED], TITLES)
    quote = "投资8亿元。"
    assert unsupported(inquiry, make_passage(make_match(quote)), quote, quote) == ()


def test_a_comparison_of_siblings_is_not_refused() -> None:
    inquiry = make_inquiry("青禾区和白露区哪个投资多？", [QINGHE, BAILU, INVESTED], TITLES)
    quote = "投资8亿元。"
    passage = make_passage(make_match(quote, context="白露区"))
    assert unsupported(inquiry, passage, quote, "白露区\n投资8亿元。") == ()


@pytest.mark.parametrize("titles", [TITLES, []])
def test_a_word_that_no_title_has_names_nothing(titles: list[str]) -> None:
    inquiry = make_inquiry("星屿投资多少？", [({"星屿": 1.0}, 3.0), INVESTED], titles)
    quote = "投资8亿元。"
    passage = make_passage(make_match(quote, context="白露区"))
    assert unsupported(inquiry, passage, quote, "白露区\n投资8亿元。") == ()


def test_a_name_is_supported_by_its_translation() -> None:
    bailu: Weighed = ({"白露": 1.0, "bailu": 1.0}, 2.0)
    inquiry = make_inquiry("How much did Bailu invest?", [bailu], ["白露", "青禾"])
    quote = "投资8亿元。"
    passage = make_passage(make_match(quote, context="白露"))
    assert unsupported(inquiry, passage, quote, "白露\n投资8亿元。") == ()
    sibling = make_passage(make_match(quote, context="青禾"))
    assert unsupported(inquiry, sibling, quote, "青禾\n投资8亿元。") == ("bailu",)


@pytest.mark.parametrize(
    ("quote", "date", "years"),
    [
        ("2020年投资6亿元。", None, ("2020",)),
        ("２０２０年投资6亿元。2018年投资5亿元。", None, ("2018", "2020")),
        ("去年投资6亿元。", "2020-05", ("2019",)),
        ("投资6亿元。", "2020-05", ()),
    ],
)
def test_in_place_of_a_year_the_quotes_years_were_found(
    quote: str, date: str | None, years: tuple[str, ...]
) -> None:
    passage = make_passage(make_match(quote, context="青禾区"), date=date)
    assert found_instead(("2021",), passage, quote) == years


def test_in_place_of_a_name_the_documents_title_was_found() -> None:
    quote = "2020年投资6亿元。"
    passage = make_passage(make_match(quote, context="白露区"))
    assert found_instead(("青禾区",), passage, quote) == ("白露区",)
    assert found_instead(("2021", "青禾区"), passage, quote) == ("白露区",)
    assert found_instead(("青禾区",), make_passage(make_match(quote)), quote) == ()


def two_districts() -> list[Sentence]:
    """What 青禾区 says, and then what 白露区 does."""
    asked = analyse("青禾区2021年投资多少？")
    matches = [
        make_match("青禾区投资6亿元。", lexical=0.5, dense=0.75, cosines=[0.75]),
        make_match("白露区修了路。", document="e", cosines=[0.25]),
    ]
    return [s for match in matches for s in sentences(asked, match, [QINGHE, INVESTED])]


def test_features_tell_what_is_named_from_what_matters() -> None:
    inquiry = make_inquiry("青禾区2021年投资多少？", [QINGHE, INVESTED], TITLES)
    passage = make_passage(make_match("青禾区投资6亿元。", lexical=0.5, dense=0.75, cosines=[0.75]))
    best, other = seen = two_districts()
    values = features(inquiry, passage, best, seen, "青禾区投资6亿元。")
    assert (values["named"], values["matter"], values["coverage"]) == (1, 1, 1)
    assert (values["nothing_named"], values["misfit"], values["missing_figures"]) == (0, 0, 1)
    assert (values["lexical"], values["chunk_dense"]) == (0.5, 0.75)
    assert values["dense"] == best.dense
    assert values["lead"] == pytest.approx(best.dense - other.dense)
    assert values["standout"] == pytest.approx((best.dense - other.dense) / 2)
    assert features(inquiry, passage, best, seen, "白露区2021年。")["named"] == 0
    assert features(inquiry, passage, best, seen, "白露区2021年。")["missing_figures"] == 0


def test_alone_a_sentence_has_no_lead() -> None:
    inquiry = make_inquiry("投资多少？", [INVESTED], [])
    match = make_match("投资6亿元。又修了路。", cosines=[0.75, 0.25])
    seen = sentences(inquiry.asked, match, inquiry.concepts)
    values = features(inquiry, make_passage(match), seen[0], seen, "")
    assert (values["lead"], values["nothing_named"]) == (0, 1)
    assert values["standout"] > 0


def test_a_sentence_without_words_of_the_kind_does_not_fit() -> None:
    match = make_match("投资不多。")
    for question, misfit in (("投资多少？", 1), ("投资怎样？", 0)):
        inquiry = make_inquiry(question, [INVESTED], [])
        seen = sentences(inquiry.asked, match, inquiry.concepts)
        assert features(inquiry, make_passage(match), seen[0], seen, "")["misfit"] == misfit


@pytest.mark.parametrize(
    ("question", "text", "crossing"),
    [
        ("投资多少？", "投资6亿元。", False),
        ("投資多少？", "投资6亿元。", False),
        ("How much?", "It is 6 yuan.", False),
        ("How much?", "投资6亿元。", True),
        ("投资多少？", "It is 6 yuan.", True),
    ],
)
def test_features_of_crossing_languages_have_names_of_their_own(
    question: str, text: str, crossing: bool
) -> None:
    inquiry = make_inquiry(question, [], [])
    match = make_match(text)
    seen = sentences(inquiry.asked, match, [])
    names = features(inquiry, make_passage(match), seen[0], seen, "")
    assert all(name.startswith("crossing_") == crossing for name in names)
