import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.sentences import split_sentences


def split(text: str) -> list[str]:
    return [text[span.start : span.end] for span in split_sentences(text)]


@pytest.mark.parametrize(
    ("text", "sentences"),
    [
        ("一天。两天！三天？", ["一天。", "两天！", "三天？"]),
        ("甲增长9%；乙增长3.5%。", ["甲增长9%；", "乙增长3.5%。"]),
        ("甲增长9%;乙增长3.5%。", ["甲增长9%;", "乙增长3.5%。"]),
        ("他说“好。就这样。”然后走了。再见。", ["他说“好。就这样。”然后走了。", "再见。"]),
        ("读《什么？为什么？》一书。完。", ["读《什么？为什么？》一书。", "完。"]),
        ("等等……后来呢？！好。", ["等等……", "后来呢？！", "好。"]),
        ("It cost 3.5 million. Then it rose.", ["It cost 3.5 million.", "Then it rose."]),
        ("Mr. Li met Dr. J. Smith. They left.", ["Mr. Li met Dr. J. Smith.", "They left."]),
        ("See www.example.org for v1.2. Done!", ["See www.example.org for v1.2.", "Done!"]),
        ("没有句号", ["没有句号"]),
        ("引号“没有闭合。后面一句。", ["引号“没有闭合。", "后面一句。"]),
        ("  前后有空格。  ", ["前后有空格。"]),
        ("", []),
        ("   ", []),
    ],
)
def test_sentences(text: str, sentences: list[str]) -> None:
    assert split(text) == sentences


def test_a_long_speech_is_split_in_spite_of_its_quotation_marks() -> None:
    speech = "“" + "我们要继续努力工作不断前进。" * 20 + "”"
    assert len(split(speech)) == 20


@given(st.text(st.sampled_from("天地。！；“”《》（）.;! aB3%😀e\u0301…")))
def test_sentences_cover_everything_but_white_space(text: str) -> None:
    spans = split_sentences(text, 7)
    covered = {i - 7 for span in spans for i in range(span.start, span.end)}
    assert all(char.isspace() or i in covered for i, char in enumerate(text))
    assert all(a.end <= b.start for a, b in itertools.pairwise(spans))
    assert all(
        text[s.start - 7 : s.end - 7].strip() == text[s.start - 7 : s.end - 7] for s in spans
    )
