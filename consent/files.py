"""Which pages ask for a file, and how much they take: everywhere else one is refused unread."""

from collections.abc import Callable
from typing import Any, TypeVar

from django.http import HttpResponseBase

View = TypeVar("View", bound=Callable[..., HttpResponseBase])


def takes_files(*, most_bytes: int) -> Callable[[View], View]:
    """Declare that a view's forms bring files, of ``most_bytes`` together.

    The files are held in memory alone: what is about a person lies in no temporary folder. It is
    the outermost decorator, because the body is read before any other is asked.
    """

    def mark(view: View) -> View:
        view.takes_bytes = most_bytes  # type: ignore[attr-defined]
        return view

    return mark


def bytes_taken(view: Callable[..., Any]) -> int:
    """How many bytes of files the view takes; 0 where it asks for none."""
    return int(getattr(view, "takes_bytes", 0))
