from collections.abc import Sequence
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.encoder import HashEncoder
from index.store import Store
from rag.draft import Passage
from rag.duplicates import copies_last
from rag.retrieve import RETRIEVERS, retrieve
from tests.rag.makers import make_match, make_passage, write

TITLE = "青禾区"
TEXT = (
    "2021年，青禾区引进企业300余家，完成投资6.5亿元，同比增长12.5%，各项工作走在全市前列。"
    "区长林小禾表示，明年将在临河新城再修一条路，并把Star Islet公园对外开放的时间延长。"
    "当地居民对此十分期待，认为出行和休闲都会比过去方便得多。"
)
TRADITIONAL = (
    "2021年，青禾區引進企業300餘家，完成投資6.5億元，同比增長12.5%，各項工作走在全市前列。"
    "區長林小禾表示，明年將在臨河新城再修一條路，並把Star Islet公園對外開放的時間延長。"
    "當地居民對此十分期待，認為出行和休閒都會比過去方便得多。"
)
FIRST, SECOND, THIRD = (f"{sentence}。" for sentence in TEXT.split("。")[:3])


def passages(*texts: str, contexts: Sequence[str] = (), dates: Sequence[str] = ()) -> list[Passage]:
    """In the order of the texts, each of a document of its own, with falling scores."""
    return [
        make_passage(
            make_match(text, document=f"d{n}", context=contexts[n] if contexts else TITLE),
            score=1 - n / 10,
            date=dates[n] if dates else None,
        )
        for n, text in enumerate(texts)
    ]


def documents(ranking: Sequence[Passage]) -> list[str]:
    return [passage.document.id for passage in ranking]


def is_copy(better: str, text: str, **stated: Sequence[str]) -> bool:
    """Whether `text` goes behind a third passage that was ranked below it."""
    stated = {name: [*values, values[-1]] for name, values in stated.items()}
    order = documents(copies_last(passages(better, text, "这里说的是别的事情。", **stated)))
    assert order in (["d0", "d1", "d2"], ["d0", "d2", "d1"])
    return order == ["d0", "d2", "d1"]


@pytest.mark.parametrize(
    "text",
    [
        TEXT,
        TRADITIONAL,
        TEXT.replace("，", ", ").replace("2021", "２０２１"),
        TEXT.replace("Star Islet", "STAR ISLET"),
        TEXT.replace("，", ""),
        TEXT.replace("对外开放的时间", "对外开放时间"),
        TEXT.replace("出行和休闲", "出行与休闲"),
        SECOND,
        FIRST + THIRD,
        f"{TEXT}（本报讯）",
        f"本报记者报道。{TEXT}",
    ],
)
def test_a_copy_goes_behind_what_is_distinct(text: str) -> None:
    assert is_copy(TEXT, text)


@pytest.mark.parametrize(
    ("found", "other"),
    [
        ("300余家", "301余家"),
        ("2021年", "2022年"),
        ("6.5亿", "65亿"),
        ("6.5亿", "6.5万"),
        ("12.5%", "1.25%"),
        ("12.5%", "12.5‰"),
        ("12.5%", "-12.5%"),
        ("林小禾", "王大明"),
        ("林小禾", "林小和"),
        ("青禾区引", "白露区引"),
        ("临河新城", "临江新城"),
        ("Star Islet", "Moon Islet"),
        ("Star Islet", "Starislet"),
        ("十分期待", "不十分期待"),
        ("同比增长", "同比下降"),
        ("300余家", "近300家"),
        ("区长", "副区长"),
    ],
)
def test_another_fact_in_the_same_words_is_distinct(found: str, other: str) -> None:
    assert TEXT.count(found) == 1
    changed = TEXT.replace(found, other)
    assert not is_copy(TEXT, changed)
    assert not is_copy(changed, TEXT)


def test_a_name_changed_in_one_short_sentence_of_a_long_passage_is_distinct() -> None:
    assert not is_copy(f"{TEXT}区长是林小禾。", f"{TEXT}区长是王大明。")


@pytest.mark.parametrize(
    "more",
    [
        "另有企业45家。",
        "ABC too.",
        "此外，当地还新建了学校和医院，并修好了老城里所有的桥，种下许多树木，又请来专家给大家讲课。",
    ],
)
def test_what_says_more_is_distinct(more: str) -> None:
    assert not is_copy(TEXT, TEXT + more)
    assert is_copy(TEXT + more, TEXT)


@pytest.mark.parametrize(("text", "other"), [("第3、5名。", "第35名。"), ("长1 2米。", "长12米。")])
def test_figures_are_compared_whole(text: str, other: str) -> None:
    assert not is_copy(text, other)


def test_thousands_separators_are_punctuation() -> None:
    assert is_copy("投资12,345元。", "投资12345元。")


@pytest.mark.parametrize(
    ("text", "contexts", "copy"),
    [
        # The text itself says whom it is about: it is one article under two titles.
        (TEXT, ["青禾区：开放与发展", "林小禾谈修路"], True),
        (TEXT, ["青禾区：开放与发展", ""], True),
        (TEXT, ["青禾区", "青禾區"], True),
        # The titles say it.
        ("引进企业300家，投资6.5亿元。", ["青禾区", "白露区"], False),
        ("引进企业300家，投资6.5亿元。", ["青禾区", ""], False),
        ("引进企业300家，投资6.5亿元。", ["青禾区 › 投资", "青禾区：投资"], True),
        ("青禾区引进企业300家。", ["青禾区2021年", "青禾区2022年"], False),
        ("青禾区2021年引进企业300家。", ["青禾区2021年", "青禾区2022年"], True),
        ("2021年引进企业300家。", ["青禾区2021年", "白露区2022年"], False),
        ("It has 40 schools.", ["Star Islet", "Moon Islet"], False),
        ("Star Islet has 40 schools.", ["Star Islet", "Moon Islet"], True),
    ],
)
def test_titles_count_where_the_text_does_not_say_what_it_is_about(
    text: str, contexts: list[str], *, copy: bool
) -> None:
    assert is_copy(text, text, contexts=contexts) is copy


@pytest.mark.parametrize(
    ("text", "dates", "copy"),
    [
        ("去年青禾区引进企业300家。", ["2021-12-30", "2022-01-02"], False),
        ("去年青禾区引进企业300家。", ["2021-12-30", "2021-12-31"], True),
        ("去年青禾区引进企业300家。", ["2021-12-30", ""], True),
        ("2021年青禾区引进企业300家。", ["2021-12-30", "2022-01-02"], True),
    ],
)
def test_of_another_year_it_is_another_fact(text: str, dates: list[str], *, copy: bool) -> None:
    assert is_copy(text, text, dates=dates) is copy


def test_copies_of_one_document_count_too() -> None:
    twice = [
        make_passage(make_match(text, start=start, context=TITLE), score=score)
        for text, start, score in [(TEXT, 0, 0.9), (TEXT, 500, 0.8), (FIRST[:20], 900, 0.7)]
    ]
    assert copies_last(twice) != twice


def test_what_has_no_letters_is_never_a_copy() -> None:
    assert not is_copy("……", "——。")
    assert not is_copy(TEXT, "😀。")


SENTENCES = [FIRST, SECOND, THIRD, "青禾区很大。", "……", "白露區有45家。", "Nothing else."]


@given(
    st.lists(
        st.tuples(
            st.lists(st.sampled_from(SENTENCES), min_size=1, max_size=4).map("".join),
            st.sampled_from([TITLE, "白露区", ""]),
            st.sampled_from([-0.5, 0.0, 0.25, 0.5]),
        ),
        max_size=12,
    )
)
def test_the_order_changes_and_nothing_else(found: list[tuple[str, str, float]]) -> None:
    before = sorted(
        (
            make_passage(make_match(text, document=f"d{n}", context=title), score=score)
            for n, (text, title, score) in enumerate(found)
        ),
        key=lambda passage: -passage.score,
    )
    after = copies_last(before)
    assert after[:1] == before[:1]
    assert sorted(documents(after)) == sorted(documents(before))
    assert {id(passage.match) for passage in after} == {id(passage.match) for passage in before}
    scores = [passage.score for passage in after]
    assert scores == sorted(scores, reverse=True)
    # What kept its score is distinct and in its old order; the others follow, in theirs.
    rank = {passage.document.id: place for place, passage in enumerate(before)}
    kept = [passage in before for passage in after]
    assert kept == sorted(kept, reverse=True)
    for group in (True, False):
        ranks = [rank[p.document.id] for p, k in zip(after, kept, strict=True) if k is group]
        assert ranks == sorted(ranks)


NAMES = st.text("青禾白露临河大明小善山水", min_size=2, max_size=3)


@given(NAMES, NAMES, st.integers(1, 999), st.integers(1, 999))
def test_siblings_of_one_template_are_all_distinct(
    name: str, other: str, figure: int, another: int
) -> None:
    def page(name: str, figure: int) -> str:
        return f"{name}区引进企业{figure}家，投资{figure / 10}亿元，各项工作走在全市前列。"

    different = {page(n, f): None for n in (name, other) for f in (figure, another)}
    ranking = passages(*different)
    assert copies_last(ranking) == ranking


@pytest.mark.parametrize("retriever", RETRIEVERS)
def test_copies_do_not_fill_the_results(tmp_path: Path, retriever: str) -> None:
    texts = {f"copy-{n}": TEXT if n % 2 else TRADITIONAL for n in range(6)}
    texts |= {"road": "青禾区的路很长。", "school": "青禾区有学校。", "far": "山里下雨了。"}
    for name, text in texts.items():
        write(tmp_path / "documents" / f"{name}.txt", text)
    with Store.open(tmp_path / "data", HashEncoder(), write=True) as store:
        store.add([tmp_path / "documents"])
        found = retrieve(store, "2021年青禾区引进企业多少家？", retriever)
    copies = [passage.document.source.startswith("copy") for passage in found]
    assert copies[0]
    distinct = copies.count(False)
    assert copies == [True, *[False] * distinct, *[True] * 5]
    assert distinct >= (2 if retriever == "bm25" else 3)
    ranks = [(-passage.score, passage.match.chunk.id) for passage in found]
    assert ranks == sorted(ranks)
