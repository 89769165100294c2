from pathlib import Path

import pytest

from index.errors import SettingsError
from rag.settings import Settings, load_settings
from tests.rag.makers import write


def test_the_defaults(tmp_path: Path) -> None:
    settings = load_settings(data=tmp_path)
    assert (settings.top_k, settings.retriever, settings.generator) == (5, "hybrid", "extractive")
    assert settings.host == "127.0.0.1"
    assert settings == load_settings(data=tmp_path, top_k=None, host=None)


def test_an_option_is_above_the_environment_and_that_above_the_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write(tmp_path / "yuanwen.toml", 'top_k = 7\nport = 1234\nretriever = "bm25"\n')
    monkeypatch.setenv("YUANWEN_TOP_K", "8")
    monkeypatch.setenv("YUANWEN_PORT", "2345")
    settings = load_settings(data=tmp_path, top_k=9)
    assert (settings.top_k, settings.port, settings.retriever) == (9, 2345, "bm25")


def test_the_file_stands_in_the_data_folder_wherever_that_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write(tmp_path / "one" / "yuanwen.toml", "top_k = 7\n")
    write(tmp_path / "two" / "yuanwen.toml", "top_k = 8\n")
    monkeypatch.setenv("YUANWEN_DATA", str(tmp_path / "one"))
    assert load_settings().top_k == 7
    assert load_settings(data=tmp_path / "two").top_k == 8


@pytest.mark.parametrize("name", ["YUANWEN_COLOUR", "yuanwen_colour", "YUANWEN_"])
def test_an_unknown_variable_is_named_with_the_choices(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    monkeypatch.setenv(name, "blue")
    with pytest.raises(SettingsError, match=name) as caught:
        load_settings(data=tmp_path)
    assert all(setting in caught.value.hint for setting in Settings.model_fields)


def test_an_unknown_key_of_the_file_is_named_with_the_choices(tmp_path: Path) -> None:
    write(tmp_path / "yuanwen.toml", 'colour = "blue"\n')
    with pytest.raises(SettingsError, match=r"'colour'.*'blue'") as caught:
        load_settings(data=tmp_path)
    assert "threshold" in caught.value.hint


def test_an_unknown_option_is_named(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match="colour"):
        load_settings(data=tmp_path, colour="blue")


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("top_k", "0"),
        ("top_k", "51"),
        ("top_k", "many"),
        ("threshold", "1.5"),
        ("threshold", "-0.1"),
        ("threshold", "nan"),
        ("retriever", "guess"),
        ("port", "65536"),
    ],
)
@pytest.mark.parametrize("where", ["option", "environment", "file"])
def test_a_wrong_value_is_named_wherever_it_stands(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str, value: str, where: str
) -> None:
    options = {}
    if where == "option":
        options[name] = value
    elif where == "environment":
        monkeypatch.setenv(f"YUANWEN_{name.upper()}", value)
    else:
        write(tmp_path / "yuanwen.toml", f'{name} = "{value}"\n')
    with pytest.raises(SettingsError, match=f"'{name}'.*'{value}'") as caught:
        load_settings(data=tmp_path, **options)
    assert f"YUANWEN_{name.upper()}" in caught.value.hint


@pytest.mark.parametrize(
    "token", ["", "short", "sixteen characters", "口令口令口令口令口令口令口令口令"]
)
@pytest.mark.parametrize("name", ["token", "write_token"])
def test_a_token_is_hard_to_guess_and_never_shown(tmp_path: Path, name: str, token: str) -> None:
    with pytest.raises(SettingsError, match=f"'{name}'.*16 ASCII") as caught:
        load_settings(data=tmp_path, **{name: token})
    assert not token or token not in caught.value.message
    kept = load_settings(data=tmp_path, **{name: "sixteen-characters"})
    assert "sixteen-characters" not in f"{kept!r} {kept.model_dump_json()}"


@pytest.mark.parametrize("content", [b"top_k = = 7\n", b"top_k = '\xff'\n"])
def test_a_file_that_is_no_toml_is_named(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "yuanwen.toml").write_bytes(content)
    with pytest.raises(SettingsError, match=r"yuanwen\.toml"):
        load_settings(data=tmp_path)
