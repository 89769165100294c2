import pytest

from index.concepts import Concepts
from index.romanised import Romanised
from index.tokens import Tokenizer

VOCABULARY = ["青禾", "林小", "小禾", "河流", "软体", "650000000", "qingh", "stream", "青"]


@pytest.fixture
def concepts() -> Concepts:
    return Concepts(Tokenizer(), VOCABULARY, Romanised(VOCABULARY))


def found(concepts: Concepts, question: str, *without: str) -> set[str]:
    """The terms of the collection that the question looks for."""
    looked_for = concepts.of_question(question, without)
    return {term for concept in looked_for for term in concept if term in VOCABULARY}


@pytest.mark.parametrize(
    ("question", "expected", "ingredient"),
    [
        ("Where is Qinghe?", {"青禾"}, "pinyin"),
        ("Lin Xiaohe", {"林小", "小禾"}, "pinyin"),
        ("Which rivers?", {"河流"}, "dictionary"),
        ("哪些软件？", {"软体"}, "regional"),
        ("0.65 billion", {"650000000"}, "numbers"),
        ("看青禾", {"青禾"}, "bigrams"),
    ],
)
def test_each_ingredient_finds_what_the_others_miss(
    concepts: Concepts, question: str, expected: set[str], ingredient: str
) -> None:
    assert expected <= found(concepts, question)
    if question != "看青禾":  # a name that jieba cuts out itself needs no bigram
        assert not expected & found(concepts, question, ingredient)


def test_names_with_marks_are_joined_too(concepts: Concepts) -> None:
    assert {"林小", "小禾"} <= found(concepts, "Lín Xiǎohé")


def test_a_name_in_characters_is_sought_in_the_latin_script_too(concepts: Concepts) -> None:
    assert {"青禾", "qingh"} <= found(concepts, "青禾")
    assert "qingh" not in found(concepts, "青禾", "pinyin")


def test_names_that_look_stemmed_are_found_as_written() -> None:
    vocabulary = ["青星"]
    concepts = Concepts(Tokenizer(), vocabulary, Romanised(vocabulary))
    assert any("青星" in concept for concept in concepts.of_question("What is Qingxing?"))


def test_a_concept_ends_with_the_term_itself(concepts: Concepts) -> None:
    for concept in concepts.of_question("rivers of Qinghe, 0.65 billion"):
        assert concept[list(concept)[-1]] == 1.0
    assert list(concepts.of_word("river"))[-1] == "river"


def test_function_words_are_not_looked_for(concepts: Concepts) -> None:
    assert concepts.of_question("what is it of the") == []


def test_pairs_are_not_missed_in_a_collection_of_another_script() -> None:
    western = Concepts(Tokenizer(), ["stream"], Romanised(["stream"]))
    terms = [list(concept)[-1] for concept in western.of_question("青禾区河流")]
    assert "河流" in terms
    assert "区河" not in terms
    chinese = Concepts(Tokenizer(), ["禾区"], Romanised(["禾区"]))
    assert "区河" in [list(concept)[-1] for concept in chinese.of_question("青禾区河流")]
