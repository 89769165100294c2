"""What stands in the HTML of a turn."""

from __future__ import annotations

from html.parser import HTMLParser


class Marks(HTMLParser):
    """The text of every element that has an id, and all tags that were opened."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.texts: dict[str, str] = {}
        self._open: list[str] = []
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self._open.append(dict(attrs).get("id") or "")

    def handle_endtag(self, tag: str) -> None:
        self._open.pop()

    def handle_data(self, data: str) -> None:
        for name in filter(None, self._open):
            self.texts[name] = self.texts.get(name, "") + data


class Places(HTMLParser):
    """What a click opens: the places of the links to citations; and of the cards each list's name,
    the place in it, and the text of the passage under the title that is clicked."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.of_links: list[int] = []
        self.of_cards: list[tuple[str, int, str]] = []
        self._in_passage = False
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if given.get("data-do") == "place" and tag == "a":
            assert given["data-list"] == "citations"
            self.of_links.append(int(given["data-n"]))
        elif given.get("data-do") == "place":
            self.of_cards.append((given["data-list"], int(given["data-n"]), ""))
        self._in_passage = self._in_passage or given.get("class") == "yw-passage"

    def handle_endtag(self, tag: str) -> None:
        self._in_passage = self._in_passage and tag != "p"

    def handle_data(self, data: str) -> None:
        if self._in_passage:
            name, place, text = self.of_cards[-1]
            self.of_cards[-1] = (name, place, text + data)
