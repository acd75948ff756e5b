"""The forms and links of a page, as a machine that tries everything reads them."""

from dataclasses import dataclass, field
from html.parser import HTMLParser
from typing import Any
from urllib.parse import urljoin, urlsplit

TYPED = {"date": "2026-01-01", "time": "12:00", "number": "1", "checkbox": "on"}


@dataclass
class Form:
    """Where a form goes, how, and what it would send: something in every field."""

    action: str
    method: str
    fields: dict[str, str] = field(default_factory=dict)


class Page(HTMLParser):
    """What stands on one page."""

    def __init__(self, address: str, text: str) -> None:
        super().__init__()
        self.address, self.links, self.forms = address, [], list[Form]()
        self._form: Form | None = None
        self._select = ""
        self._by_id: dict[str, Form] = {}
        self.feed(text)

    def handle_starttag(self, tag: str, pairs: list[tuple[str, str | None]]) -> None:
        has: dict[str, Any] = dict(pairs)
        if tag == "a" and has.get("href"):
            self.links.append(self._inside(has["href"]))
        elif tag == "form":
            self._form = Form(self._inside(has.get("action") or ""), has.get("method", "get").lower())
            self.forms.append(self._form)
        elif tag in ("input", "textarea", "button", "select", "option") and self._form is not None:
            self._add(tag, has)

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self._form = None

    def _inside(self, address: str) -> str:
        """The path of an address on this site; others lead nowhere."""
        found = urlsplit(urljoin(self.address, address))
        return "" if found.netloc else found.path

    def _add(self, tag: str, has: dict[str, Any]) -> None:
        fields = self._form.fields
        if tag == "select":
            self._select = has.get("name", "")
            fields.setdefault(self._select, "")
        elif tag == "option":
            fields[self._select] = fields.get(self._select) or has.get("value", "")
        elif (name := has.get("name")) and name != "csrfmiddlewaretoken":
            kind = has.get("type", "text")
            said = has.get("value") or TYPED.get(kind, "" if kind == "hidden" else "x")
            fields.setdefault(name, said)
