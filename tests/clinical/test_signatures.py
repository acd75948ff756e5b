"""Only a picture with ink on it counts as drawn by hand."""

import base64
import zlib

import pytest

from clinical.consents.signatures import MOST_BYTES, drawn, has_ink

GREY, COLOUR, SEE_THROUGH = 0, 2, 6
SAMPLES = {GREY: 1, COLOUR: 3, SEE_THROUGH: 4}
ALIASES = {"none": 0, "sub": 1, "up": 2, "average": 3, "paeth": 4}


def chunk(kind, body):
    return len(body).to_bytes(4) + kind + body + zlib.crc32(kind + body).to_bytes(4)


def png(rows, *, width, kind=SEE_THROUGH, head=None, more=b""):
    body = zlib.compress(b"".join(rows))
    head = head or width.to_bytes(4) + len(rows).to_bytes(4) + bytes([8, kind, 0, 0, 0])
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + more + chunk(b"IDAT", body) + chunk(b"IEND", b"")


def filtered(picture, width, samples, how):
    """Rows as a PNG writer filters them, by the standard's own words."""
    before, found = bytes(width * samples), []
    for row in picture:
        said = bytearray([how])
        for at, value in enumerate(row):
            left = row[at - samples] if at >= samples else 0
            above, corner = before[at], before[at - samples] if at >= samples else 0
            said.append((value - guess(how, left, above, corner)) % 256)
        found.append(bytes(said))
        before = row
    return found


def guess(how, left, above, corner):
    if how == ALIASES["paeth"]:
        middle = left + above - corner
        return min((left, above, corner), key=lambda each: abs(middle - each))
    return {0: 0, 1: left, 2: above, 3: (left + above) // 2}[how]


def sheet(kind, how, *, ink=(), width=240, height=80):
    """A sheet of one colour with a dot of another at each place of ``ink``."""
    samples = SAMPLES[kind]
    picture = [bytearray(b"\xf1\xe2\xd3\xff"[:samples] * width) for _ in range(height)]
    for x, y in ink:
        picture[y][x * samples : (x + 1) * samples] = b"\x10\x18\x20\xff"[:samples]
    return png(filtered(picture, width, samples, how), width=width, kind=kind)


def url(image):
    return "data:image/png;base64," + base64.b64encode(image).decode()


@pytest.mark.parametrize("how", ALIASES.values(), ids=ALIASES)
@pytest.mark.parametrize("kind", SAMPLES)
def test_a_blank_sheet_is_no_signature_and_a_stroke_is_one_however_it_was_written(kind, how):
    stroke = [(x, 40) for x in range(50, 90)]

    assert not has_ink(sheet(kind, how))
    assert drawn(url(sheet(kind, how))) == b""
    assert drawn(url(sheet(kind, how, ink=stroke))) == sheet(kind, how, ink=stroke)
    assert has_ink(sheet(kind, how, ink=[(0, 0)]))
    assert has_ink(sheet(kind, how, ink=[(239, 79)]))


GOOD = sheet(SEE_THROUGH, 0, ink=[(20, 20)])
ROWS = [bytes(1 + 4 * 240)] * 80


@pytest.mark.parametrize(
    "image",
    [
        b"",
        b"\x89PNG\r\n\x1a\n",
        b"\x89PNG\r\n\x1a\n" + b"x" * 400,
        GOOD[:-12],
        GOOD[:-1],
        GOOD + b"more",
        GOOD.replace(b"IDAT", b"IDAX"),
        GOOD[:40] + bytes([GOOD[40] ^ 1]) + GOOD[41:],
        b"GIF89a" + GOOD,
        png(ROWS[:40], width=240, head=(240).to_bytes(4) + (80).to_bytes(4) + bytes([8, 6, 0, 0, 0])),
        png([*ROWS, b"more"], width=240, head=(240).to_bytes(4) + (80).to_bytes(4) + bytes([8, 6, 0, 0, 0])),
        png(ROWS, width=240, head=(240).to_bytes(4) + (80).to_bytes(4) + bytes([16, 6, 0, 0, 0])),
        png(ROWS, width=240, head=(240).to_bytes(4) + (80).to_bytes(4) + bytes([8, 6, 0, 0, 1])),
        png(ROWS, width=240, head=b"\0"),
        png([bytes([9]) + bytes(960)] * 80, width=240),
        sheet(GREY, 0, ink=[(1, 1)], width=10, height=10),
        png([bytes(7001)] * 40, width=7000, kind=GREY),
        png([bytes(1 + 4)] * 4, width=1, head=b"\xff\xff\xff\xff" * 2 + bytes([8, 6, 0, 0, 0])),
        png([bytes(1 + 24_000)] * 3000, width=6000),
    ],
)  # fmt: skip
def test_what_is_made_up_damaged_tiny_or_huge_is_none(image):
    assert drawn(url(image)) == b""


def test_what_is_no_data_url_of_a_png_or_too_long_is_none():
    coded = base64.b64encode(GOOD).decode()

    assert drawn(url(GOOD)) == GOOD
    assert drawn(coded) == b""
    assert drawn(f"data:image/svg+xml;base64,{coded}") == b""
    assert drawn(f"data:image/png;base64,{coded}\n") == b""
    assert drawn(url(GOOD[:-12] + chunk(b"teXt", bytes(MOST_BYTES)) + GOOD[-12:])) == b""
