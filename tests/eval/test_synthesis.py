from itertools import islice

import pytest

from eval import synthesis
from eval.synthesis import Source, documents, load_source

SOURCE = Source(
    "here",
    tuple(f"第{n}段讲的是驿城区在2021年的收入，Alice met Bob there in 1999." for n in range(12)),
    chinese=("收入多少？",),
    english=("Who met Bob?",),
)


def test_the_same_seed_gives_the_same_documents_and_another_seed_others() -> None:
    first = list(islice(documents(SOURCE, 0), 5))
    assert list(islice(documents(SOURCE, 0), 5)) == first
    assert list(islice(documents(SOURCE, 1), 5)) != first


def test_no_two_paragraphs_are_alike_and_all_look_like_the_source() -> None:
    paragraphs = [p for text in islice(documents(SOURCE, 0), 20) for p in text.split("\n\n")]
    assert len(paragraphs) > 100
    assert len(set(paragraphs)) == len(paragraphs)
    assert {len(p.split("，")[0]) for p in paragraphs} <= {
        len(p.split("，")[0]) for p in SOURCE.paragraphs
    }


def test_without_the_public_sets_the_shipped_corpus_is_multiplied(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(synthesis, "BENCHMARKS", synthesis.BENCHMARKS / "nowhere")
    source = load_source()
    assert source.name == "corpus/"
    assert source.paragraphs and source.chinese and source.english
