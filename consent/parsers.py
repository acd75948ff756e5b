"""JSON from outside, read strictly: depth, duplicate keys and size have limits."""

import json
from collections.abc import Mapping
from typing import IO, Any

from django.conf import settings
from rest_framework.exceptions import APIException, ParseError
from rest_framework.parsers import BaseParser

from consent.texts import BIDI_CONTROLS

MAX_DEPTH = 32


class TooLarge(APIException):
    """The body is longer than this service reads."""

    status_code = 413
    default_detail = "too large"


class StrictJSONParser(BaseParser):
    """RFC 8259 and no more: no duplicate names, no NaN, at most 32 levels, no control of text direction."""

    media_type = "application/json"

    def parse(
        self,
        stream: IO[bytes],
        media_type: str | None = None,
        parser_context: Mapping[str, Any] | None = None,
    ) -> Any:
        """The body's value.

        Raises:
            TooLarge: it is longer than ``DATA_UPLOAD_MAX_MEMORY_SIZE``.
            ParseError: it is not strict JSON; the message names the kind, not the place's content.
        """
        raw = stream.read(settings.DATA_UPLOAD_MAX_MEMORY_SIZE + 1)
        if len(raw) > settings.DATA_UPLOAD_MAX_MEMORY_SIZE:
            raise TooLarge
        try:
            text = raw.decode("utf-8")
        except UnicodeDecodeError:
            raise ParseError("not UTF-8") from None
        _check_depth(text)
        try:
            value = json.loads(text, object_pairs_hook=_no_duplicates, parse_constant=_no_constant)
        except (ValueError, RecursionError):
            raise ParseError("not strict JSON") from None
        _check_text(value)
        return value


def _check_depth(text: str) -> None:
    """Count brackets outside strings, before a parser recurses into them."""
    depth, in_string, escaped = 0, False, False
    for character in text:
        if in_string:
            if escaped:
                escaped = False
            elif character == "\\":
                escaped = True
            elif character == '"':
                in_string = False
        elif character == '"':
            in_string = True
        elif character in "[{":
            depth += 1
            if depth > MAX_DEPTH:
                raise ParseError("nested too deep")
        elif character in "]}":
            depth -= 1


def _no_duplicates(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise ValueError("duplicate name")
    return found


def _no_constant(name: str) -> Any:
    raise ValueError("not a JSON number")


def _check_text(value: Any) -> None:
    """Refuse NUL, lone surrogates and bidi controls in any string: they hide what a text says."""
    if isinstance(value, str):
        if "\x00" in value or set(value) & BIDI_CONTROLS or any("\ud800" <= c <= "\udfff" for c in value):
            raise ParseError("a text holds characters that hide what it says")
    elif isinstance(value, dict):
        for key, item in value.items():
            _check_text(key)
            _check_text(item)
    elif isinstance(value, list):
        for item in value:
            _check_text(item)
