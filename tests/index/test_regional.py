import pytest

from index.regional import regional


@pytest.mark.parametrize(
    ("mainland", "elsewhere"),
    [("软件", "软体"), ("信息", "资讯"), ("网络", "网路")],
)
def test_words_of_taiwan_and_of_the_mainland_meet(mainland: str, elsewhere: str) -> None:
    assert elsewhere in regional(mainland)
    assert mainland in regional(elsewhere)


@pytest.mark.parametrize("term", ["", "软", "经济", "software", "2021"])
def test_most_words_are_the_same_everywhere(term: str) -> None:
    assert regional(term) == ()
