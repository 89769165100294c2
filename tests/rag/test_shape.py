import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag.shape import Shape, shape_of


@pytest.mark.parametrize(
    ("question", "shape"),
    [
        ("青禾区为什么修路？", "why"),
        ("青禾區為何修路？", "why"),
        ("修路的原因是什么？", "why"),
        ("Why did the park close?", "why"),
        ("青禾区有没有地铁？", "yes_no"),
        ("青禾區有地鐵嗎？", "yes_no"),
        ("桥是否通了？", "yes_no"),
        ("Is there a metro in Qinghe?", "yes_no"),
        ("Was it shut when it rained?", "yes_no"),
        ("企业怎么申请补贴？", "how"),
        ("如何办理执照？", "how"),
        ("How do companies apply?", "how"),
        ("青禾区有多少家企业？", "fact"),
        ("区长是谁，知道吗？", "fact"),
        ("你知道桥有多少座吗？", "fact"),
        ("这条路叫什么？", "fact"),
        ("Can you tell me who the head is?", "fact"),
        ("How many parks are there?", "fact"),
        ("", "fact"),
    ],
)
def test_the_shape_of_a_question(question: str, shape: Shape) -> None:
    assert shape_of(question) == shape


@given(st.text())
def test_any_text_has_one(question: str) -> None:
    shape_of(question.encode("utf-8", "replace").decode())
