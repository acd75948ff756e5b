"""A drawn signature: a picture that is one, of a size that a sheet on a screen has, with ink on it."""

import base64
import binascii
import zlib
from collections.abc import Iterator
from functools import lru_cache

PREFIX = "data:image/png;base64,"
BEGINNING = b"\x89PNG\r\n\x1a\n"
MOST_BYTES = 400_000
LEAST_SIZE, MOST_SIZE = (100, 30), (6000, 3000)  # pixels; a phone draws three for one
MOST_PIXELS = 6_000_000
SAMPLES = {0: 1, 2: 3, 4: 2, 6: 4}  # bytes a pixel of a colour type, eight bits each; a canvas makes these
NONE, SUB, UP, AVERAGE, PAETH = range(5)  # how a row was filtered (PNG, section 9)


class NoPicture(ValueError):
    """The bytes are no PNG that a canvas makes."""


def drawn(data_url: str) -> bytes:
    """The PNG of a drawn signature; nothing where there is none, or it is none, or it is blank."""
    if not data_url.startswith(PREFIX) or len(data_url) > len(PREFIX) + MOST_BYTES * 4 // 3 + 4:
        return b""
    try:
        image = base64.b64decode(data_url.removeprefix(PREFIX), validate=True)
        return image if has_ink(image) else b""
    except (binascii.Error, NoPicture):
        return b""


def has_ink(image: bytes) -> bool:
    """Has the PNG more than one colour?

    Raises:
        NoPicture: it is no PNG, or none of a sheet's size.
    """
    chunks = list(_chunks(image))
    if [kind for kind, _ in chunks[:1]] != [b"IHDR"] or chunks[-1] != (b"IEND", b""):
        raise NoPicture("no beginning or no end")
    width, height, samples = _shape(chunks[0][1])
    row, inflater = 1 + width * samples, zlib.decompressobj()
    try:
        packed = b"".join(body for kind, body in chunks if kind == b"IDAT")
        pixels = inflater.decompress(packed, row * height + 1)
    except zlib.error:
        raise NoPicture("not packed as a PNG is") from None
    if len(pixels) != row * height or not inflater.eof or inflater.unused_data:
        raise NoPicture("more or less than its size says")
    paper = _first_pixel(pixels, samples)
    rows = (pixels[start : start + row] for start in range(0, len(pixels), row))
    return any(_blank_row(each[0], number == 0, paper, width) != each[1:] for number, each in enumerate(rows))


def _chunks(image: bytes) -> Iterator[tuple[bytes, bytes]]:
    if not image.startswith(BEGINNING):
        raise NoPicture("not a PNG")
    at = len(BEGINNING)
    while at < len(image):
        length = int.from_bytes(image[at : at + 4])
        kind, body = image[at + 4 : at + 8], image[at + 8 : at + 8 + length]
        if image[at + 8 + length : at + 12 + length] != zlib.crc32(kind + body).to_bytes(4):
            raise NoPicture("a part is damaged")
        yield kind, body
        at += 12 + length


def _shape(head: bytes) -> tuple[int, int, int]:
    """Width, height and bytes a pixel."""
    width, height, rest = int.from_bytes(head[:4]), int.from_bytes(head[4:8]), tuple(head[8:])
    if len(rest) != 5 or rest[0] != 8 or rest[1] not in SAMPLES or rest[2:] != (0, 0, 0):
        raise NoPicture("not as a canvas makes it")
    fits = LEAST_SIZE[0] <= width <= MOST_SIZE[0] and LEAST_SIZE[1] <= height <= MOST_SIZE[1]
    if not fits or width * height > MOST_PIXELS:
        raise NoPicture("no sheet's size")
    return width, height, SAMPLES[rest[1]]


def _first_pixel(pixels: bytes, samples: int) -> bytes:
    """The first pixel stands as it is, whichever filter its row has: nothing precedes it."""
    return pixels[1 : 1 + samples]


@lru_cache(maxsize=20)
def _blank_row(filtered: int, is_first: bool, paper: bytes, width: int) -> bytes:
    """How a row of nothing but ``paper`` is written with that filter; so a sheet is read without undoing them."""
    nothing, rest = bytes(len(paper)), width - 1
    half = bytes(sample - sample // 2 for sample in paper)
    first_rows = {NONE: paper * width, SUB: paper + nothing * rest, UP: paper * width,
                  AVERAGE: paper + half * rest, PAETH: paper + nothing * rest}  # fmt: skip
    later_rows = {NONE: paper * width, SUB: paper + nothing * rest, UP: nothing * width,
                  AVERAGE: half + nothing * rest, PAETH: nothing * width}  # fmt: skip
    try:
        return (first_rows if is_first else later_rows)[filtered]
    except KeyError:
        raise NoPicture("a filter that is none") from None
