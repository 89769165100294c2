"""Small talk is what asks nothing at all; the reply says what the collection covers."""

import pytest

from index.records import DocumentInfo
from rag.language import Language, language_of
from rag.small_talk import small_reply, small_talk


def document(title: str | None, source: str = "a.md") -> DocumentInfo:
    return DocumentInfo(source, source, "", 1, 1, title=title)


@pytest.mark.parametrize(
    ("act", "texts"),
    [
        (
            "greeting",
            "你好 你好呀！ 您好， 嗨，早上好 哈囉～ Ｈｅｌｌｏ 老師好 大家早上好 hi你好 早安☀️",
        ),
        ("greeting", "在吗？ 在不在 有人嗎"),
        ("thanks", "谢谢 謝謝！！ 谢谢你的解答 多谢啦 辛苦了 thx 感謝您🙏"),
        ("goodbye", "再见 再見 拜拜👋 回头见 晚安 bye! 掰掰～"),
        ("apology", "对不起 不好意思，打擾了 抱歉 sorry"),
        ("about", "你是谁？ 妳是誰 你叫什么名字 你能做什么？ 你會什麼 有什么内容？ 這裡有什麼內容"),
        (
            "about",
            "怎么用 如何使用 我能问什么 可以问些什么问题 介绍一下你自己",
        ),
        ("about", "文档里有什么 里面有哪些 你可以回答什么问题"),
        ("interjection", "嗯嗯 哦 好的 明白了 知道了 哈哈哈哈 太好了 ok 不客气 請問"),
    ],
)
def test_small_talk_of_every_kind(act: str, texts: str) -> None:
    assert {text: small_talk(text) for text in texts.split()} == dict.fromkeys(texts.split(), act)


@pytest.mark.parametrize(
    ("text", "act"),
    [
        ("hello there", "greeting"),
        ("Hi, how are you doing today?", "greeting"),
        ("What’s up", "greeting"),
        ("Good morning, everyone!", "greeting"),
        ("hello 你好", "greeting"),
        ("Thank you so much!", "thanks"),
        ("thanks a lot for your help", "thanks"),
        ("see you tomorrow", "goodbye"),
        ("Excuse me", "apology"),
        ("Who are you?", "about"),
        ("What can you do for me?", "about"),
        ("What documents do you have?", "about"),
        ("OK, great, thanks", "interjection"),
        ("I see.", "interjection"),
    ],
)
def test_small_talk_in_several_words(text: str, act: str) -> None:
    assert small_talk(text) == act


@pytest.mark.parametrize(
    "text",
    [
        "你好，青禾区有多少家企业？",
        "謝謝，白露區多大？",
        "Hello, how many schools are there?",
        "How many companies, thanks",
        "谢村有多少人",
        "谢行长是谁",
        "谢谢镇在哪里",
        "你好镇的镇长是谁",
        "早稻产量",
        "早市",
        "太行",
        "在建项目",
        "可以贷款吗",
        "有什么政策",
        "有什么内容是关于白露區的",
        "你能做什么蛋糕",
        "好孩子有哪些",
        "对口支援",
        "hi-tech zone area?",
        "Goodbye Lane",
        "Good Hope",
        "Thanksgiving",
        "What is the area?",
        "help desk phone",
        "青禾区",
        "2022",
        "什么",
        "为什么？",
        "who",
        "the",
        "你",
        "？",
        "😀",
        "",
    ],
)
def test_what_may_ask_something_is_no_small_talk(text: str) -> None:
    assert small_talk(text) is None


def test_a_long_repetition_is_told_at_once() -> None:
    assert small_talk("哈" * 100_000) == "interjection"
    assert small_talk("哈" * 100_000 + "青禾") is None


def test_the_reply_is_in_kind_and_names_what_the_collection_covers() -> None:
    two = [document("青禾区"), document(None, "b/islet.txt")]
    assert small_reply("greeting", "zh-Hans", two) == (
        "你好！我只用文档的原文回答问题。这里有 2 篇文档：《青禾区》、《b/islet.txt》。"
        "请就它们的内容提问。"
    )
    assert small_reply("thanks", "zh-Hant", two) == (
        "不客氣！我只用文件的原文回答問題。這裡有 2 篇文件：《青禾区》、《b/islet.txt》。"
        "請就它們的內容提問。"
    )
    assert small_reply("interjection", "en", two) == (
        "I answer in the words of the documents here (2): “青禾区”, “b/islet.txt”. "
        "Ask me about them."
    )


@pytest.mark.parametrize(
    ("language", "titles"),
    [
        ("zh-Hans", "这里有 4 篇文档：《甲》、《乙》、《丙》……请"),
        ("zh-Hant", "這裡有 4 篇文件：《甲》、《乙》、《丙》……請"),
        ("en", "(4): “甲”, “乙”, “丙”, … Ask"),
    ],
)
def test_at_most_three_titles_are_named(language: Language, titles: str) -> None:
    reply = small_reply("greeting", language, [document(title) for title in "甲乙丙丁"])
    assert titles in reply
    assert "丁" not in reply


@pytest.mark.parametrize("language", ["zh-Hans", "zh-Hant", "en"])
@pytest.mark.parametrize("act", ["greeting", "thanks", "goodbye", "apology", "about"])
def test_every_reply_is_in_its_language_and_script(language: Language, act: str) -> None:
    assert language_of(small_reply(act, language, [document("Star Islet")])) == language
    assert language_of(small_reply(act, language, [])) == language


@pytest.mark.parametrize(
    ("language", "said"), [("zh-Hans", "还没有"), ("zh-Hant", "還沒有"), ("en", "empty")]
)
def test_an_empty_collection_says_how_to_fill_it(language: Language, said: str) -> None:
    reply = small_reply("about", language, [])
    assert said in reply
    assert "yuanwen index" in reply
