import numpy as np
import pytest
import torch
from numpy.typing import NDArray

from index.dense import Dense
from index.records import Vectors

EACH, SUBJECTS = 40, 8


def unit(vectors: NDArray[np.float32]) -> Vectors:
    lengths = np.linalg.norm(vectors, axis=-1, keepdims=True)
    return np.asarray(vectors / lengths, np.float32)


@pytest.fixture
def vectors() -> Vectors:
    return unit(np.random.default_rng(7).standard_normal((50, 16), np.float32))


@pytest.fixture
def queries() -> Vectors:
    return unit(np.random.default_rng(8).standard_normal((20, 16), np.float32))


def labels(*names: str) -> NDArray[np.str_]:
    return np.array(names, dtype=np.str_)


def rows_of(*rows: int) -> NDArray[np.int64]:
    return np.array(rows, np.int64)


def bias(dense: Dense, query: Vectors, row: int) -> float:
    return float(dense.biases(query, rows_of(row))[0])


def two_languages() -> tuple[Vectors, NDArray[np.str_]]:
    """The same subjects in either language; what a text is in counts more than what it is about."""
    about = np.tile(np.eye(SUBJECTS, dtype=np.float32), (2 * EACH // SUBJECTS, 1))
    spoken = np.repeat(2 * np.eye(2, dtype=np.float32), EACH, axis=0)
    return unit(np.hstack([spoken, about])), labels(*["han"] * EACH, *["other"] * EACH)


def test_with_one_language_the_order_is_that_of_plain_cosines(
    vectors: Vectors, queries: Vectors
) -> None:
    dense = Dense(vectors, labels(*["han"] * len(vectors)))
    rows = np.arange(len(vectors))
    for query in queries:
        expected = np.argsort(-(vectors @ query), kind="stable")
        assert dense.nearest(query, len(vectors)).tolist() == expected.tolist()
        assert dense.nearest(query, 5).tolist() == expected[:5].tolist()
        assert dense.cosines(query, rows).tolist() == (vectors @ query).tolist()
        assert bias(dense, query, 0) == 0


def test_with_two_languages_the_one_of_the_question_has_no_advantage() -> None:
    vectors, languages = two_languages()
    query = vectors[0]  # the first subject, in the first language
    plain = vectors @ query
    right_but_foreign = np.arange(EACH, 2 * EACH, SUBJECTS)
    assert plain[1] > plain[right_but_foreign].max()
    dense = Dense(vectors, languages)
    right = {*range(0, EACH, SUBJECTS), *right_but_foreign.tolist()}
    assert set(dense.nearest(query, len(right)).tolist()) == right


def test_within_a_language_no_order_changes(vectors: Vectors, queries: Vectors) -> None:
    languages = labels(*["han", "other"] * (len(vectors) // 2))
    dense = Dense(vectors, languages)
    for query in queries:
        for rows in (np.arange(0, len(vectors), 2), np.arange(1, len(vectors), 2)):
            found = dense.nearest(query, len(vectors), rows)
            expected = rows[np.argsort(-(vectors[rows] @ query), kind="stable")]
            assert found.tolist() == expected.tolist()


def test_the_cosines_are_less_by_the_bias() -> None:
    vectors, languages = two_languages()
    dense = Dense(vectors, languages)
    query = vectors[3]
    rows = rows_of(0, EACH, 2 * EACH - 1)
    expected = [float(vectors[row] @ query) - bias(dense, query, row) for row in rows.tolist()]
    np.testing.assert_allclose(dense.cosines(query, rows), expected, atol=1e-6)
    assert bias(dense, query, 0) > 0 > bias(dense, query, EACH)


def test_a_language_of_a_single_text_is_centred_by_half() -> None:
    vectors, languages = two_languages()
    few = np.concatenate([np.arange(EACH), [EACH]])
    query = vectors[EACH]
    whole = float(query @ (vectors[EACH] - vectors[few].mean(axis=0)))
    dense = Dense(vectors[few], languages[few])
    assert bias(dense, query, EACH) == pytest.approx(whole / 2)


def test_among_limits_the_rows(vectors: Vectors) -> None:
    dense = Dense(vectors, labels(*["han"] * len(vectors)))
    query = vectors[4]
    assert dense.nearest(query, 1).tolist() == [4]
    assert set(dense.nearest(query, 10, rows_of(7, 3, 9)).tolist()) == {3, 7, 9}
    assert dense.nearest(query, 1, rows_of(4, 9)).tolist() == [4]
    assert dense.nearest(query, 10, rows_of()).tolist() == []


def test_an_empty_index_finds_nothing(vectors: Vectors) -> None:
    dense = Dense(np.empty((0, 16), np.float32), labels())
    assert dense.nearest(vectors[0], 5).tolist() == []
    assert dense.cosines(vectors[0], rows_of()).tolist() == []


def test_more_than_there_are_gives_all(vectors: Vectors) -> None:
    dense = Dense(vectors[:3], labels("han", "han", "other"))
    assert sorted(dense.nearest(vectors[0], 100).tolist()) == [0, 1, 2]


def test_half_precision_leaves_no_trace() -> None:
    """Rows that half precision cannot tell apart, among many: the nearest are exact all the same,
    in order, the first of equal ones first."""
    generator = np.random.default_rng(9)
    centre = unit(generator.standard_normal((1, 16), np.float32))
    close = unit(centre + 1e-4 * generator.standard_normal((300, 16), np.float32))
    vectors = np.concatenate([close, close[::-1], unit(-centre)])
    dense = Dense(vectors, labels(*["han"] * len(vectors)))
    for query in close[:5]:
        expected = np.argsort(-dense.cosines(query, np.arange(len(vectors))), kind="stable")
        assert dense.nearest(query, 20).tolist() == expected[:20].tolist()


def test_a_search_leaves_other_threads_alone(vectors: Vectors) -> None:
    threads = torch.get_num_threads()
    Dense(vectors, labels(*["han"] * len(vectors))).nearest(vectors[0], 1)
    assert torch.get_num_threads() == threads
