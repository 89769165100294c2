"""What an HTML page states about itself in its head, in the words that sites use for it."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date

from selectolax.lexbor import LexborHTMLParser

# The names of <meta>, best first, in lower case: Open Graph, Dublin Core, the tags that the
# websites of Chinese administrations are to carry, and what else is common.
_NAMES = {
    "title": ("articletitle", "og:title", "dc.title", "dcterms.title", "citation_title"),
    "publisher": (
        "contentsource", "dc.publisher", "dcterms.publisher", "publisher", "sitename",
        "og:site_name", "citation_publisher",
    ),
    "date": (
        "pubdate", "article:published_time", "datepublished", "dc.date.issued", "dcterms.issued",
        "dc.date", "dcterms.date", "publishdate", "citation_publication_date", "date",
    ),
    "language": ("dc.language", "dcterms.language", "content-language", "og:locale"),
}  # fmt: skip
_DATE = re.compile(r"\s*(\d{4})(?:\s*[-/.年]\s*(\d{1,2})(?:\s*[-/.月]\s*(\d{1,2}))?)?(?!\d)")


def page_meta(page: LexborHTMLParser) -> Mapping[str, str]:
    """Title, publisher, date and language where they are stated; else they are left out."""
    stated: dict[str, str] = {}
    for tag in page.css("meta"):
        fields = tag.attributes
        name = fields.get("name") or fields.get("property") or fields.get("itemprop")
        name = (name or fields.get("http-equiv") or "").lower()
        stated.setdefault(name, " ".join((fields.get("content") or "").split()))
    found = {
        key: next((stated[name] for name in names if stated.get(name)), "")
        for key, names in _NAMES.items()
    }
    title = page.css_first("head > title")
    root = page.css_first("html")
    found["title"] = found["title"] or (" ".join(title.text().split()) if title else "")
    found["language"] = (root and root.attributes.get("lang")) or found["language"]
    found["date"] = iso_date(found["date"])
    return {key: value for key, value in found.items() if value}


def iso_date(text: str) -> str:
    """The ISO date that a text begins with, as precise as it is; nothing where there is none."""
    found = _DATE.match(text)
    if not found:
        return ""
    year, month, day = (int(part) if part else None for part in found.groups())
    try:
        date(year or 0, month or 1, day or 1)
    except ValueError:
        return ""
    parts = (f"{year:04}", *(f"{part:02}" for part in (month, day) if part is not None))
    return "-".join(parts)
