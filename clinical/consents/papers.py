"""A photo of a signed paper: its kind is looked at, and it is made again from its pixels before it is kept."""

import hashlib
from dataclasses import dataclass
from io import BytesIO
from typing import IO, Any, Final

from PIL import Image, ImageOps, UnidentifiedImageError

MOST_BYTES: Final = 12_000_000  # of the file as it comes
MOST_PIXELS: Final = 50_000_000  # a phone takes 12 to 50 million
LEAST_SIDE: Final = 200  # pixels: nobody could read a form on less
LONGEST_SIDE: Final = 2000  # pixels of what is kept: a letter page at 180 an inch
KINDS: Final = ("JPEG", "PNG")


class NoPicture(ValueError):
    """It is no photo that can be kept; the words say why, and nothing of what it is."""


@dataclass(frozen=True, kw_only=True)
class Picture:
    """A JPEG that was made here: no place, device or date stands in it, and nothing behind its end."""

    content: bytes
    width: int
    height: int

    @property
    def digest(self) -> str:
        """SHA-256 of the file, hex."""
        return hashlib.sha256(self.content).hexdigest()


def picture_of(file: IO[bytes]) -> Picture:
    """The photo, upright, no longer than `LONGEST_SIDE`, with nothing but its pixels.

    Raises:
        NoPicture: another kind of file, damaged, far too large or too small.
    """
    try:
        with Image.open(file, formats=KINDS) as found:
            _check(found)
            upright = ImageOps.exif_transpose(found).convert("RGB")
    except NoPicture:
        raise
    except (
        UnidentifiedImageError,
        Image.DecompressionBombError,
        OSError,
        ValueError,
        SyntaxError,
        MemoryError,
    ):
        raise NoPicture("This file is no photo that can be kept: take a JPEG or PNG.") from None
    upright.thumbnail((LONGEST_SIDE, LONGEST_SIDE))
    clean: Any = Image.new("RGB", upright.size)
    clean.paste(upright)
    made = BytesIO()
    clean.save(made, "JPEG", quality=75, optimize=True)
    return Picture(content=made.getvalue(), width=clean.width, height=clean.height)


def _check(found: Image.Image) -> None:
    """Its size is known before a pixel is unpacked."""
    width, height = found.size
    if width * height > MOST_PIXELS:
        raise NoPicture("This photo is too large: take one of fewer pixels.")
    if min(width, height) < LEAST_SIDE:
        raise NoPicture("This photo is too small: nobody could read the form on it.")
