"""A file that came from somewhere: is it what a record may keep, and what is kept of it?

A picture is made again from its pixels and a PDF from its pages, so that no place, device or author stands in
them any more, nothing runs when they are opened, and nothing lies behind their end. The name and the type that
came with the file are never looked at.
"""

from dataclasses import dataclass
from io import BytesIO
from typing import IO, Any, Final

from PIL import Image, ImageOps, UnidentifiedImageError
from pypdf import PdfReader, PdfWriter
from pypdf.errors import PyPdfError
from pypdf.generic import ArrayObject, DictionaryObject, NameObject

from clinical.documents.models import Document

MOST_BYTES: Final = 10_000_000
MOST_PAGES: Final = 200
MOST_PIXELS: Final = 50_000_000  # a phone takes 12 to 50 million
LONGEST_SIDE: Final = 3000  # pixels of what is kept
PICTURES: Final = ("JPEG", "PNG")
# What may lie on a page beside its text: fields as they were filled in, marks, links without what they run.
ANNOTATIONS: Final = frozenset(
    {
        "/Widget",
        "/Link",
        "/Highlight",
        "/Underline",
        "/FreeText",
        "/Stamp",
        "/Ink",
        "/Text",
        "/Square",
        "/Circle",
    }
)
RUNS: Final = ("/A", "/AA", "/PA", "/JS")


class NotKept(ValueError):
    """The file can't be kept; the words say why, and nothing of what is in it."""


@dataclass(frozen=True, kw_only=True)
class Paper:
    """What is kept."""

    media: str
    content: bytes


def paper_of(file: IO[bytes]) -> Paper:
    """The file as it is kept.

    Raises:
        NotKept: too large, empty, damaged, locked, or neither a PDF nor a JPEG or PNG picture.
    """
    content = file.read(MOST_BYTES + 1)
    if len(content) > MOST_BYTES:
        raise NotKept("This file is larger than 10 MB.")
    if not content:
        raise NotKept("This file is empty.")
    if content.lstrip()[:5] == b"%PDF-":
        return Paper(media=Document.Media.PDF, content=_pdf(content))
    return Paper(media=Document.Media.JPEG, content=_picture(content))


def _picture(content: bytes) -> bytes:
    try:
        with Image.open(BytesIO(content), formats=PICTURES) as found:
            if found.width * found.height > MOST_PIXELS:
                raise NotKept("This picture is too large: take one of fewer pixels.")
            upright = ImageOps.exif_transpose(found).convert("RGB")
    except NotKept:
        raise
    except (
        UnidentifiedImageError,
        Image.DecompressionBombError,
        OSError,
        ValueError,
        SyntaxError,
        MemoryError,
    ):
        raise NotKept("This is neither a PDF nor a JPEG or PNG picture that can be read.") from None
    upright.thumbnail((LONGEST_SIDE, LONGEST_SIDE))
    clean: Any = Image.new("RGB", upright.size)
    clean.paste(upright)
    made = BytesIO()
    clean.save(made, "JPEG", quality=80, optimize=True)
    return made.getvalue()


def _pdf(content: bytes) -> bytes:
    try:
        reader = PdfReader(BytesIO(content))
        if reader.is_encrypted:
            raise NotKept("This PDF is locked with a password. Save it without one.")
        number = len(reader.pages)
        if not 0 < number <= MOST_PAGES:
            raise NotKept("This PDF has no pages, or more than 200.")
        writer = PdfWriter()
        for page in reader.pages:
            _quieten(writer.add_page(page))
        writer.metadata = None
        made = BytesIO()
        writer.write(made)
    except NotKept:
        raise
    except (PyPdfError, ValueError, TypeError, KeyError, AttributeError, IndexError, RecursionError, OSError):
        raise NotKept("This PDF is damaged and can't be read.") from None
    return made.getvalue()


def _quieten(page: Any) -> None:
    """Take away what runs when the page is opened or touched, and files that hang on it."""
    for name in (*RUNS, "/PieceInfo", "/Metadata", "/AF"):
        page.pop(NameObject(name), None)
    annotations = page.get("/Annots")
    if annotations is None:
        return
    kept = ArrayObject()
    for each in annotations.get_object():
        found = each.get_object()
        if isinstance(found, DictionaryObject) and found.get("/Subtype") in ANNOTATIONS:
            for name in (*RUNS, "/Parent", "/AF"):
                found.pop(NameObject(name), None)
            kept.append(each)
    page[NameObject("/Annots")] = kept
