"""The one settings object: defaults < `yuanwen.toml` in the data folder < YUANWEN_* < options."""

from __future__ import annotations

import os
import re
from pathlib import Path
from tomllib import TOMLDecodeError
from typing import Annotated, Any, Literal

from platformdirs import user_cache_path, user_data_path
from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    SecretStr,
    ValidationError,
)
from pydantic_core import PydanticCustomError
from pydantic_settings import (
    BaseSettings,
    NoDecode,
    PydanticBaseSettingsSource,
    SettingsConfigDict,
    TomlConfigSettingsSource,
)

from index.errors import SettingsError
from index.records import Ingredient

PREFIX = "YUANWEN_"


def _names(value: object) -> object:
    """In the environment and on the command line a set is written with commas."""
    if not isinstance(value, str):
        return value
    return [name.strip() for name in value.split(",") if name.strip()]


def _hard_to_guess(token: SecretStr) -> SecretStr:
    """It travels in a header, so that it must be plain text without spaces."""
    if not re.fullmatch(r"[!-~]{16,}", token.get_secret_value()):
        raise PydanticCustomError("token", "a token is 16 ASCII characters or more, no spaces")
    return token


Token = Annotated[SecretStr, AfterValidator(_hard_to_guess)]
SECRETS = {"token", "write_token"}


class LlmSettings(BaseModel):
    """Of the generator `llm`: an endpoint that speaks OpenAI's chat completions, or the file of a
    model that Yuanwen serves by itself. `timeout` is in seconds, of a whole answer."""

    model_config = ConfigDict(extra="forbid", frozen=True, protected_namespaces=())

    base_url: str = ""
    model: str = ""
    key: SecretStr = SecretStr("")
    model_path: Path | None = None
    timeout: float = Field(default=120, gt=0)
    # What becomes of a sentence that no quote supports: left out, or shown as unsupported.
    unsupported: Literal["omit", "mark"] = "omit"


class Settings(BaseSettings):
    """Every setting there is. Unknown keys are errors, in the file and in the environment."""

    model_config = SettingsConfigDict(
        env_prefix=PREFIX, env_nested_delimiter="__", extra="forbid", frozen=True
    )

    data: Path = Field(default_factory=lambda: user_data_path("yuanwen"))
    cache: Path = Field(default_factory=lambda: user_cache_path("yuanwen"))
    encoder: str = "multilingual-e5-small"
    retriever: Literal["hybrid", "bm25", "dense", "rrf"] = "hybrid"
    # NoDecode: else the environment's text is expected to be JSON.
    without: Annotated[frozenset[Ingredient], NoDecode, BeforeValidator(_names)] = frozenset()
    generator: str = "extractive"
    # A name in `rag.readers`, or a .safetensors file.
    reader: str = "trained"
    llm: LlmSettings = LlmSettings()
    top_k: int = Field(default=5, ge=1, le=50)
    threshold: float = Field(default=0.15, ge=0, le=1)
    host: str = "127.0.0.1"
    port: int = Field(default=7860, ge=0, le=65535)
    # Who serves beyond this machine must set the first; without the second, nobody changes.
    token: Token | None = None
    write_token: Token | None = None
    # Requests of one client in a minute, where there are tokens.
    rate_limit: int = Field(default=600, ge=1)
    log_questions: bool = False

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """The first source that names a key wins."""
        options = init_settings()
        data = options.get("data") or env_settings().get("data") or user_data_path("yuanwen")
        file = TomlConfigSettingsSource(settings_cls, toml_file=Path(data) / "yuanwen.toml")
        return init_settings, env_settings, file


def changed(settings: Settings, **values: Any) -> Settings:
    """The same settings but for some, checked like any other."""
    return Settings(**{**settings.model_dump(), **values})


def load_settings(**options: Any) -> Settings:
    """Build the settings once, at a door; options that are None were not given.

    Raises SettingsError for an unknown key or a wrong value, wherever it stands.
    """
    known = ", ".join(Settings.model_fields)
    for name in os.environ:
        key = name[len(PREFIX) :].lower().split("__")[0]
        if name.upper().startswith(PREFIX) and key not in known.split(", "):
            raise SettingsError(
                f"The environment has {name}, which is no setting.",
                f"The settings are: {known} (in the environment {PREFIX}DATA and so on).",
            )
    try:
        return Settings(**{name: value for name, value in options.items() if value is not None})
    except ValidationError as error:
        first = error.errors()[0]
        name = ".".join(str(part) for part in first["loc"])
        if first["type"] == "extra_forbidden":
            raise SettingsError(
                f"'{name}' (= {first['input']!r}) is no setting.", f"The settings are: {known}."
            ) from error
        value = "a value that is not shown" if name in SECRETS else f"the value {first['input']!r}"
        raise SettingsError(
            f"The setting '{name}' has {value}: {first['msg']}.",
            f"Correct it in yuanwen.toml, in {PREFIX}{name.upper()} or on the command line.",
        ) from error
    except (TOMLDecodeError, UnicodeDecodeError) as error:
        raise SettingsError(
            f"yuanwen.toml in the data folder is not valid TOML: {error}.",
            "Each line should read: name = value",
        ) from error
