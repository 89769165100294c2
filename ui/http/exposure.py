"""Whether others could reach a server. Importing this is quick: `serve` refuses at once."""

from __future__ import annotations

from ipaddress import ip_address

from index.errors import SettingsError
from rag.settings import Settings


def check_exposed(settings: Settings) -> None:
    """Raises SettingsError where others could reach a server that asks for no token."""
    if not is_loopback(settings.host) and not settings.token:
        raise SettingsError(
            f"{settings.host} can be reached from other machines, and no token is set.",
            "Set YUANWEN_TOKEN (and YUANWEN_WRITE_TOKEN, for those who may change documents), "
            "each at least 16 characters that nobody can guess; or serve on 127.0.0.1.",
        )


def is_loopback(host: str) -> bool:
    """Does this name or address mean this machine to itself, and to nobody else?"""
    name = host.removeprefix("[").removesuffix("]").lower()
    try:
        return ip_address(name).is_loopback
    except ValueError:
        return name == "localhost"
