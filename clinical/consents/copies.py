"""The client's copy: the sheet as a tagged PDF (PDF/UA-1), in the language in which it was read."""

import json
from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Any

from clinical.consents import wording

TEMPLATE = Path(__file__).with_name("copy.typ")


@cache
def _template() -> bytes:
    return TEMPLATE.read_bytes()


def as_pdf(
    sheet: Mapping[str, Any], *, signature: bytes = b"", papers: Sequence[bytes] = (), blank: bool = False,
    taken_back: str = "",
) -> bytes:  # fmt: skip
    """The sheet as a PDF that a screen reader reads: title, language and structure stand in it.

    Args:
        signature: PNG, as drawn; ``papers`` are JPEGs, a page each.
        blank: With lines to sign on paper, and a word that it is worth nothing yet.
        taken_back: The day on which it was taken back, in words.
    """
    import typst  # here, because it is large and few processes ever set a page

    language = sheet["language"]
    words = {key: said.tell(language) for key, said in wording.TITLES.items()}
    notes = (
        [] if sheet["reviewed"] else [wording.DRAFT_TRANSLATION.tell(language), wording.DRAFT_TRANSLATION.en]
    )
    notes = [words["blank"], *notes] if blank else notes
    if taken_back:
        notes = [f"{words['taken_back']}: {taken_back}", *notes]
    data = {
        **{key: sheet[key] for key in ("title", "language", "rows", "statements", "opens", "signing")},
        "words": words, "notes": notes,
        # numbers, because the compiler takes texts alone, and nothing of it may lie on a disk
        "signature": list(signature) or None, "papers": [list(each) for each in papers],
        "lines": [words["sign_line"], words["witness_line"]] if blank else [],
    }  # fmt: skip
    files = {"main.typ": _template(), "data.json": json.dumps(data).encode()}
    made: bytes = typst.compile(files, format="pdf", pdf_standards=["ua-1"], ignore_system_fonts=True)
    return made
