import json

import pytest

from rag.confidence import MODEL
from rag.evidence import Weighed, coverage, features, sentences, support, unsupported
from tests.rag.makers import analyse, make_match, make_passage, make_sentence

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


def test_sentences_come_best_first_with_what_they_cover() -> None:
    passages = [
        make_passage(
            make_match("修了一條路。投資8億元。", start=7, context="青禾區", cosines=[0.5, 0.6])
        ),
        make_passage(make_match("下雨了一整天，沒有停過。", document="e", cosines=[0.4])),
    ]
    ranked = sentences(analyse("青禾区投资多少？"), passages, [QINGHE, INVESTED])
    assert [sentence.text for sentence in ranked] == [
        "投資8億元。",
        "修了一條路。",
        "下雨了一整天，沒有停過。",
    ]
    best = ranked[0]
    assert (best.span.start, best.span.end) == (13, 19)
    assert (best.folded, best.coverage, best.fits) == ("投资8亿元。", 1, True)
    [span] = best.spans
    assert best.text[span.start : span.end] == "8億元"
    assert [sentence.coverage for sentence in ranked[1:]] == [pytest.approx(2 / 3), 0]
    assert [sentence.score for sentence in ranked] == sorted(
        (sentence.score for sentence in ranked), reverse=True
    )


def test_equal_sentences_are_in_order_of_chunk_ids_and_positions() -> None:
    passages = [make_passage(make_match("一样长。一样长。", document=d)) for d in "abcdef"]
    asked = analyse("什么？")
    ranked = sentences(asked, passages, [])
    keys = [(sentence.passage.match.chunk.id, sentence.span.start) for sentence in ranked]
    assert keys == sorted(keys)
    assert sentences(asked, passages[::-1], []) == ranked


@pytest.mark.parametrize(
    ("text", "context", "date", "missing"),
    [
        ("投资6亿元。", "青禾区", None, ("2021",)),
        ("2020年投资6亿元。", "青禾区", "2020-05", ("2021",)),
        ("２０２１年投资6亿元。", "青禾区", None, ()),
        ("投资6亿元。", "青禾区 › 2021年", None, ()),
        ("投资6亿元。", "青禾区", "2021-05-01", ()),
    ],
)
def test_a_year_stands_near_the_sentence(
    text: str, context: str, date: str | None, missing: tuple[str, ...]
) -> None:
    asked = analyse("青禾区2021年投资多少？")
    best = make_sentence(text, context=context, date=date)
    document = f"青禾区\n{text}\n另一处说到2021年。"
    assert unsupported(asked, [QINGHE, INVESTED], best, document, TITLES) == missing


def test_the_figures_of_a_sibling_are_not_quoted() -> None:
    asked = analyse("青禾区投资多少？")
    best = make_sentence("投资8亿元。", context="白露区")
    concepts = [QINGHE, INVESTED]
    assert unsupported(asked, concepts, best, "白露区\n投资8亿元。", TITLES) == ("青禾区",)
    assert unsupported(asked, concepts, best, "白露区\n和青禾区投资8亿元。", TITLES) == ()


def test_a_comparison_of_siblings_is_not_refused() -> None:
    asked = analyse("青禾区和白露区哪个投资多？")
    best = make_sentence("投资8亿元。", context="白露区")
    document = "白露区\n投资8亿元。"
    assert unsupported(asked, [QINGHE, BAILU, INVESTED], best, document, TITLES) == ()


def test_a_word_that_no_title_has_names_nothing() -> None:
    asked = analyse("星洲投资多少？")
    best = make_sentence("投资8亿元。", context="白露区")
    concepts: list[Weighed] = [({"星洲": 1.0}, 3.0), INVESTED]
    assert unsupported(asked, concepts, best, "白露区\n投资8亿元。", TITLES) == ()
    assert unsupported(asked, concepts, best, "白露区\n投资8亿元。", []) == ()


def test_a_name_is_supported_by_its_translation() -> None:
    asked = analyse("How much did Bailu invest?")
    best = make_sentence("投资8亿元。", context="白露")
    concepts: list[Weighed] = [({"白露": 1.0, "bailu": 1.0}, 2.0)]
    assert unsupported(asked, concepts, best, "白露\n投资8亿元。", ["白露", "青禾"]) == ()


def test_features_tell_what_is_named_from_what_matters() -> None:
    asked = analyse("青禾区2021年投资多少？")
    ranked = sentences(
        asked,
        [
            make_passage(make_match("青禾区投资6亿元。", lexical=0.5, dense=0.75, cosines=[0.75])),
            make_passage(make_match("白露区修了路。", document="e", cosines=[0.25])),
        ],
        [QINGHE, INVESTED],
    )
    seen = features(asked, [QINGHE, INVESTED], ranked, "青禾区投资6亿元。", TITLES)
    assert (seen["named"], seen["matter"], seen["coverage"]) == (1, 1, 1)
    assert (seen["nothing_named"], seen["misfit"], seen["missing_figures"]) == (0, 0, 1)
    assert (seen["lexical"], seen["chunk_dense"]) == (0.5, 0.75)
    assert seen["lead"] == pytest.approx(ranked[0].dense - ranked[1].dense)
    elsewhere = features(asked, [QINGHE, INVESTED], ranked, "白露区。", TITLES)
    assert elsewhere["named"] == 0


def test_every_feature_has_a_weight_and_every_weight_a_feature() -> None:
    passages = [make_passage(make_match("青禾区投资6亿元。"))]
    names = {"unsupported"}
    for question in ("青禾区投资多少？", "How much did Qinghe invest?"):
        asked = analyse(question)
        names |= features(asked, [], sentences(asked, passages, []), "", []).keys()
    assert names == json.loads(MODEL.read_text(encoding="utf-8"))["weights"].keys()


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
    asked = analyse(question)
    ranked = sentences(asked, [make_passage(make_match(text))], [])
    names = features(asked, [], ranked, "", [])
    assert all(name.startswith("crossing_") == crossing for name in names)
