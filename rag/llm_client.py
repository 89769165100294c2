"""One client for every endpoint that speaks OpenAI's chat completions: llama.cpp, Ollama, vLLM."""

from __future__ import annotations

import json
from collections.abc import Generator, Iterator, Sequence
from dataclasses import dataclass
from time import monotonic

import httpx

from index.errors import ModelError

# One or two sentences, in Chinese too, of which a small model's tokens hold half a character; what
# goes on and on is cut off there, and after as many characters where the endpoint does not do it.
_MOST_TOKENS = 96
_LONGEST = 2_000
# In seconds: a server that is there takes the call at once.
_CONNECT = 5.0

Pieces = Generator[str, None, None]  # which can be closed


@dataclass(frozen=True, slots=True)
class Message:
    role: str
    content: str


@dataclass(frozen=True, slots=True)
class Endpoint:
    """`base_url` ends before /chat/completions; `timeout` is in seconds, of a whole answer."""

    base_url: str
    model: str = ""
    key: str = ""
    timeout: float = 120.0

    def stream(self, messages: Sequence[Message]) -> Pieces:
        """What the model says, piece by piece. Raises ModelError where it cannot be reached, is
        too slow, answers with an error or breaks off, which the pieces before do not tell."""
        url = f"{self.base_url.rstrip('/')}/chat/completions"
        body = {
            "messages": [{"role": m.role, "content": m.content} for m in messages],
            "temperature": 0,
            "max_tokens": _MOST_TOKENS,
            "stream": True,
            **({"model": self.model} if self.model else {}),
        }
        headers = {"Authorization": f"Bearer {self.key}"} if self.key else {}
        # One deadline for all: each piece of a stream may be in time and the whole never end.
        deadline = monotonic() + self.timeout
        limits = httpx.Timeout(self.timeout, connect=min(_CONNECT, self.timeout))
        try:
            # The environment's proxies are not for a model that the user has named.
            with (
                httpx.Client(timeout=limits, trust_env=False) as client,
                client.stream("POST", url, json=body, headers=headers) as response,
            ):
                if response.status_code != httpx.codes.OK:
                    raise ModelError(
                        f"The model at {self.base_url} answered {response.status_code}.",
                        "Check llm.base_url, llm.model and llm.key.",
                    )
                yield from _pieces(response, deadline, self)
        except (httpx.TimeoutException, TimeoutError) as error:
            raise ModelError(
                f"The model at {self.base_url} took more than {self.timeout:g} seconds.",
                "Name a smaller model, or raise llm.timeout.",
            ) from error
        except (httpx.HTTPError, httpx.InvalidURL) as error:
            raise ModelError(
                f"The model at {self.base_url} cannot be reached: {error}.",
                "Start it, or correct llm.base_url.",
            ) from error


def _pieces(response: httpx.Response, deadline: float, endpoint: Endpoint) -> Iterator[str]:
    """Those of a stream of server-sent events."""
    length = 0
    for line in response.iter_lines():
        if monotonic() > deadline:
            raise TimeoutError
        data = line.removeprefix("data:").strip() if line.startswith("data:") else ""
        if data == "[DONE]" or length > _LONGEST:
            return
        if data:
            piece = _piece(data, endpoint)
            length += len(piece)
            yield piece
    raise ModelError(
        f"The model at {endpoint.base_url} broke off in the middle.", "Ask again, or see its log."
    )


def _piece(data: str, endpoint: Endpoint) -> str:
    try:
        choices = json.loads(data)["choices"]
        said = str(choices[0]["delta"].get("content") or "") if choices else ""
        return said.encode("utf-8", "replace").decode()  # JSON can bring lone surrogates
    except (ValueError, LookupError, TypeError, AttributeError) as error:
        raise ModelError(
            f"The model at {endpoint.base_url} sent what is no chat completion.",
            "llm.base_url should be that of an OpenAI-compatible endpoint, as a rule …/v1.",
        ) from error
