from typing import get_args

import pytest

from rag.answer import Reason
from rag.language import REFUSALS, Language, in_script, language_of


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("青禾区投资多少？", "zh-Hans"),
        ("青禾區投資多少？", "zh-Hant"),
        ("山水", "zh-Hans"),  # the same in both scripts
        ("How many schools?", "en"),
        ("Star Islet 投資多少？", "zh-Hant"),
        ("12 %", "en"),
        ("😀", "en"),
        ("", "en"),
    ],
)
def test_a_text_has_a_language_and_a_script(text: str, language: Language) -> None:
    assert language_of(text) == language


def test_the_script_of_most_characters_wins() -> None:
    assert language_of("區投资发展经济") == "zh-Hans"
    assert language_of("区投資發展經濟") == "zh-Hant"


def test_what_the_system_says_is_put_in_the_script_of_the_language() -> None:
    said = {language: in_script("约8.5万亩", language) for language in get_args(Language)}
    assert said == {"zh-Hans": "约8.5万亩", "zh-Hant": "約8.5萬畝", "en": "约8.5万亩"}


def test_every_refusal_is_said_in_every_language() -> None:
    assert REFUSALS.keys() == set(get_args(Reason)) - {"small_talk"}
    for said in REFUSALS.values():
        assert {language_of(text) for text in said.values()} == said.keys()
        assert all(language_of(text) == language for language, text in said.items())


def test_only_what_is_unsupported_is_named() -> None:
    named = {reason for reason, said in REFUSALS.items() if "{missing}" in "".join(said.values())}
    assert named == {"unsupported"}
    assert all("{missing}" in text for text in REFUSALS["unsupported"].values())
